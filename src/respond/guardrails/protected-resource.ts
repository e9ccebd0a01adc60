import { matchesGlob } from '../../model/glob.ts';
import { INSTANCE, type Subject } from '../../model/subject.ts';
import { type Guardrail, isGrave } from './guardrail.ts';

export const protectedResource: Guardrail = {
  name: 'protected-resource',
  yieldsToApproval: true,
  async ask(question, { protectedResources }) {
    if (protectedResources.length === 0 || !isGrave(question)) return [];
    const { subject } = question.incident;
    const names = namesOf(subject);
    const pattern = protectedResources.find((one) => names.some((name) => matchesGlob(name, one)));
    return pattern === undefined
      ? [{ allowed: true, reason: `${subject.id} is no protected resource` }]
      : [{ allowed: false, reason: `${subject.id} is protected by ${pattern}` }];
  },
};

/** How ARNs of the types are written whose subjects go by an id. Source: Service Authorization Reference. */
const ARNS: Readonly<Record<string, (subject: Subject, partition: string) => string>> = {
  [INSTANCE]: ({ region, account, id }, partition) =>
    `arn:${partition}:ec2:${region}:${account}:instance/${id}`,
  'AWS::EC2::NetworkInterface': ({ region, account, id }, partition) =>
    `arn:${partition}:ec2:${region}:${account}:network-interface/${id}`,
  'AWS::EC2::SecurityGroup': ({ region, account, id }, partition) =>
    `arn:${partition}:ec2:${region}:${account}:security-group/${id}`,
  'AWS::IAM::User': ({ account, id }, partition) => `arn:${partition}:iam::${account}:user/${id}`,
  'AWS::IAM::Role': ({ account, id }, partition) => `arn:${partition}:iam::${account}:role/${id}`,
  'AWS::Lambda::Function': ({ region, account, id }, partition) =>
    `arn:${partition}:lambda:${region}:${account}:function:${id}`,
  'AWS::RDS::DBInstance': ({ region, account, id }, partition) =>
    `arn:${partition}:rds:${region}:${account}:db:${id}`,
  'AWS::S3::Bucket': ({ id }, partition) => `arn:${partition}:s3:::${id}`,
};

/**
 * Everything that a pattern may call a subject by: its id, its ARN, the name at the end of an ARN, and of a
 * session the role that was assumed. A path of the role is not in the session's ARN, so both are tried by name.
 */
export function namesOf(subject: Subject): string[] {
  const { type, id, region } = subject;
  const names = [id];
  if (!id.startsWith('arn:')) {
    const arn = ARNS[type]?.(subject, partitionOf(region));
    return arn === undefined ? names : [id, arn];
  }
  const [, partition = 'aws', service, , account = '', ...rest] = id.split(':');
  const [kind = '', ...path] = rest.join(':').split('/');
  const last = path.at(-1);
  if (service === 'sts' && kind === 'assumed-role' && path[0] !== undefined)
    names.push(path[0], `arn:${partition}:iam::${account}:role/${path[0]}`);
  else if (last !== undefined) names.push(last);
  return names;
}

function partitionOf(region: string): string {
  if (region.startsWith('cn-')) return 'aws-cn';
  return region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
}
