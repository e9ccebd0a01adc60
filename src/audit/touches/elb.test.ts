import { proveTouches } from '../../../test/touches.ts';
import { ELB } from './elb.ts';

const ROOT = 'arn:aws:elasticloadbalancing:eu-west-1:123456789012';
const BALANCER_ARN = `${ROOT}:loadbalancer/app/web/50dc6c495c0c9188`;
const LISTENER_ARN = `${ROOT}:listener/app/web/50dc6c495c0c9188/f2f7dc8efc522ab2`;
const RULE_ARN = `${ROOT}:listener-rule/app/web/50dc6c495c0c9188/f2f7dc8efc522ab2/9683b2d02a6cabee`;
const TARGETS_ARN = `${ROOT}:targetgroup/web/73e2d6bc24d8a067`;
const BALANCER = `AWS::ElasticLoadBalancingV2::LoadBalancer ${BALANCER_ARN}`;
const LISTENER = `AWS::ElasticLoadBalancingV2::Listener ${LISTENER_ARN}`;
const RULE = `AWS::ElasticLoadBalancingV2::ListenerRule ${RULE_ARN}`;
const TARGETS = `AWS::ElasticLoadBalancingV2::TargetGroup ${TARGETS_ARN}`;
const CLASSIC = 'AWS::ElasticLoadBalancing::LoadBalancer old';
const balancer = { loadBalancerArn: BALANCER_ARN };
const listener = { listenerArn: LISTENER_ARN };
const old = { loadBalancerName: 'old' };
const targets = { targetGroupArn: TARGETS_ARN };

proveTouches(ELB, [
  [
    'CreateLoadBalancer',
    { name: 'web', scheme: 'internet-facing' },
    { loadBalancers: [balancer] },
    `created ${BALANCER}`,
  ],
  [
    'CreateLoadBalancer',
    { ...old, listeners: [{ protocol: 'HTTP' }] },
    { dNSName: 'old-1.eu-west-1.elb.amazonaws.com' },
    `created ${CLASSIC}`,
  ],
  ['DeleteLoadBalancer', balancer, null, `deleted ${BALANCER}`],
  ['DeleteLoadBalancer', old, null, `deleted ${CLASSIC}`],
  [
    'ModifyLoadBalancerAttributes',
    { ...balancer, attributes: [{ key: 'access_logs.s3.enabled', value: 'false' }] },
    null,
    `changed ${BALANCER} [LoadBalancerAttributes]`,
  ],
  [
    'ModifyLoadBalancerAttributes',
    { ...old, loadBalancerAttributes: { accessLog: { enabled: false } } },
    null,
    `changed ${CLASSIC} [AccessLoggingPolicy ConnectionDrainingPolicy ConnectionSettings CrossZone]`,
  ],
  [
    'SetSecurityGroups',
    { ...balancer, securityGroups: ['sg-1'] },
    null,
    `changed ${BALANCER} [SecurityGroups]`,
  ],
  [
    'SetSubnets',
    { ...balancer, subnets: ['subnet-1'] },
    null,
    `changed ${BALANCER} [Subnets SubnetMappings]`,
  ],
  [
    'SetIpAddressType',
    { ...balancer, ipAddressType: 'dualstack' },
    null,
    `changed ${BALANCER} [IpAddressType]`,
  ],
  [
    'CreateListener',
    { ...balancer, port: 80, protocol: 'HTTP' },
    { listeners: [listener] },
    `created ${LISTENER} (of ${BALANCER})`,
  ],
  [
    'ModifyListener',
    { ...listener, sslPolicy: 'ELBSecurityPolicy-2016-08' },
    null,
    `changed ${LISTENER} [SslPolicy]`,
  ],
  ['DeleteListener', listener, null, `deleted ${LISTENER}`],
  [
    'CreateRule',
    { ...listener, priority: 1 },
    { rules: [{ ruleArn: RULE_ARN }] },
    `created ${RULE} (of ${LISTENER})`,
  ],
  ['ModifyRule', { ruleArn: RULE_ARN }, null, `changed ${RULE} [Actions Conditions]`],
  ['DeleteRule', { ruleArn: RULE_ARN }, null, `deleted ${RULE}`],
  ['CreateTargetGroup', { name: 'web' }, { targetGroups: [targets] }, `created ${TARGETS}`],
  ['ModifyTargetGroup', targets, null, `changed ${TARGETS}`],
  ['DeleteTargetGroup', targets, null, `deleted ${TARGETS}`],
  ['CreateLoadBalancerListeners', { ...old, listeners: [] }, null, `changed ${CLASSIC} [Listeners]`],
  [
    'DeleteLoadBalancerListeners',
    { ...old, loadBalancerPorts: [443] },
    null,
    `changed ${CLASSIC} [Listeners]`,
  ],
  ['ApplySecurityGroupsToLoadBalancer', old, null, `changed ${CLASSIC} [SecurityGroups]`],
  ['SetLoadBalancerPoliciesOfListener', old, null, `changed ${CLASSIC} [Listeners Policies]`],
]);
