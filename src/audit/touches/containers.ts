import { changed, created, deleted, type TouchTable } from './touch.ts';

const CLUSTER = 'AWS::ECS::Cluster';
const SERVICE = 'AWS::ECS::Service';
const TASKS = 'AWS::ECS::TaskDefinition';
const cluster = ['response.cluster.clusterName', '{request.cluster:last-part}'];
const service = '{response.service.serviceArn}|{response.service.clusterArn}';

/** Source: Amazon ECS Developer Guide, "Log Amazon ECS API calls using AWS CloudTrail". */
export const ECS: TouchTable = {
  source: 'ecs.amazonaws.com',
  calls: {
    CreateCluster: [created(CLUSTER, cluster)],
    UpdateClusterSettings: [changed(CLUSTER, cluster, ['ClusterSettings'])],
    UpdateCluster: [
      changed(CLUSTER, cluster, ['ClusterSettings', 'Configuration', 'ServiceConnectDefaults']),
    ],
    DeleteCluster: [deleted(CLUSTER, cluster)],
    CreateService: [created(SERVICE, service)],
    UpdateService: [
      changed(SERVICE, service, {
        of: 'request',
        names: {
          desiredCount: 'DesiredCount',
          taskDefinition: 'TaskDefinition',
          networkConfiguration: 'NetworkConfiguration',
          enableExecuteCommand: 'EnableExecuteCommand',
          platformVersion: 'PlatformVersion',
          loadBalancers: 'LoadBalancers',
          deploymentConfiguration: 'DeploymentConfiguration',
          capacityProviderStrategy: 'CapacityProviderStrategy',
        },
      }),
    ],
    DeleteService: [deleted(SERVICE, service)],
    RegisterTaskDefinition: [created(TASKS, 'response.taskDefinition.taskDefinitionArn')],
    DeregisterTaskDefinition: [deleted(TASKS, 'response.taskDefinition.taskDefinitionArn')],
    CreateTaskSet: [
      created(
        'AWS::ECS::TaskSet',
        '{response.taskSet.clusterArn:last-part}|{response.taskSet.serviceArn:last-part}|{response.taskSet.id}',
      ),
    ],
  },
};

const EKS_CLUSTER = 'AWS::EKS::Cluster';
const NODES = 'AWS::EKS::Nodegroup';
const ACCESS = 'AWS::EKS::AccessEntry';
const name = 'request.name';
/** The member is named for its place in the URL. */
const nodes = ['{request.name}/{request.nodegroupName}', '{request.clusterName}/{request.nodegroupName}'];
const ofCluster = { partOf: [EKS_CLUSTER, ['request.clusterName', name]] as const };
const access = ['{request.principalArn}|{request.name}', '{request.principalArn}|{request.clusterName}'];

/** Source: Amazon EKS User Guide, "Log API calls as AWS CloudTrail events". */
export const EKS: TouchTable = {
  source: 'eks.amazonaws.com',
  calls: {
    CreateCluster: [created(EKS_CLUSTER, name)],
    UpdateClusterConfig: [
      changed(EKS_CLUSTER, name, {
        of: 'request',
        names: {
          resourcesVpcConfig: 'ResourcesVpcConfig',
          logging: 'Logging',
          accessConfig: 'AccessConfig',
          deletionProtection: 'DeletionProtection',
        },
      }),
    ],
    UpdateClusterVersion: [changed(EKS_CLUSTER, name, ['Version'])],
    AssociateEncryptionConfig: [changed(EKS_CLUSTER, ['request.clusterName', name], ['EncryptionConfig'])],
    DeleteCluster: [deleted(EKS_CLUSTER, name)],
    CreateNodegroup: [created(NODES, nodes, ofCluster)],
    UpdateNodegroupConfig: [changed(NODES, nodes, [], ofCluster)],
    DeleteNodegroup: [deleted(NODES, nodes, ofCluster)],
    CreateAccessEntry: [created(ACCESS, access, ofCluster)],
    UpdateAccessEntry: [changed(ACCESS, access, ['KubernetesGroups', 'Username'], ofCluster)],
    AssociateAccessPolicy: [changed(ACCESS, access, ['AccessPolicies'], ofCluster)],
    DeleteAccessEntry: [deleted(ACCESS, access, ofCluster)],
  },
};

const REPOSITORY = 'AWS::ECR::Repository';
const repository = 'request.repositoryName';
const registry = ['response.registryId', 'account'];

/** Source: Amazon ECR User Guide, "Logging Amazon ECR actions with AWS CloudTrail". */
export const ECR: TouchTable = {
  source: 'ecr.amazonaws.com',
  calls: {
    CreateRepository: [created(REPOSITORY, repository)],
    DeleteRepository: [deleted(REPOSITORY, repository)],
    SetRepositoryPolicy: [changed(REPOSITORY, repository, ['RepositoryPolicyText'])],
    DeleteRepositoryPolicy: [changed(REPOSITORY, repository, ['RepositoryPolicyText'])],
    PutImageScanningConfiguration: [changed(REPOSITORY, repository, ['ImageScanningConfiguration'])],
    PutImageTagMutability: [changed(REPOSITORY, repository, ['ImageTagMutability'])],
    PutLifecyclePolicy: [changed(REPOSITORY, repository, ['LifecyclePolicy'])],
    DeleteLifecyclePolicy: [changed(REPOSITORY, repository, ['LifecyclePolicy'])],
    PutRegistryPolicy: [changed('AWS::ECR::RegistryPolicy', registry, ['PolicyText'])],
    DeleteRegistryPolicy: [deleted('AWS::ECR::RegistryPolicy', registry)],
    PutReplicationConfiguration: [
      changed('AWS::ECR::ReplicationConfiguration', 'account', ['ReplicationConfiguration']),
    ],
  },
};
