import type { Json } from '../../model/json.ts';
import { isObject, listOf, memberOf, present, textOf, textsOf } from '../members.ts';
import type { Inverse } from '../way-back.ts';
import { backCall, calls, linesOf, noBefore, none, notInRecord, stateBefore, unknown } from './inverse.ts';

const elb = linesOf('elasticloadbalancing.amazonaws.com');
const BALANCER = 'AWS::ElasticLoadBalancingV2::LoadBalancer';
const LISTENER = 'AWS::ElasticLoadBalancingV2::Listener';

/** Members of ModifyListener that have one value, as the record, the schema and the API name them. */
const LISTENER_MEMBERS: Readonly<Record<string, string>> = {
  port: 'Port',
  protocol: 'Protocol',
  sslPolicy: 'SslPolicy',
  certificates: 'Certificates',
  alpnPolicy: 'AlpnPolicy',
};

export const ELB_INVERSES: readonly Inverse[] = [
  elb(
    'ModifyLoadBalancerAttributes',
    BALANCER,
    ['elasticloadbalancing:ModifyLoadBalancerAttributes'],
    (call, states) => {
      const LoadBalancerArn = textOf(call.request, 'loadBalancerArn');
      const keys = listOf(call.request, 'attributes').flatMap((one) => textOf(one, 'key') ?? []);
      if (LoadBalancerArn === undefined || keys.length === 0) return notInRecord(call);
      const before = listOf(stateBefore(states), 'LoadBalancerAttributes');
      const Attributes: Json[] = [];
      for (const key of keys) {
        const known = before.find((one) => textOf(one, 'Key') === key);
        if (!isObject(known)) return noBefore(`${key} of ${LoadBalancerArn}`);
        Attributes.push({ Key: key, Value: textOf(known, 'Value') ?? '' });
      }
      return calls(
        `set ${keys.join(', ')} of ${LoadBalancerArn} as before`,
        backCall('elasticloadbalancing', 'ModifyLoadBalancerAttributes', { LoadBalancerArn, Attributes }),
      );
    },
  ),
  elb('SetSecurityGroups', BALANCER, ['elasticloadbalancing:SetSecurityGroups'], (call, states) => {
    const LoadBalancerArn = textOf(call.request, 'loadBalancerArn');
    if (LoadBalancerArn === undefined) return notInRecord(call);
    const SecurityGroups = textsOf(stateBefore(states), 'SecurityGroups');
    if (SecurityGroups.length === 0) return noBefore(`the groups of ${LoadBalancerArn}`);
    return calls(
      `put ${LoadBalancerArn} into ${SecurityGroups.join(', ')} again`,
      backCall('elasticloadbalancing', 'SetSecurityGroups', { LoadBalancerArn, SecurityGroups }),
    );
  }),
  elb('ModifyListener', LISTENER, ['elasticloadbalancing:ModifyListener'], (call, states) => {
    const ListenerArn = textOf(call.request, 'listenerArn');
    if (ListenerArn === undefined) return notInRecord(call);
    const isSet = (name: string): boolean => (memberOf(call.request, name) ?? null) !== null;
    if (isSet('defaultActions') || isSet('mutualAuthentication'))
      return unknown(`what the listener ${ListenerArn} does with requests is set back as a whole`);
    const set = Object.entries(LISTENER_MEMBERS).filter(([member]) => isSet(member));
    const values = set.map(([, property]) => [property, memberOf(stateBefore(states), property)] as const);
    const missing = values.find(([, value]) => value === undefined);
    if (values.length === 0) return notInRecord(call);
    if (missing !== undefined) return noBefore(`${missing[0]} of the listener ${ListenerArn}`);
    return calls(
      `set ${values.map(([name]) => name).join(', ')} of the listener ${ListenerArn} as before`,
      backCall('elasticloadbalancing', 'ModifyListener', {
        ListenerArn,
        ...present(Object.fromEntries(values)),
      }),
    );
  }),
  elb('DeleteLoadBalancer', BALANCER, [], () =>
    none('a load balancer gets another name in the DNS when it is made again', 'deploy its stack again'),
  ),
];

const ssm = linesOf('ssm.amazonaws.com');

export const SSM_INVERSES: readonly Inverse[] = [
  ssm('ModifyDocumentPermission', 'AWS::SSM::Document', ['ssm:ModifyDocumentPermission'], (call) => {
    const Name = textOf(call.request, 'name');
    const added = textsOf(call.request, 'accountIdsToAdd');
    const removed = textsOf(call.request, 'accountIdsToRemove');
    if (Name === undefined || added.length + removed.length === 0) return notInRecord(call);
    const does = [
      ...(added.length === 0 ? [] : [`no longer share the document ${Name} with ${added.join(', ')}`]),
      ...(removed.length === 0 ? [] : [`share the document ${Name} with ${removed.join(', ')} again`]),
    ];
    return calls(
      does.join(' and '),
      backCall('ssm', 'ModifyDocumentPermission', {
        Name,
        PermissionType: 'Share',
        ...(added.length === 0 ? {} : { AccountIdsToRemove: added }),
        ...(removed.length === 0 ? {} : { AccountIdsToAdd: removed }),
      }),
    );
  }),
];
