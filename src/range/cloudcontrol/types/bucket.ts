import type { Account } from '../../account.ts';
import { AwsError } from '../../aws-error.ts';
import { perform } from '../../perform.ts';
import { S3 } from '../../s3/service.ts';
import { applyChanges, present, type Setter, unless } from '../changes.ts';
import { type CfnTag, type Properties, type ResourceType, tagProperty } from '../resource-type.ts';

interface Rule {
  readonly BucketKeyEnabled?: unknown;
  readonly ServerSideEncryptionByDefault?: {
    readonly SSEAlgorithm?: string;
    readonly KMSMasterKeyID?: string;
  };
}

const call = (account: Account, operation: string, name: string, input: object = {}) =>
  perform<Record<string, unknown>>(account, S3, operation, { Bucket: name, ...input });

/** What S3 of the range has; other properties are only remembered. */
const SETTERS: Readonly<Record<string, Setter>> = {
  OwnershipControls(account, name, after) {
    if (after === undefined) call(account, 'DeleteBucketOwnershipControls', name);
    else call(account, 'PutBucketOwnershipControls', name, { OwnershipControls: after });
  },
  PublicAccessBlockConfiguration(account, name, after) {
    if (after === undefined) call(account, 'DeletePublicAccessBlock', name);
    else call(account, 'PutPublicAccessBlock', name, { PublicAccessBlockConfiguration: flags(after) });
  },
  BucketEncryption(account, name, after) {
    if (after === undefined) {
      call(account, 'DeleteBucketEncryption', name);
      return;
    }
    const { ServerSideEncryptionConfiguration: rules = [] } = after as {
      ServerSideEncryptionConfiguration?: Rule[];
    };
    const Rules = rules.map(({ BucketKeyEnabled, ServerSideEncryptionByDefault }) => ({
      ApplyServerSideEncryptionByDefault: ServerSideEncryptionByDefault,
      ...(BucketKeyEnabled === undefined ? {} : { BucketKeyEnabled: isTrue(BucketKeyEnabled) }),
    }));
    call(account, 'PutBucketEncryption', name, { ServerSideEncryptionConfiguration: { Rules } });
  },
  VersioningConfiguration(account, name, after) {
    const Status = (after as { Status?: string } | undefined)?.Status ?? 'Suspended';
    call(account, 'PutBucketVersioning', name, { VersioningConfiguration: { Status } });
  },
  LoggingConfiguration(account, name, after) {
    const { DestinationBucketName, LogFilePrefix = '' } = (after ?? {}) as Record<string, string>;
    const LoggingEnabled = { TargetBucket: DestinationBucketName ?? name, TargetPrefix: LogFilePrefix };
    call(account, 'PutBucketLogging', name, {
      BucketLoggingStatus: after === undefined ? {} : { LoggingEnabled },
    });
  },
  Tags(account, name, after) {
    const TagSet = (after ?? []) as CfnTag[];
    if (TagSet.length === 0) call(account, 'DeleteBucketTagging', name);
    else call(account, 'PutBucketTagging', name, { Tagging: { TagSet } });
  },
};

/** Source: AWS CloudFormation Template Reference, "AWS::S3::Bucket". */
export const BUCKET: ResourceType = {
  replacement: ['BucketName'],
  readOnly: ['Arn', 'DomainName', 'DualStackDomainName', 'RegionalDomainName', 'WebsiteURL'],
  writeOnly: ['AccessControl'],
  name: 'BucketName',
  create(account, properties, newName) {
    const name = String(properties.BucketName ?? newName.toLowerCase());
    if (account.buckets.has(name)) throw new AwsError('AlreadyExists', `${name} already exists`, 409);
    call(account, 'CreateBucket', name, {
      ...(isTrue(properties.ObjectLockEnabled) ? { ObjectLockEnabledForBucket: true } : {}),
    });
    this.update(account, name, properties, {});
    return { physicalId: name, attributes: attributesOf(account, name) };
  },
  update(account, name, after, before) {
    if (!account.buckets.has(name))
      throw new AwsError('NoSuchBucket', 'The specified bucket does not exist', 404);
    applyChanges(SETTERS, account, name, { before, after });
    const others = Object.entries(after).filter(([property]) => !Object.hasOwn(SETTERS, property));
    account.cloudformation.records.set(name, {
      type: 'AWS::S3::Bucket',
      properties: Object.fromEntries(others),
    });
  },
  delete(account, name) {
    call(account, 'DeleteBucket', name);
    account.cloudformation.records.delete(name);
  },
  read(account, name): Properties | undefined {
    if (!account.buckets.has(name)) return undefined;
    const block = unless(/^NoSuchPublicAccessBlock/, () => call(account, 'GetPublicAccessBlock', name));
    const owners = unless(/^OwnershipControlsNotFound/, () =>
      call(account, 'GetBucketOwnershipControls', name),
    );
    const tags = unless(/^NoSuchTagSet/, () => call(account, 'GetBucketTagging', name));
    const { Status } = call(account, 'GetBucketVersioning', name);
    return {
      ...account.cloudformation.records.get(name)?.properties,
      BucketName: name,
      ...attributesOf(account, name),
      BucketEncryption: encryptionIn(call(account, 'GetBucketEncryption', name)),
      ...present({
        PublicAccessBlockConfiguration: block?.PublicAccessBlockConfiguration,
        OwnershipControls: owners?.OwnershipControls,
        VersioningConfiguration: Status === undefined ? undefined : { Status },
        LoggingConfiguration: loggingIn(call(account, 'GetBucketLogging', name)),
      }),
      ...tagProperty((tags?.TagSet ?? []) as CfnTag[]),
    };
  },
  list: (account) => [...account.buckets.keys()],
};

function encryptionIn({ ServerSideEncryptionConfiguration }: Record<string, unknown>): Properties {
  const { Rules } = ServerSideEncryptionConfiguration as {
    Rules: { ApplyServerSideEncryptionByDefault: object; BucketKeyEnabled: boolean }[];
  };
  return {
    ServerSideEncryptionConfiguration: Rules.map((rule) => ({
      BucketKeyEnabled: rule.BucketKeyEnabled,
      ServerSideEncryptionByDefault: rule.ApplyServerSideEncryptionByDefault,
    })),
  };
}

function loggingIn({ LoggingEnabled }: Record<string, unknown>): Properties | undefined {
  if (LoggingEnabled === undefined) return undefined;
  const { TargetBucket, TargetPrefix } = LoggingEnabled as Record<string, string>;
  return { DestinationBucketName: TargetBucket, LogFilePrefix: TargetPrefix };
}

/** Templates also write them as texts. */
function flags(settings: unknown): Properties {
  const entries = Object.entries(settings as Properties).map(([name, value]) => [name, isTrue(value)]);
  return Object.fromEntries(entries) as Properties;
}

function isTrue(value: unknown): boolean {
  return value === true || value === 'true';
}

function attributesOf({ region }: Account, name: string) {
  return {
    Arn: `arn:aws:s3:::${name}`,
    DomainName: `${name}.s3.amazonaws.com`,
    DualStackDomainName: `${name}.s3.dualstack.${region}.amazonaws.com`,
    RegionalDomainName: `${name}.s3.${region}.amazonaws.com`,
    WebsiteURL: `http://${name}.s3-website-${region}.amazonaws.com`,
  };
}
