import { NormalizedSchema } from '@smithy/core/schema';
import type { SchemaRef } from '@smithy/types';
import { hidden, isEmpty, lowerFirst } from './parameters.ts';
import type { RecordStyle } from './styles.ts';

type Members = Readonly<Record<string, unknown>>;

/**
 * Lists of a request that records write under another name than the API, the items of plain lists as
 * structures with one member. Source: the examples of EC2 records in AWS's guides.
 */
const LISTS: Readonly<Record<string, readonly [list: string, item?: string]>> = {
  AllocationIds: ['allocationIdsSet', 'allocationId'],
  Attributes: ['attributeNameSet', 'attributeName'],
  BlockDeviceMappings: ['blockDeviceMapping'],
  Filters: ['filterSet'],
  GroupIds: ['securityGroupIdSet', 'groupId'],
  GroupNames: ['securityGroupSet', 'groupName'],
  Groups: ['groupSet', 'groupId'],
  ImageIds: ['imagesSet', 'imageId'],
  InstanceIds: ['instancesSet', 'instanceId'],
  NetworkAclIds: ['networkAclIdSet', 'networkAclId'],
  NetworkInterfaceIds: ['networkInterfaceIdSet', 'networkInterfaceId'],
  Owners: ['ownersSet', 'owner'],
  Resources: ['resourcesSet', 'resourceId'],
  SecurityGroupIds: ['groupSet', 'groupId'],
  SecurityGroupRuleIds: ['securityGroupRuleIds', 'securityGroupRuleId'],
  SnapshotIds: ['snapshotSet', 'snapshotId'],
  SubnetIds: ['subnetSet', 'subnetId'],
  TagSpecifications: ['tagSpecificationSet'],
  Tags: ['tagSet'],
  UserIdGroupPairs: ['groups'],
  Values: ['valueSet', 'value'],
  VolumeIds: ['volumeSet', 'volumeId'],
  VpcIds: ['vpcSet', 'vpcId'],
};

/** Structures whose lists are written also when they are empty. */
const WHOLE = /^IpPermission$/;

/** Operations whose records hold the request as one element, with the API's own names. */
const WRAPPED =
  /FlowLogs|SecurityGroupRules|^CreateSnapshots$|ManagedPrefixList|LaunchTemplate|NetworkInsights|VpcEndpoint|TransitGateway|InstanceConnectEndpoint|^(Enable|Disable|Get)(EbsEncryptionByDefault|SerialConsoleAccess|SnapshotBlockPublicAccess|ImageBlockPublicAccess)|InstanceMetadataOptions|IamInstanceProfile/;

/** Members whose values go elsewhere than their names say. */
const RENAMED: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  CreateNetworkAclEntry: { Protocol: 'aclProtocol' },
  ReplaceNetworkAclEntry: { Protocol: 'aclProtocol' },
};

export function ec2Parameters(
  name: string,
  schema: SchemaRef,
  input: unknown,
  style: RecordStyle,
): Record<string, unknown> | null {
  const given = (input ?? {}) as Members;
  const normalized = NormalizedSchema.of(schema);
  if (WRAPPED.test(name)) return { [`${name}Request`]: wrapped(normalized, given, style) };
  const written = write(normalized, given, { style, names: RENAMED[name] ?? {}, isRequest: true });
  const parameters = written as Record<string, unknown>;
  if (name === 'RunInstances') return launch(parameters);
  if (name === 'ModifySnapshotAttribute')
    return permissions(parameters, given, 'createVolumePermission', 'CREATE_VOLUME_PERMISSION');
  if (name === 'ModifyImageAttribute')
    return permissions(parameters, given, 'launchPermission', 'launchPermission');
  return isEmpty(parameters) ? null : parameters;
}

export function ec2Elements(
  name: string,
  schema: SchemaRef,
  output: unknown,
  { style, requestId }: { readonly style: RecordStyle; readonly requestId: string },
): Record<string, unknown> {
  const normalized = NormalizedSchema.of(schema);
  const given = (output ?? {}) as Members;
  if (WRAPPED.test(name))
    return {
      [`${name}Response`]: {
        xmlns: 'http://ec2.amazonaws.com/doc/2016-11-15/',
        requestId,
        ...(write(normalized, given, { style, names: {}, isRequest: false, item: 'item' }) as object),
      },
    };
  const { return: returned, ...elements } = write(normalized, given, {
    style,
    names: {},
    isRequest: false,
  }) as Record<string, unknown>;
  const hasNothing = Object.keys(elements).length === 0;
  return {
    requestId,
    ...(returned !== undefined || hasNothing ? { _return: returned ?? true } : {}),
    ...elements,
  };
}

