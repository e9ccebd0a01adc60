import type { Role, User } from '@aws-sdk/client-iam';
import type { AwsClients } from '../../aws/clients.ts';
import { awsErrorCode } from '../../aws/errors.ts';
import { ACCESS_KEY, ROLE, type Subject, USER } from '../../model/subject.ts';

/** What it needs to find a user, and a role. */
export const FIND_USER = ['iam:GetUser', 'iam:GetAccessKeyLastUsed'];
export const FIND_ROLE = ['iam:GetRole'];

/** The user or role that a subject names. */
export interface Principal {
  readonly kind: 'user' | 'role';
  readonly name: string;
  /** The access key that the subject is, where it is one. */
  readonly accessKeyId?: string;
}

/** One whom IAM knows now. */
export interface FoundPrincipal extends Principal {
  readonly arn: string;
  readonly partition: string;
  readonly user?: User;
  readonly role?: Role;
}

interface Refusal {
  readonly refused: string;
}

/** Names of users and roles. Source: IAM User Guide, "IAM and AWS STS quotas". */
const NAME = /^[\w+=,.@-]{1,64}$/;
const PARTITION = /^aws(-[a-z]+)*$/;
const KEY_ID = /^(AKIA|ASIA)[A-Z0-9]{12,124}$/;

/**
 * The user or role that a subject names: by an ARN of IAM, by the ARN of a session of a role, or by its plain
 * name. What is nobody's to change, or of another account, is refused with a sentence. Everything in it comes
 * from a log. Source: IAM User Guide, "IAM identifiers"; AWS CloudTrail User Guide, "CloudTrail userIdentity
 * element".
 */
export function principalOf({ type, id, account }: Subject): Principal | Refusal | { readonly key: string } {
  if (type === ACCESS_KEY || KEY_ID.test(id)) {
    return KEY_ID.test(id) ? { key: id } : refuse(id, 'is no access key id');
  }
  if (id === 'root' || id === account || /^\d{12}$/.test(id)) return refuse(id, ROOT);
  if (!id.startsWith('arn:')) {
    if (!NAME.test(id)) return refuse(id, 'is no name of a user or role');
    if (/^A(IDA|ROA)[A-Z0-9]{12,}$/.test(id))
      return refuse(id, 'is an id: IAM finds users and roles by name');
    if (/\.amazonaws\.com(\.cn)?$/.test(id)) return refuse(id, 'is a service of AWS');
    return { kind: type === ROLE ? 'role' : 'user', name: id };
  }
  return ofArn(id, account);
}

const ROOT =
  'is the root user: nobody else can limit it. Sign in as root, change its password, delete its keys';

function ofArn(arn: string, account: string): Principal | Refusal {
  const [, partition = '', service, region, owner, resource = '', ...rest] = arn.split(':');
  if (!PARTITION.test(partition) || region !== '' || rest.length > 0) return refuse(arn, 'is no ARN of IAM');
  if (owner !== account) return refuse(arn, `is not of account ${account}`);
  if (service === 'iam' && resource === 'root') return refuse(arn, ROOT);
  const [kind, ...path] = resource.split('/');
  const named = (as: Principal['kind'], name: string | undefined): Principal | Refusal =>
    name !== undefined && NAME.test(name) ? { kind: as, name } : refuse(arn, 'has no name of a user or role');
  if (service === 'iam' && kind === 'user') return named('user', path.at(-1));
  if (service === 'iam' && kind === 'role') {
    return path[0] === 'aws-service-role' ? refuse(arn, SERVICE_ROLE) : named('role', path.at(-1));
  }
  // The path of the role is not in the ARN of its session, and neither name has a slash.
  if (service === 'sts' && kind === 'assumed-role' && path.length === 2) return named('role', path[0]);
  if (service === 'sts' && kind === 'federated-user')
    return refuse(arn, 'is a federated session: quarantine the user who called GetFederationToken');
  return refuse(arn, 'is no user and no role');
}

const SERVICE_ROLE = 'is the role of a service of AWS: only that service changes it';

/**
 * The subject as IAM knows it now; a refusal says why nobody should go on without a person. Nothing is asked
 * of AWS about one who is not of the kind that is wanted.
 */
export async function findPrincipal(
  aws: AwsClients,
  subject: Subject,
  wanted?: Principal['kind'],
): Promise<FoundPrincipal | Refusal> {
  const named = principalOf(subject);
  if ('refused' in named) return named;
  const kind = 'key' in named ? 'user' : named.kind;
  if (wanted !== undefined && kind !== wanted)
    return refuse(subject.id, kind === 'role' ? 'is a role, not a user' : 'is of a user, not of a role');
  // A name says nothing of its account: with the wrong credentials it would be somebody else.
  const self = await (await aws.use('sts')).getCallerIdentity({});
  if (self.Account !== subject.account)
    return refuse(subject.id, `is of account ${subject.account}, and Cordon works in ${self.Account}`);
  const principal = 'key' in named ? await ownerOfKey(aws, named.key) : named;
  if ('refused' in principal) return principal;
  const found = await describe(aws, principal);
  if ('refused' in found) return found;
  if (/^arn:[^:]*:iam:/.test(subject.id) && found.arn !== subject.id)
    return refuse(subject.id, `is not there any more: ${found.arn} is another one of that name`);
  const me = principalOf({ ...subject, type: USER, id: self.Arn ?? '' });
  if ('kind' in me && me.kind === found.kind && me.name === found.name)
    return refuse(found.arn, 'is who Cordon itself works as');
  return found;
}

async function describe(aws: AwsClients, principal: Principal): Promise<FoundPrincipal | Refusal> {
  const { kind, name } = principal;
  const iam = await aws.use('iam');
  try {
    const { User: user } = kind === 'user' ? await iam.getUser({ UserName: name }) : {};
    const { Role: role } = kind === 'role' ? await iam.getRole({ RoleName: name }) : {};
    const arn = user?.Arn ?? role?.Arn ?? '';
    if (role?.Path?.startsWith('/aws-service-role/')) return refuse(arn, SERVICE_ROLE);
    if (role?.Path?.startsWith('/aws-reserved/'))
      return refuse(arn, 'belongs to IAM Identity Center: revoke the session and the permission set there');
    const partition = arn.split(':')[1] ?? 'aws';
    return { ...principal, arn, partition, ...(user ? { user } : {}), ...(role ? { role } : {}) };
  } catch (error) {
    if (awsErrorCode(error) === 'NoSuchEntity') return refuse(name, `is no ${kind} that IAM knows`);
    throw error;
  }
}

async function ownerOfKey(aws: AwsClients, accessKeyId: string): Promise<Principal | Refusal> {
  if (accessKeyId.startsWith('ASIA'))
    return refuse(accessKeyId, 'is a temporary key: revoke the sessions of its role, or quarantine its user');
  const { UserName } = await (await aws.use('iam')).getAccessKeyLastUsed({ AccessKeyId: accessKeyId });
  if (UserName === undefined) return refuse(accessKeyId, 'is of nobody that IAM names');
  return { kind: 'user', name: UserName, accessKeyId };
}

function refuse(what: string, why: string): Refusal {
  return { refused: `${what} ${why}` };
}
