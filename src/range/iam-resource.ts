import type { Account } from './account.ts';

type Input = Readonly<Record<string, unknown>>;

/** How the ids of EC2 begin, and what they are of; snapshots and images are of no account in their ARNs. */
const EC2_TYPES: Readonly<Record<string, string>> = {
  acl: 'network-acl',
  ami: 'image',
  eni: 'network-interface',
  fl: 'vpc-flow-log',
  i: 'instance',
  rtb: 'route-table',
  sg: 'security-group',
  snap: 'snapshot',
  subnet: 'subnet',
  vol: 'volume',
  vpc: 'vpc',
};

/**
 * The ARNs of what a call is about, where the range knows; `*` where it does not, as with a call that is
 * about no one resource.
 */
export function resourcesOf(account: Account, service: string, operation: string, input: Input): string[] {
  const { id, region } = account;
  const text = (member: string): string | undefined =>
    typeof input[member] === 'string' ? (input[member] as string) : undefined;
  const arn =
    (kind: string, at = region, owner = id) =>
    (name: string) =>
      name.startsWith('arn:')
        ? name
        : `arn:aws:${kind.split(':')[0]}:${at}:${owner}:${kind.split(':')[1]}${name}`;
  const one = (name: string | undefined, make: (name: string) => string): string[] =>
    name === undefined ? ['*'] : [make(name)];
  switch (service) {
    case 'ec2':
      return /^(Describe|Get|Search)/.test(operation) ? ['*'] : ec2Resources(account, input);
    case 'iam':
      return iamResources(account, operation, input);
    case 's3':
      return one(text('Bucket'), (bucket) => {
        const key = text('Key');
        return `arn:aws:s3:::${bucket}${key === undefined || key === '' ? '' : `/${key}`}`;
      });
    case 'sqs':
      return one(text('QueueUrl')?.split('/').at(-1) ?? text('QueueName'), arn('sqs:'));
    case 'sns':
      return one(text('TopicArn'), arn('sns:'));
    case 'kinesis':
      return one(text('StreamARN') ?? text('StreamName'), arn('kinesis:stream/'));
    case 'kms':
      return one(text('KeyId'), arn('kms:key/'));
    case 'lambda':
      return one(text('FunctionName'), arn('lambda:function:'));
    case 'secretsmanager':
      return one(text('SecretId'), arn('secretsmanager:secret:'));
    case 'sts':
      return one(text('RoleArn'), (role) => role);
    default:
      return ['*'];
  }
}

function iamResources({ id }: Account, operation: string, input: Input): string[] {
  const arn = (kind: string, name: unknown) => `arn:aws:iam::${id}:${kind}/${String(name)}`;
  // Joining a group is allowed on the group.
  if (/^(AddUserTo|RemoveUserFrom)Group$/.test(operation)) return [arn('group', input.GroupName)];
  if (input.InstanceProfileName !== undefined) return [arn('instance-profile', input.InstanceProfileName)];
  if (input.UserName !== undefined) return [arn('user', input.UserName)];
  if (input.RoleName !== undefined) return [arn('role', input.RoleName)];
  if (input.GroupName !== undefined) return [arn('group', input.GroupName)];
  if (typeof input.PolicyArn === 'string') return [input.PolicyArn];
  return ['*'];
}

function ec2Resources({ id, region }: Account, input: Input): string[] {
  const named = Object.values(input)
    .flat()
    .filter((value): value is string => typeof value === 'string');
  const arns = named.flatMap((name) => {
    const type = EC2_TYPES[/^([a-z]+)-[0-9a-f]+$/.exec(name)?.[1] ?? ''];
    if (type === undefined) return [];
    const owner = type === 'snapshot' || type === 'image' ? '' : id;
    return [`arn:aws:ec2:${region}:${owner}:${type}/${name}`];
  });
  return arns.length === 0 ? ['*'] : arns;
}
