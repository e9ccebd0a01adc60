import * as ec2 from '@aws-sdk/client-ec2';
import { runOnce } from './client-token.ts';
import * as flowLogs from './operations/flow-logs.ts';
import * as images from './operations/images.ts';
import * as attributes from './operations/instance-attributes.ts';
import * as console from './operations/instance-console.ts';
import * as profiles from './operations/instance-profiles.ts';
import * as states from './operations/instance-states.ts';
import * as instances from './operations/instances.ts';
import * as acls from './operations/network-acls.ts';
import * as networkInterfaces from './operations/network-interfaces.ts';
import { describeSecurityGroupRules } from './operations/security-group-rules.ts';
import * as securityGroups from './operations/security-groups.ts';
import * as snapshotSharing from './operations/snapshot-sharing.ts';
import * as snapshots from './operations/snapshots.ts';
import { createTags, deleteTags, describeTags } from './operations/tags.ts';
import { describeVolumes } from './operations/volumes.ts';
import { EC2_QUERY, QUERY_FAULTS, servesVersion } from './protocol/query.ts';
import { operation, type Service } from './service.ts';

export const EC2: Service = {
  name: 'ec2',
  protocol: EC2_QUERY,
  serves: servesVersion('2016-11-15'),
  faults: QUERY_FAULTS,
  operations: {
    AssociateIamInstanceProfile: operation(
      ec2.AssociateIamInstanceProfile$,
      profiles.associateIamInstanceProfile,
    ),
    AuthorizeSecurityGroupEgress: operation(
      ec2.AuthorizeSecurityGroupEgress$,
      securityGroups.authorize('egress'),
    ),
    AuthorizeSecurityGroupIngress: operation(
      ec2.AuthorizeSecurityGroupIngress$,
      securityGroups.authorize('ingress'),
    ),
    CopySnapshot: operation(ec2.CopySnapshot$, snapshots.copySnapshot),
    CreateFlowLogs: operation(ec2.CreateFlowLogs$, runOnce('CreateFlowLogs', flowLogs.createFlowLogs)),
    CreateImage: operation(ec2.CreateImage$, images.createImage),
    CreateNetworkAcl: operation(ec2.CreateNetworkAcl$, acls.createNetworkAcl),
    CreateNetworkAclEntry: operation(ec2.CreateNetworkAclEntry$, acls.createNetworkAclEntry),
    CreateSecurityGroup: operation(ec2.CreateSecurityGroup$, securityGroups.createSecurityGroup),
    CreateSnapshot: operation(ec2.CreateSnapshot$, snapshots.createSnapshot),
    CreateSnapshots: operation(ec2.CreateSnapshots$, snapshots.createSnapshots),
    CreateTags: operation(ec2.CreateTags$, createTags),
    DeleteNetworkAclEntry: operation(ec2.DeleteNetworkAclEntry$, acls.deleteNetworkAclEntry),
    DeleteFlowLogs: operation(ec2.DeleteFlowLogs$, flowLogs.deleteFlowLogs),
    DeleteSecurityGroup: operation(ec2.DeleteSecurityGroup$, securityGroups.deleteSecurityGroup),
    DeleteTags: operation(ec2.DeleteTags$, deleteTags),
    DescribeIamInstanceProfileAssociations: operation(
      ec2.DescribeIamInstanceProfileAssociations$,
      profiles.describeIamInstanceProfileAssociations,
    ),
    DescribeFlowLogs: operation(ec2.DescribeFlowLogs$, flowLogs.describeFlowLogs),
    DescribeImageAttribute: operation(ec2.DescribeImageAttribute$, images.describeImageAttribute),
    DescribeImages: operation(ec2.DescribeImages$, images.describeImages),
    DescribeInstanceAttribute: operation(
      ec2.DescribeInstanceAttribute$,
      attributes.describeInstanceAttribute,
    ),
    DescribeInstances: operation(ec2.DescribeInstances$, instances.describeInstances),
    DescribeNetworkAcls: operation(ec2.DescribeNetworkAcls$, acls.describeNetworkAcls),
    DescribeNetworkInterfaces: operation(
      ec2.DescribeNetworkInterfaces$,
      networkInterfaces.describeNetworkInterfaces,
    ),
    DescribeSecurityGroupRules: operation(ec2.DescribeSecurityGroupRules$, describeSecurityGroupRules),
    DescribeSecurityGroups: operation(ec2.DescribeSecurityGroups$, securityGroups.describeSecurityGroups),
    DescribeSnapshotAttribute: operation(
      ec2.DescribeSnapshotAttribute$,
      snapshotSharing.describeSnapshotAttribute,
    ),
    DescribeSnapshots: operation(ec2.DescribeSnapshots$, snapshots.describeSnapshots),
    DescribeTags: operation(ec2.DescribeTags$, describeTags),
    DescribeVolumes: operation(ec2.DescribeVolumes$, describeVolumes),
    DisassociateIamInstanceProfile: operation(
      ec2.DisassociateIamInstanceProfile$,
      profiles.disassociateIamInstanceProfile,
    ),
    GetConsoleOutput: operation(ec2.GetConsoleOutput$, console.getConsoleOutput),
    GetConsoleScreenshot: operation(ec2.GetConsoleScreenshot$, console.getConsoleScreenshot),
    ModifyImageAttribute: operation(ec2.ModifyImageAttribute$, images.modifyImageAttribute),
    ModifyInstanceAttribute: operation(ec2.ModifyInstanceAttribute$, attributes.modifyInstanceAttribute),
    ModifyNetworkInterfaceAttribute: operation(
      ec2.ModifyNetworkInterfaceAttribute$,
      networkInterfaces.modifyNetworkInterfaceAttribute,
    ),
    ModifySnapshotAttribute: operation(ec2.ModifySnapshotAttribute$, snapshotSharing.modifySnapshotAttribute),
    RevokeSecurityGroupEgress: operation(ec2.RevokeSecurityGroupEgress$, securityGroups.revoke('egress')),
    RevokeSecurityGroupIngress: operation(ec2.RevokeSecurityGroupIngress$, securityGroups.revoke('ingress')),
    RunInstances: operation(ec2.RunInstances$, runOnce('RunInstances', instances.runInstances)),
    StartInstances: operation(ec2.StartInstances$, states.startInstances),
    StopInstances: operation(ec2.StopInstances$, states.stopInstances),
    TerminateInstances: operation(ec2.TerminateInstances$, states.terminateInstances),
  },
};
