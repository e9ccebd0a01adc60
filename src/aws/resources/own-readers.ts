import { type Json, toJson } from '../../model/json.ts';
import type { AwsClients } from '../clients.ts';
import { awsErrorCode } from '../errors.ts';

/** Reads a resource that Cloud Control cannot: a type without a handler there, or with none of its own. */
export interface OwnReader {
  /** IAM actions that it needs. */
  readonly permissions: readonly string[];
  /** In the CloudFormation schema where there is one; nothing when it is gone. */
  read(aws: AwsClients, id: string): Promise<Json | undefined>;
}

const unlessGone = async (
  codes: RegExp,
  read: () => Promise<Json | undefined>,
): Promise<Json | undefined> => {
  try {
    return await read();
  } catch (error) {
    if (codes.test(awsErrorCode(error))) return undefined;
    throw error;
  }
};

/** With whom a snapshot is shared; CloudFormation has no type for it. */
const SNAPSHOT: OwnReader = {
  permissions: ['ec2:DescribeSnapshotAttribute'],
  read: (aws, id) =>
    unlessGone(/^InvalidSnapshot\.NotFound$/, async () => {
      const { CreateVolumePermissions = [] } = await aws.ec2.describeSnapshotAttribute({
        SnapshotId: id,
        Attribute: 'createVolumePermission',
      });
      return sharing(CreateVolumePermissions);
    }),
};

const IMAGE: OwnReader = {
  permissions: ['ec2:DescribeImageAttribute'],
  read: (aws, id) =>
    unlessGone(/^InvalidAMIID\.(NotFound|Unavailable)$/, async () => {
      const { LaunchPermissions = [] } = await aws.ec2.describeImageAttribute({
        ImageId: id,
        Attribute: 'launchPermission',
      });
      return sharing(LaunchPermissions);
    }),
};

function sharing(permissions: readonly { Group?: string | undefined; UserId?: string | undefined }[]): Json {
  return {
    Public: permissions.some(({ Group }) => Group === 'all'),
    AccountIds: permissions.flatMap(({ UserId }) => UserId ?? []).sort(),
  };
}

const ACCESS_KEY: OwnReader = {
  permissions: ['iam:ListAccessKeys', 'iam:GetAccessKeyLastUsed'],
  read: (aws, id) =>
    unlessGone(/^NoSuchEntity/, async () => {
      const iam = await aws.use('iam');
      const { UserName } = await iam.getAccessKeyLastUsed({ AccessKeyId: id });
      const { AccessKeyMetadata = [] } = await iam.listAccessKeys({ UserName });
      const key = AccessKeyMetadata.find(({ AccessKeyId }) => AccessKeyId === id);
      return key === undefined ? undefined : toJson({ UserName, Status: key.Status });
    }),
};

const RECORDER: OwnReader = {
  permissions: ['config:DescribeConfigurationRecorders', 'config:DescribeConfigurationRecorderStatus'],
  read: (aws, name) =>
    unlessGone(/^NoSuchConfigurationRecorderException$/, async () => {
      const config = await aws.use('config');
      const ConfigurationRecorderNames = [name];
      const { ConfigurationRecorders } = await config.describeConfigurationRecorders({
        ConfigurationRecorderNames,
      });
      const { ConfigurationRecordersStatus } = await config.describeConfigurationRecorderStatus({
        ConfigurationRecorderNames,
      });
      const [recorder] = ConfigurationRecorders ?? [];
      if (recorder === undefined) return undefined;
      return toJson({
        Name: recorder.name,
        RoleARN: recorder.roleARN,
        RecordingGroup: {
          AllSupported: recorder.recordingGroup?.allSupported,
          IncludeGlobalResourceTypes: recorder.recordingGroup?.includeGlobalResourceTypes,
          ResourceTypes: recorder.recordingGroup?.resourceTypes,
        },
        Recording: ConfigurationRecordersStatus?.[0]?.recording ?? false,
      });
    }),
};

export const OWN_READERS: ReadonlyMap<string, OwnReader> = new Map([
  ['AWS::EC2::Snapshot', SNAPSHOT],
  ['AWS::EC2::Image', IMAGE],
  ['AWS::IAM::AccessKey', ACCESS_KEY],
  ['AWS::Config::ConfigurationRecorder', RECORDER],
]);
