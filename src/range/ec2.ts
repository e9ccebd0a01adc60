import * as ec2 from '@aws-sdk/client-ec2';
import { runOnce } from './client-token.ts';
import * as images from './operations/images.ts';
import * as instances from './operations/instances.ts';
import * as networkInterfaces from './operations/network-interfaces.ts';
import { describeSecurityGroupRules } from './operations/security-group-rules.ts';
import * as securityGroups from './operations/security-groups.ts';
import * as snapshotSharing from './operations/snapshot-sharing.ts';
import * as snapshots from './operations/snapshots.ts';
import { createTags } from './operations/tags.ts';
import { describeVolumes } from './operations/volumes.ts';
import { EC2_QUERY, QUERY_FAULTS, servesVersion } from './protocol/query.ts';
import { operation, type Service } from './service.ts';

export const EC2: Service = {
  name: 'ec2',
  protocol: EC2_QUERY,
  serves: servesVersion('2016-11-15'),
  faults: QUERY_FAULTS,
  operations: {
    AuthorizeSecurityGroupEgress: operation(
      ec2.AuthorizeSecurityGroupEgress$,
      securityGroups.authorize('egress'),
    ),
    AuthorizeSecurityGroupIngress: operation(
      ec2.AuthorizeSecurityGroupIngress$,
      securityGroups.authorize('ingress'),
    ),
    CopySnapshot: operation(ec2.CopySnapshot$, snapshots.copySnapshot),
    CreateImage: operation(ec2.CreateImage$, images.createImage),
    CreateSecurityGroup: operation(ec2.CreateSecurityGroup$, securityGroups.createSecurityGroup),
    CreateSnapshot: operation(ec2.CreateSnapshot$, snapshots.createSnapshot),
    CreateSnapshots: operation(ec2.CreateSnapshots$, snapshots.createSnapshots),
    CreateTags: operation(ec2.CreateTags$, createTags),
    DescribeImageAttribute: operation(ec2.DescribeImageAttribute$, images.describeImageAttribute),
    DescribeImages: operation(ec2.DescribeImages$, images.describeImages),
    DescribeInstanceAttribute: operation(ec2.DescribeInstanceAttribute$, instances.describeInstanceAttribute),
    DescribeInstances: operation(ec2.DescribeInstances$, instances.describeInstances),
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
    DescribeVolumes: operation(ec2.DescribeVolumes$, describeVolumes),
    GetConsoleOutput: operation(ec2.GetConsoleOutput$, instances.getConsoleOutput),
    ModifyImageAttribute: operation(ec2.ModifyImageAttribute$, images.modifyImageAttribute),
    ModifyInstanceAttribute: operation(ec2.ModifyInstanceAttribute$, instances.modifyInstanceAttribute),
    ModifyNetworkInterfaceAttribute: operation(
      ec2.ModifyNetworkInterfaceAttribute$,
      networkInterfaces.modifyNetworkInterfaceAttribute,
    ),
    ModifySnapshotAttribute: operation(ec2.ModifySnapshotAttribute$, snapshotSharing.modifySnapshotAttribute),
    RevokeSecurityGroupEgress: operation(ec2.RevokeSecurityGroupEgress$, securityGroups.revoke('egress')),
    RevokeSecurityGroupIngress: operation(ec2.RevokeSecurityGroupIngress$, securityGroups.revoke('ingress')),
    RunInstances: operation(ec2.RunInstances$, runOnce('RunInstances', instances.runInstances)),
    StopInstances: operation(ec2.StopInstances$, instances.stopInstances),
    TerminateInstances: operation(ec2.TerminateInstances$, instances.terminateInstances),
  },
};