interface Writing {
  readonly style: RecordStyle;
  readonly names: Readonly<Record<string, string>>;
  readonly isRequest: boolean;
  /** What lists are wrapped in. */
  readonly item?: 'item';
}

function write(schema: NormalizedSchema, value: unknown, writing: Writing): unknown {
  if (value instanceof Date) return value.getTime();
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (!schema.isStructSchema()) return typeof value === 'bigint' ? Number(value) : value;
  const written: Record<string, unknown> = {};
  for (const [name, member] of schema.structIterator()) {
    const content = (value as Members)[name];
    if (content === undefined || content === null) {
      if (writing.isRequest && WHOLE.test(schema.getName() ?? '') && member.isListSchema())
        written[nameOf(name, schema, member, writing)] = {};
      continue;
    }
    const shown = hidden(writing.style, name, member, () =>
      member.isListSchema()
        ? list(name, schema, member, content as unknown[], writing)
        : write(member, content, writing),
    );
    if (shown !== undefined) written[nameOf(name, schema, member, writing)] = shown;
  }
  return written;
}

function nameOf(name: string, schema: NormalizedSchema, member: NormalizedSchema, writing: Writing): string {
  if (writing.names[name] !== undefined) return writing.names[name];
  const { xmlName } = member.getMergedTraits() as { xmlName?: string };
  if (!writing.isRequest) return lowerFirst(xmlName ?? name);
  if (!member.isListSchema() || isPlain(schema)) return lowerFirst(name);
  return LISTS[name]?.[0] ?? lowerFirst(name);
}

/** The tags of a tag specification are the one list that is written as it is. */
function isPlain(schema: NormalizedSchema): boolean {
  return schema.getName() === 'TagSpecification';
}

function list(
  name: string,
  schema: NormalizedSchema,
  member: NormalizedSchema,
  items: readonly unknown[],
  writing: Writing,
): unknown {
  const item = member.getValueSchema();
  const written = items.map((one) => write(item, one, writing));
  if (writing.item !== undefined)
    return written.length === 0 ? '' : { item: written.length === 1 ? written[0] : written };
  if (writing.isRequest && isPlain(schema)) return written;
  if (written.length === 0) return {};
  const key = writing.isRequest && !item.isStructSchema() ? LISTS[name]?.[1] : undefined;
  return { items: key === undefined ? written : written.map((one) => ({ [key]: one })) };
}

function wrapped(schema: NormalizedSchema, value: unknown, style: RecordStyle): unknown {
  if (value instanceof Date) return value.toISOString();
  if (!schema.isStructSchema()) return value;
  const written: Record<string, unknown> = {};
  for (const [name, member] of schema.structIterator()) {
    const content = (value as Members)[name];
    if (content === undefined || content === null) continue;
    const { xmlName } = member.getMergedTraits() as { xmlName?: string };
    const label = (xmlName ?? name).replace(/^./, (letter) => letter.toUpperCase());
    if (member.isListSchema()) {
      const items = (content as unknown[]).map((item, index) => {
        const one = wrapped(member.getValueSchema(), item, style);
        return typeof one === 'object' && one !== null
          ? { tag: index + 1, ...one }
          : { tag: index + 1, content: one };
      });
      if (items.length > 0) written[label] = items.length === 1 ? items[0] : items;
    } else {
      const shown = hidden(style, name, member, () => wrapped(member, content, style));
      if (shown !== undefined) written[label] = shown;
    }
  }
  return written;
}

/** What is launched is written as a list of one. */
function launch({ imageId, minCount, maxCount, keyName, ...rest }: Record<string, unknown>) {
  const item = { imageId, minCount, maxCount, ...(keyName === undefined ? {} : { keyName }) };
  return { instancesSet: { items: [item] }, ...rest };
}

/** Who may use it is written in one way, also when it was asked for in the older one. */
function permissions(
  {
    operationType,
    userIds,
    userGroups,
    groupNames: _,
    securityGroupSet,
    attribute,
    ...rest
  }: Record<string, unknown>,
  given: Members,
  member: string,
  attributeType: string,
): Record<string, unknown> {
  const users = ((given.UserIds ?? []) as string[]).map((userId) => ({ userId }));
  const groups = ((given.GroupNames ?? given.UserGroups ?? []) as string[]).map((group) => ({ group }));
  const items = [...groups, ...users];
  const { [member]: asked, ...more } = rest;
  const written = items.length > 0 ? { [String(operationType)]: { items } } : asked;
  return { ...more, ...(written === undefined ? {} : { [member]: written }), attributeType };
}
