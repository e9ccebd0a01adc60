import { keysOf } from '../../kms/key.ts';
import { KMS } from '../../kms/service.ts';
import { perform } from '../../perform.ts';
import { applyChanges, present, type Setter, textOf } from '../changes.ts';
import { type CfnTag, type Properties, type ResourceType, tagChanges } from '../resource-type.ts';

const isTrue = (value: unknown): boolean => value === true || value === 'true';

const SETTERS = {
  Enabled(account, KeyId, after) {
    perform(account, KMS, after === undefined || isTrue(after) ? 'EnableKey' : 'DisableKey', { KeyId });
  },
  KeyPolicy(account, KeyId, after) {
    if (after !== undefined) perform(account, KMS, 'PutKeyPolicy', { KeyId, Policy: textOf(after) });
  },
  EnableKeyRotation(account, KeyId, after) {
    perform(account, KMS, isTrue(after) ? 'EnableKeyRotation' : 'DisableKeyRotation', { KeyId });
  },
  RotationPeriodInDays(account, KeyId, after) {
    if (after !== undefined)
      perform(account, KMS, 'EnableKeyRotation', { KeyId, RotationPeriodInDays: Number(after) });
  },
  Tags(account, KeyId, after, before) {
    const { put, remove } = tagChanges((before ?? []) as CfnTag[], after);
    const Tags = put.map(({ Key, Value }) => ({ TagKey: Key, TagValue: Value }));
    if (put.length > 0) perform(account, KMS, 'TagResource', { KeyId, Tags });
    if (remove.length > 0) perform(account, KMS, 'UntagResource', { KeyId, TagKeys: remove });
  },
} satisfies Record<string, Setter>;

/** Source: AWS CloudFormation Template Reference, "AWS::KMS::Key". */
export const KEY: ResourceType = {
  replacement: ['KeySpec', 'KeyUsage', 'MultiRegion', 'Origin', 'Description'],
  readOnly: ['Arn', 'KeyId'],
  writeOnly: ['PendingWindowInDays', 'BypassPolicyLockoutSafetyCheck'],
  create(account, properties) {
    const { Description, KeySpec, KeyUsage, MultiRegion, KeyPolicy, Tags = [], ...rest } = properties;
    const { KeyMetadata } = perform<{ KeyMetadata: { KeyId: string; Arn: string } }>(
      account,
      KMS,
      'CreateKey',
      {
        ...present({ Description, KeySpec, KeyUsage }),
        ...(MultiRegion === undefined ? {} : { MultiRegion: isTrue(MultiRegion) }),
        ...(KeyPolicy === undefined ? {} : { Policy: textOf(KeyPolicy) }),
        Tags: (Tags as CfnTag[]).map(({ Key, Value }) => ({ TagKey: Key, TagValue: Value })),
      },
    );
    const { KeyId, Arn } = KeyMetadata;
    this.update(account, KeyId, rest, { Enabled: true, EnableKeyRotation: false });
    return { physicalId: KeyId, attributes: { KeyId, Arn } };
  },
  update(account, id, after, before) {
    const change = { before: defaults(before), after: defaults(after) };
    // The rotation of a key that is disabled cannot be changed.
    const { Enabled, ...rest } = SETTERS;
    const isEnabled = isTrue(change.after.Enabled);
    if (isEnabled) applyChanges({ Enabled }, account, id, change);
    applyChanges(rest, account, id, change);
    if (!isEnabled) applyChanges({ Enabled }, account, id, change);
  },
  delete(account, KeyId) {
    perform(account, KMS, 'ScheduleKeyDeletion', { KeyId });
  },
  /** A key that waits for its deletion is gone for CloudFormation. */
  read(account, KeyId): Properties | undefined {
    const known = keysOf(account).get(KeyId);
    if (known === undefined || known.deletionAt !== undefined) return undefined;
    const { KeyMetadata } = perform<{ KeyMetadata: Properties }>(account, KMS, 'DescribeKey', { KeyId });
    const { Policy } = perform<{ Policy: string }>(account, KMS, 'GetKeyPolicy', {
      KeyId,
      PolicyName: 'default',
    });
    const rotation = perform<Properties>(account, KMS, 'GetKeyRotationStatus', { KeyId });
    const { Tags = [] } = perform<{ Tags?: { TagKey: string; TagValue: string }[] }>(
      account,
      KMS,
      'ListResourceTags',
      { KeyId },
    );
    return present({
      KeyId,
      Arn: KeyMetadata.Arn,
      Description: KeyMetadata.Description,
      Enabled: KeyMetadata.Enabled,
      KeySpec: KeyMetadata.KeySpec,
      KeyUsage: KeyMetadata.KeyUsage,
      MultiRegion: KeyMetadata.MultiRegion,
      KeyPolicy: JSON.parse(Policy) as unknown,
      EnableKeyRotation: rotation.KeyRotationEnabled,
      RotationPeriodInDays: rotation.RotationPeriodInDays,
      Tags:
        Tags.length === 0
          ? undefined
          : Tags.map(({ TagKey, TagValue }) => ({ Key: TagKey, Value: TagValue })),
    });
  },
  list: (account) => [...keysOf(account).keys()],
};

/** What holds where a template says nothing. */
function defaults({ Enabled = true, EnableKeyRotation = false, ...rest }: Properties): Properties {
  return { ...rest, Enabled, EnableKeyRotation };
}
