import { type Condition, changed, created, deleted, type TouchTable } from './touch.ts';

const BALANCER = 'AWS::ElasticLoadBalancingV2::LoadBalancer';
const LISTENER = 'AWS::ElasticLoadBalancingV2::Listener';
const RULE = 'AWS::ElasticLoadBalancingV2::ListenerRule';
const TARGETS = 'AWS::ElasticLoadBalancingV2::TargetGroup';
const CLASSIC = 'AWS::ElasticLoadBalancing::LoadBalancer';

const balancer = 'request.loadBalancerArn';
const name = 'request.loadBalancerName';
const listener = 'request.listenerArn';
const targets = 'request.targetGroupArn';
/** Two services have one source: only Classic Load Balancers are named, the others have ARNs. */
const isClassic: Condition = { at: name };
const isNew: Condition = { at: name, not: true };

/** Source: Elastic Load Balancing User Guide, "Log API calls for Elastic Load Balancing using AWS CloudTrail". */
export const ELB: TouchTable = {
  source: 'elasticloadbalancing.amazonaws.com',
  calls: {
    CreateLoadBalancer: [
      created(BALANCER, 'response.loadBalancers[].loadBalancerArn', { when: isNew }),
      created(CLASSIC, name, { when: isClassic }),
    ],
    DeleteLoadBalancer: [
      deleted(BALANCER, balancer, { when: isNew }),
      deleted(CLASSIC, name, { when: isClassic }),
    ],
    ModifyLoadBalancerAttributes: [
      changed(BALANCER, balancer, ['LoadBalancerAttributes'], { when: isNew }),
      changed(
        CLASSIC,
        name,
        ['AccessLoggingPolicy', 'ConnectionDrainingPolicy', 'ConnectionSettings', 'CrossZone'],
        { when: isClassic },
      ),
    ],
    SetSecurityGroups: [changed(BALANCER, balancer, ['SecurityGroups'])],
    SetSubnets: [changed(BALANCER, balancer, ['Subnets', 'SubnetMappings'])],
    SetIpAddressType: [changed(BALANCER, balancer, ['IpAddressType'])],
    CreateListener: [created(LISTENER, 'response.listeners[].listenerArn', { partOf: [BALANCER, balancer] })],
    ModifyListener: [
      changed(LISTENER, listener, {
        of: 'request',
        names: {
          port: 'Port',
          protocol: 'Protocol',
          sslPolicy: 'SslPolicy',
          certificates: 'Certificates',
          defaultActions: 'DefaultActions',
          alpnPolicy: 'AlpnPolicy',
          mutualAuthentication: 'MutualAuthentication',
        },
      }),
    ],
    DeleteListener: [deleted(LISTENER, listener)],
    CreateRule: [created(RULE, 'response.rules[].ruleArn', { partOf: [LISTENER, listener] })],
    ModifyRule: [changed(RULE, 'request.ruleArn', ['Actions', 'Conditions'])],
    DeleteRule: [deleted(RULE, 'request.ruleArn')],
    CreateTargetGroup: [created(TARGETS, 'response.targetGroups[].targetGroupArn')],
    ModifyTargetGroup: [changed(TARGETS, targets)],
    DeleteTargetGroup: [deleted(TARGETS, targets)],
    CreateLoadBalancerListeners: [changed(CLASSIC, name, ['Listeners'])],
    DeleteLoadBalancerListeners: [changed(CLASSIC, name, ['Listeners'])],
    ApplySecurityGroupsToLoadBalancer: [changed(CLASSIC, name, ['SecurityGroups'])],
    SetLoadBalancerPoliciesOfListener: [changed(CLASSIC, name, ['Listeners', 'Policies'])],
  },
};
