import { proveInverses } from '../../../test/inverses.ts';
import { ELB_INVERSES, SSM_INVERSES } from './delivery.ts';

const LoadBalancerArn =
  'arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/app/web/50dc6c495c0c9188';
const balancer = { loadBalancerArn: LoadBalancerArn };
const ListenerArn =
  'arn:aws:elasticloadbalancing:eu-west-1:123456789012:listener/app/web/50dc6c495c0c9188/f2f7dc8efc522ab2';
const listener = { listenerArn: ListenerArn };
const attributes = { attributes: [{ key: 'access_logs.s3.enabled', value: 'false' }] };
const on = { Key: 'access_logs.s3.enabled', Value: 'true' };

proveInverses(ELB_INVERSES, [
  [
    'ModifyLoadBalancerAttributes',
    {
      request: { ...balancer, ...attributes },
      before: { LoadBalancerAttributes: [on, { Key: 'idle_timeout.timeout_seconds', Value: '60' }] },
    },
    [['elasticloadbalancing ModifyLoadBalancerAttributes', { LoadBalancerArn, Attributes: [on] }]],
  ],
  [
    'ModifyLoadBalancerAttributes',
    { request: { ...balancer, ...attributes } },
    'unknown: access_logs.s3.enabled',
  ],
  [
    'SetSecurityGroups',
    { request: { ...balancer, securityGroups: ['sg-open'] }, before: { SecurityGroups: ['sg-1'] } },
    [['elasticloadbalancing SetSecurityGroups', { LoadBalancerArn, SecurityGroups: ['sg-1'] }]],
  ],
  [
    'ModifyListener',
    {
      request: { ...listener, sslPolicy: 'ELBSecurityPolicy-2016-08' },
      before: { SslPolicy: 'ELBSecurityPolicy-TLS13-1-2-2021-06', Port: 443 },
    },
    [
      [
        'elasticloadbalancing ModifyListener',
        { ListenerArn, SslPolicy: 'ELBSecurityPolicy-TLS13-1-2-2021-06' },
      ],
    ],
  ],
  [
    'ModifyListener',
    { request: { ...listener, defaultActions: [] }, before: {} },
    'unknown: what the listener',
  ],
  ['DeleteLoadBalancer', { request: balancer }, 'none: a load balancer'],
]);

proveInverses(SSM_INVERSES, [
  [
    'ModifyDocumentPermission',
    { request: { name: 'restart', permissionType: 'Share', accountIdsToAdd: ['all'] } },
    [
      [
        'ssm ModifyDocumentPermission',
        { Name: 'restart', PermissionType: 'Share', AccountIdsToRemove: ['all'] },
      ],
    ],
  ],
]);
