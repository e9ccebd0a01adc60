/** How a field's text becomes a value. */
export type FieldType = 'text' | 'integer';

export interface FlowLogField {
  /** As the header line and the `LogFormat` string write it. */
  readonly name: string;
  readonly type: FieldType;
  /** The flow log version that introduced it. */
  readonly since: number;
}

function field(name: string, type: FieldType, since: number): FlowLogField {
  return { name, type, since };
}

/**
 * The fields of a VPC flow log record that Cordon gives a type; any other field of a custom
 * format is kept as text. Source: Amazon VPC User Guide, "Flow log records", available fields.
 */
const FIELDS: readonly FlowLogField[] = [
  field('version', 'integer', 2),
  field('account-id', 'text', 2),
  field('interface-id', 'text', 2),
  field('srcaddr', 'text', 2),
  field('dstaddr', 'text', 2),
  field('srcport', 'integer', 2),
  field('dstport', 'integer', 2),
  field('protocol', 'integer', 2),
  field('packets', 'integer', 2),
  field('bytes', 'integer', 2),
  field('start', 'integer', 2),
  field('end', 'integer', 2),
  field('action', 'text', 2),
  field('log-status', 'text', 2),
  field('vpc-id', 'text', 3),
  field('subnet-id', 'text', 3),
  field('instance-id', 'text', 3),
  field('tcp-flags', 'integer', 3),
  field('type', 'text', 3),
  field('pkt-srcaddr', 'text', 3),
  field('pkt-dstaddr', 'text', 3),
  field('region', 'text', 4),
  field('az-id', 'text', 4),
  field('flow-direction', 'text', 5),
  field('traffic-path', 'integer', 5),
  field('sublocation-type', 'text', 4),
  field('sublocation-id', 'text', 4),
  field('pkt-src-aws-service', 'text', 5),
  field('pkt-dst-aws-service', 'text', 5),
  field('ecs-cluster-arn', 'text', 7),
  field('ecs-cluster-name', 'text', 7),
  field('ecs-container-instance-arn', 'text', 7),
  field('ecs-container-instance-id', 'text', 7),
  field('ecs-container-id', 'text', 7),
  field('ecs-second-container-id', 'text', 7),
  field('ecs-service-name', 'text', 7),
  field('ecs-task-definition-arn', 'text', 7),
  field('ecs-task-arn', 'text', 7),
  field('ecs-task-id', 'text', 7),
  field('reject-reason', 'text', 8),
  field('resource-id', 'text', 9),
  field('encryption-status', 'integer', 10),
  field('instance-tag', 'text', 11),
  field('instance-tag-2', 'text', 11),
  field('interface-tag', 'text', 11),
  field('interface-tag-2', 'text', 11),
  field('asg-tag', 'text', 11),
  field('asg-tag-2', 'text', 11),
  field('interface-type', 'text', 11),
  field('next-hop-interface-id', 'text', 11),
  field('next-hop-subnet-id', 'text', 11),
  field('next-hop-az-id', 'text', 11),
  field('next-hop-vpc-id', 'text', 11),
  field('next-hop-interface-type', 'text', 11),
  // Transit Gateway flow logs. Source: Amazon VPC Transit Gateways Guide, "Transit Gateway Flow Log records".
  field('resource-type', 'text', 6),
  field('tgw-id', 'text', 6),
  field('tgw-attachment-id', 'text', 6),
  field('tgw-src-vpc-account-id', 'text', 6),
  field('tgw-dst-vpc-account-id', 'text', 6),
  field('tgw-src-vpc-id', 'text', 6),
  field('tgw-dst-vpc-id', 'text', 6),
  field('tgw-src-subnet-id', 'text', 6),
  field('tgw-dst-subnet-id', 'text', 6),
  field('tgw-src-eni', 'text', 6),
  field('tgw-dst-eni', 'text', 6),
  field('tgw-src-az-id', 'text', 6),
  field('tgw-dst-az-id', 'text', 6),
  field('tgw-pair-attachment-id', 'text', 6),
  field('packets-lost-no-route', 'integer', 6),
  field('packets-lost-blackhole', 'integer', 6),
  field('packets-lost-mtu-exceeded', 'integer', 6),
  field('packets-lost-ttl-expired', 'integer', 6),
];

/** The default format: every version 2 field, in this order. */
export const DEFAULT_FORMAT: readonly string[] = FIELDS.filter(({ since }) => since === 2).map(
  ({ name }) => name,
);

const BY_NAME: ReadonlyMap<string, FlowLogField> = new Map(FIELDS.map((known) => [known.name, known]));

/** A field by its name in a header line, also as CloudWatch Logs and Athena write it. */
export function flowLogField(name: string): FlowLogField {
  return BY_NAME.get(name) ?? BY_NAME.get(name.replaceAll('_', '-')) ?? { name, type: 'text', since: 2 };
}

/**
 * The names in a `LogFormat` string such as `${version} ${srcaddr}`, as CreateFlowLogs takes it;
 * nothing when it is none.
 */
export function parseLogFormat(text: string): string[] | undefined {
  if (!/^\s*(\$\{[a-z][a-z0-9-]*\}\s*)+$/.test(text)) return undefined;
  return [...text.matchAll(/\$\{([^}]+)\}/g)].map(([, name = '']) => name);
}

/** Whether a line is the header that S3 delivery writes at the top of every file. */
export function isHeader(line: string): boolean {
  const names = line.trim().split(' ');
  const known = names.filter((name) => BY_NAME.has(name)).length;
  return known * 2 > names.length && names.every((name) => /^[a-z][a-z0-9-]*$/.test(name));
}
