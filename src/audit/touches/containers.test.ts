import { proveTouches } from '../../../test/touches.ts';
import { ECR, ECS, EKS } from './containers.ts';

const CLUSTER_ARN = 'arn:aws:ecs:eu-west-1:123456789012:cluster/shop';
const SERVICE_ARN = 'arn:aws:ecs:eu-west-1:123456789012:service/shop/web';
const TASKS_ARN = 'arn:aws:ecs:eu-west-1:123456789012:task-definition/web:7';
const SERVICE = `AWS::ECS::Service ${SERVICE_ARN}|${CLUSTER_ARN}`;
const CLUSTER = 'AWS::ECS::Cluster shop';
const answer = { service: { serviceArn: SERVICE_ARN, clusterArn: CLUSTER_ARN, serviceName: 'web' } };
const clusterAnswer = { cluster: { clusterArn: CLUSTER_ARN, clusterName: 'shop' } };
const tasks = { taskDefinition: { taskDefinitionArn: TASKS_ARN, family: 'web', revision: 7 } };

proveTouches(ECS, [
  ['CreateCluster', { clusterName: 'shop' }, clusterAnswer, `created ${CLUSTER}`],
  [
    'UpdateClusterSettings',
    { cluster: CLUSTER_ARN, settings: [{ name: 'containerInsights', value: 'disabled' }] },
    clusterAnswer,
    `changed ${CLUSTER} [ClusterSettings]`,
  ],
  [
    'UpdateCluster',
    { cluster: 'shop' },
    null,
    `changed ${CLUSTER} [ClusterSettings Configuration ServiceConnectDefaults]`,
  ],
  ['DeleteCluster', { cluster: CLUSTER_ARN }, null, `deleted ${CLUSTER}`],
  [
    'CreateService',
    { cluster: 'shop', serviceName: 'web', taskDefinition: 'web:7' },
    answer,
    `created ${SERVICE}`,
  ],
  [
    'UpdateService',
    { cluster: 'shop', service: 'web', enableExecuteCommand: true, forceNewDeployment: false },
    answer,
    `changed ${SERVICE} [EnableExecuteCommand]`,
  ],
  ['DeleteService', { cluster: 'shop', service: 'web', force: true }, answer, `deleted ${SERVICE}`],
  [
    'RegisterTaskDefinition',
    { family: 'web', networkMode: 'host' },
    tasks,
    `created AWS::ECS::TaskDefinition ${TASKS_ARN}`,
  ],
  [
    'DeregisterTaskDefinition',
    { taskDefinition: 'web:7' },
    tasks,
    `deleted AWS::ECS::TaskDefinition ${TASKS_ARN}`,
  ],
  [
    'CreateTaskSet',
    { cluster: 'shop', service: 'web', taskDefinition: 'web:7' },
    { taskSet: { id: 'ecs-svc/1', clusterArn: CLUSTER_ARN, serviceArn: SERVICE_ARN } },
    'created AWS::ECS::TaskSet shop|web|ecs-svc/1',
  ],
]);

const EKS_CLUSTER = 'AWS::EKS::Cluster prod';
const NODES = 'AWS::EKS::Nodegroup prod/workers';
const ADMIN = 'arn:aws:iam::123456789012:role/admin';
const ACCESS = `AWS::EKS::AccessEntry ${ADMIN}|prod`;
const OF = `(of ${EKS_CLUSTER})`;
const nodes = { name: 'prod', nodegroupName: 'workers' };
const access = { name: 'prod', principalArn: ADMIN };

proveTouches(EKS, [
  [
    'CreateCluster',
    { name: 'prod', roleArn: ADMIN },
    { cluster: { name: 'prod', status: 'CREATING' } },
    `created ${EKS_CLUSTER}`,
  ],
  [
    'UpdateClusterConfig',
    { name: 'prod', resourcesVpcConfig: { endpointPublicAccess: true, publicAccessCidrs: ['0.0.0.0/0'] } },
    { update: { id: '1', status: 'InProgress', type: 'EndpointAccessUpdate' } },
    `changed ${EKS_CLUSTER} [ResourcesVpcConfig]`,
  ],
  ['UpdateClusterVersion', { name: 'prod', version: '1.34' }, null, `changed ${EKS_CLUSTER} [Version]`],
  [
    'AssociateEncryptionConfig',
    { name: 'prod', encryptionConfig: [] },
    null,
    `changed ${EKS_CLUSTER} [EncryptionConfig]`,
  ],
  ['DeleteCluster', { name: 'prod' }, null, `deleted ${EKS_CLUSTER}`],
  ['CreateNodegroup', { ...nodes, remoteAccess: { ec2SshKey: 'x' } }, null, `created ${NODES} ${OF}`],
  [
    'UpdateNodegroupConfig',
    { clusterName: 'prod', nodegroupName: 'workers' },
    null,
    `changed ${NODES} ${OF}`,
  ],
  ['DeleteNodegroup', nodes, null, `deleted ${NODES} ${OF}`],
  ['CreateAccessEntry', access, null, `created ${ACCESS} ${OF}`],
  ['UpdateAccessEntry', access, null, `changed ${ACCESS} [KubernetesGroups Username] ${OF}`],
  [
    'AssociateAccessPolicy',
    { ...access, policyArn: 'arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy' },
    null,
    `changed ${ACCESS} [AccessPolicies] ${OF}`,
  ],
  ['DeleteAccessEntry', access, null, `deleted ${ACCESS} ${OF}`],
]);

const REPOSITORY = 'AWS::ECR::Repository shop/web';
const repository = { repositoryName: 'shop/web', registryId: '123456789012' };
const policy = { policyText: '{"Version":"2008-10-17"}', force: false };

proveTouches(ECR, [
  ['CreateRepository', { repositoryName: 'shop/web' }, { repository }, `created ${REPOSITORY}`],
  ['DeleteRepository', { ...repository, force: true }, null, `deleted ${REPOSITORY}`],
  ['SetRepositoryPolicy', { ...repository, ...policy }, null, `changed ${REPOSITORY} [RepositoryPolicyText]`],
  ['DeleteRepositoryPolicy', repository, null, `changed ${REPOSITORY} [RepositoryPolicyText]`],
  ['PutImageScanningConfiguration', repository, null, `changed ${REPOSITORY} [ImageScanningConfiguration]`],
  [
    'PutImageTagMutability',
    { ...repository, imageTagMutability: 'MUTABLE' },
    null,
    `changed ${REPOSITORY} [ImageTagMutability]`,
  ],
  ['PutLifecyclePolicy', repository, null, `changed ${REPOSITORY} [LifecyclePolicy]`],
  ['DeleteLifecyclePolicy', repository, null, `changed ${REPOSITORY} [LifecyclePolicy]`],
  [
    'PutRegistryPolicy',
    policy,
    { registryId: '123456789012' },
    'changed AWS::ECR::RegistryPolicy 123456789012 [PolicyText]',
  ],
  [
    'DeleteRegistryPolicy',
    null,
    { registryId: '123456789012' },
    'deleted AWS::ECR::RegistryPolicy 123456789012',
  ],
  [
    'PutReplicationConfiguration',
    {
      replicationConfiguration: {
        rules: [{ destinations: [{ region: 'us-east-1', registryId: '999999999999' }] }],
      },
    },
    null,
    'changed AWS::ECR::ReplicationConfiguration 123456789012 [ReplicationConfiguration]',
  ],
]);
