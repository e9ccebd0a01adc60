import type { Json } from '../model/json.ts';
import type { ApiCall } from './api-call.ts';
import { textOf } from './members.ts';

/**
 * `person` somebody at a keyboard; `role` a program or somebody with a role; `service` AWS by itself;
 * `cloudformation` for a stack; `door` a stack of the deploy door, or the door itself; `cordon` Cordon;
 * `account` somebody of another account, of whom the record says no more.
 */
export type PrincipalKind =
  | 'person'
  | 'role'
  | 'service'
  | 'cloudformation'
  | 'door'
  | 'cordon'
  | 'root'
  | 'account';

/** One of those that a call went through. */
export interface Link {
  readonly kind: 'source-identity' | 'provider' | 'user' | 'role' | 'session' | 'service' | 'account';
  readonly name: string;
}

/** Who is behind a call. */
export interface Principal {
  readonly kind: PrincipalKind;
  /** ARN of the user or of the role, and never of its session; empty where there is none. */
  readonly arn: string;
  readonly name: string;
  /** The name of the session: whoever assumed the role chose it. */
  readonly session?: string;
  /** From the first to the last that the call went through. */
  readonly chain: readonly Link[];
  readonly mfa?: boolean;
  /** Where the call came from: an address, or the name of an AWS service. */
  readonly address?: string;
}

/** ARNs of roles that are known for what they do. */
export interface KnownRoles {
  /** Cordon's own. */
  readonly cordon: readonly string[];
  /** The one that the door runs as. */
  readonly door: readonly string[];
  /** Those that CloudFormation deploys with for the door. */
  readonly deploy: readonly string[];
}

/** Who began the session that a key belongs to, where the call that began it was seen. */
export type SessionOwner = (accessKeyId: string) => Principal | undefined;

export const CLOUDFORMATION = 'cloudformation.amazonaws.com';
/** Paths that only AWS makes roles in. Source: IAM User Guide, "IAM identifiers" and "Create a service-linked role". */
const OF_SERVICES = /^arn:aws[a-z-]*:iam::\d{12}:role\/aws-service-role\//;
const OF_IDENTITY_CENTER = /^arn:aws[a-z-]*:iam::\d{12}:role\/aws-reserved\/sso\.amazonaws\.com\//;
const MOST_LINKS = 32;

/**
 * Who made a call. What a caller chooses (the user agent, the name of a session, a source identity) is
 * told, and nothing is concluded from it. Never throws.
 * Source: AWS CloudTrail User Guide, "CloudTrail userIdentity element".
 */
export function principalOf(
  call: ApiCall,
  known: KnownRoles,
  owner: SessionOwner = () => undefined,
): Principal {
  const { identity } = call;
  const base = baseOf(identity);
  const service = textOf(identity, 'invokedBy');
  const key = textOf(identity, 'accessKeyId');
  const earlier = key === undefined ? undefined : owner(key);
  const mfa = textOf(identity, 'sessionContext.attributes.mfaAuthenticated');
  return {
    ...base,
    kind: kindOf(call, base, known, mfa === 'true'),
    chain: [
      ...(earlier?.chain ?? []),
      ...base.chain,
      ...(service === undefined || service === base.name ? [] : [link('service', service)]),
    ].slice(-MOST_LINKS),
    ...(mfa === undefined ? {} : { mfa: mfa === 'true' }),
    ...(call.from === undefined ? {} : { address: call.from }),
  };
}

function kindOf(call: ApiCall, base: Base, known: KnownRoles, mfa: boolean): PrincipalKind {
  const isRole = base.kind === 'role';
  if (isRole && known.cordon.includes(base.arn)) return 'cordon';
  if (isRole && known.door.includes(base.arn)) return 'door';
  if (isByCloudFormation(call)) return isRole && known.deploy.includes(base.arn) ? 'door' : 'cloudformation';
  if (!isRole) return base.kind;
  if (OF_SERVICES.test(base.arn)) return 'service';
  return mfa || OF_IDENTITY_CENTER.test(base.arn) ? 'person' : 'role';
}

/**
 * AWS sets who invoked, and the address when that is a service; the user agent is the caller's own word.
 * Source: AWS CloudTrail User Guide, "CloudTrail record contents", `sourceIPAddress` and `invokedBy`.
 */
export function isByCloudFormation({ identity, from }: Pick<ApiCall, 'identity' | 'from'>): boolean {
  return (textOf(identity, 'invokedBy') ?? from) === CLOUDFORMATION;
}

type Base = Pick<Principal, 'kind' | 'arn' | 'name' | 'session' | 'chain'>;

function baseOf(identity: Json): Base {
  const type = textOf(identity, 'type');
  const arn = textOf(identity, 'arn') ?? '';
  const account = textOf(identity, 'accountId') ?? '';
  const userName = textOf(identity, 'userName');
  switch (type) {
    case 'Root':
      return { kind: 'root', arn, name: 'root', chain: [link('account', account)] };
    case 'IAMUser': {
      const name = userName ?? lastPart(arn);
      return { kind: 'person', arn, name, chain: [link('user', arn)] };
    }
    case 'AssumedRole':
    case 'Role':
      return roleOf(identity, arn);
    case 'FederatedUser':
      return federatedOf(identity, arn);
    case 'SAMLUser':
    case 'WebIdentityUser': {
      const provider = textOf(identity, 'identityProvider');
      const chain = [
        ...(provider === undefined ? [] : [link('provider', provider)]),
        link('user', userName ?? ''),
      ];
      return { kind: 'person', arn: '', name: userName ?? '', chain };
    }
    case 'IdentityCenterUser': {
      const name = textOf(identity, 'onBehalfOf.userId') ?? '';
      return { kind: 'person', arn: '', name, chain: [link('user', name)] };
    }
    case 'AWSService': {
      const name = textOf(identity, 'invokedBy') ?? '';
      return { kind: 'service', arn: '', name, chain: [link('service', name)] };
    }
    default: {
      const name = account === '' ? 'unknown' : account;
      return { kind: 'account', arn: '', name, chain: [link('account', name)] };
    }
  }
}

/** The role is who issued the session; the ARN of the session has the name of the role without its path. */
function roleOf(identity: Json, arn: string): Base {
  const match = /^arn:(aws[a-z-]*):sts::(\d{12}):assumed-role\/([^/]+)\/(.+)$/.exec(arn);
  const [, partition = '', account = '', roleName = '', session] = match ?? [];
  const derived = match === null ? arn : `arn:${partition}:iam::${account}:role/${roleName}`;
  const role = textOf(identity, 'sessionContext.sessionIssuer.arn') ?? derived;
  const source = textOf(identity, 'sessionContext.sourceIdentity');
  const provider = textOf(identity, 'sessionContext.webIdFederationData.federatedProvider');
  return {
    kind: 'role',
    arn: role,
    name: textOf(identity, 'sessionContext.sessionIssuer.userName') ?? lastPart(role),
    ...(session === undefined ? {} : { session }),
    chain: [
      ...(source === undefined ? [] : [link('source-identity', source)]),
      ...(provider === undefined ? [] : [link('provider', provider)]),
      link('role', role),
      ...(session === undefined ? [] : [link('session', session)]),
    ],
  };
}

/** A federated user has a name that whoever asked for the token chose, and at most that one's rights. */
function federatedOf(identity: Json, arn: string): Base {
  const issuer = textOf(identity, 'sessionContext.sessionIssuer.arn');
  const isRoot = textOf(identity, 'sessionContext.sessionIssuer.type') === 'Root';
  const session = lastPart(arn);
  return {
    kind: isRoot ? 'root' : 'person',
    arn: issuer ?? '',
    name: isRoot ? 'root' : issuer === undefined ? session : lastPart(issuer),
    session,
    chain: [...(issuer === undefined ? [] : [link('user', issuer)]), link('session', session)],
  };
}

function link(kind: Link['kind'], name: string): Link {
  return { kind, name };
}

function lastPart(arn: string): string {
  return arn.slice(arn.lastIndexOf('/') + 1);
}
