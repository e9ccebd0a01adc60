import { matchesArn, matchesGlob } from '../model/glob.ts';
import { CLOUDFORMATION, type KnownRoles, type Principal } from './principal.ts';

export const APPROVED_SOURCES = ['cloudformation', 'door', 'services'] as const;
export type ApprovedSource = (typeof APPROVED_SOURCES)[number];

/** What is done with a change that nobody approved, weakest first. */
export const REACTION_MODES = ['ignore', 'observe', 'approve', 'enforce'] as const;
export type ReactionMode = (typeof REACTION_MODES)[number];

/** A role or user, as a pattern of its ARN, `*` and `?` allowed within each of its parts. */
export interface PrincipalPattern {
  readonly arn: string;
  /** The session's name too: it narrows, and is no proof, for whoever assumes the role chooses it. */
  readonly session?: string | undefined;
}

export interface Reaction {
  readonly mode: ReactionMode;
  readonly playbook?: string | undefined;
}

/** The part `approval` of cordon.yaml. */
export interface ApprovalSettings {
  readonly sources: readonly ApprovedSource[];
  /** Roles that CloudFormation must act with to be approved; any that it has, when there are none. */
  readonly stackRoles: readonly string[];
  readonly principals: readonly PrincipalPattern[];
  /** Allowed, loud, and reported. */
  readonly breakGlass: readonly PrincipalPattern[];
  readonly roles: KnownRoles;
  readonly unapproved: {
    readonly managedStacks: Reaction;
    readonly tagged: readonly (Reaction & { readonly tag: string; readonly value?: string | undefined })[];
    readonly all: Reaction;
  };
}

export interface Approval {
  /** `own` is Cordon's change, which it does not answer. */
  readonly verdict: 'own' | 'approved' | 'break-glass' | 'unapproved';
  /** For a person, in one sentence without a full stop. */
  readonly why: string;
}

/** Whether what somebody does is approved by who it is. */
export function approvalOf(principal: Principal, settings: ApprovalSettings): Approval {
  const { kind, name } = principal;
  if (kind === 'cordon') return { verdict: 'own', why: 'Cordon did it' };
  // Before all others: it is to be loud, also through CloudFormation.
  const glass = settings.breakGlass.find((pattern) => isMeant(principal, pattern));
  if (glass !== undefined) return { verdict: 'break-glass', why: `${glass.arn} is for emergencies` };
  if (kind === 'door' && settings.sources.includes('door'))
    return approved('it was made through the deploy door');
  if (isStack(principal) && settings.sources.includes('cloudformation')) {
    if (settings.stackRoles.length === 0) return approved('it was made through CloudFormation');
    const role = settings.stackRoles.find((pattern) => matchesArn(principal.arn, pattern));
    if (role !== undefined) return approved(`it was made through CloudFormation with ${role}`);
  }
  if (kind === 'service' && settings.sources.includes('services'))
    return approved(`the AWS service ${name} did it by itself`);
  const listed = settings.principals.find((pattern) => isMeant(principal, pattern));
  if (listed !== undefined) return approved(`${listed.arn} is listed`);
  return { verdict: 'unapproved', why: unapprovedBecause(principal, settings) };
}

/** What is known of the resource that was changed. */
export interface ChangedResource {
  /** The CloudFormation stack that manages it. */
  readonly stack?: string | undefined;
  readonly tags: readonly { readonly key: string; readonly value: string }[];
}

/**
 * What to do with a change that is not approved: the strongest of all that hold. A tag makes it stronger
 * and never weaker, for whoever changes a resource may change its tags as well.
 */
export function reactionTo(
  { stack, tags }: ChangedResource,
  { unapproved }: ApprovalSettings,
): Reaction & { readonly because: string } {
  const holding: (Reaction & { readonly because: string })[] = [
    { ...unapproved.all, because: 'nobody approved the change' },
  ];
  if (stack !== undefined)
    holding.push({ ...unapproved.managedStacks, because: `the stack ${stack} manages it` });
  for (const { tag, value, ...reaction } of unapproved.tagged) {
    const found = tags.some((one) => one.key === tag && (value === undefined || one.value === value));
    if (found)
      holding.push({ ...reaction, because: `it is tagged ${tag}${value === undefined ? '' : `=${value}`}` });
  }
  return holding.reduce((strongest, one) => (rank(one) >= rank(strongest) ? one : strongest));
}

function rank({ mode }: Reaction): number {
  return REACTION_MODES.indexOf(mode);
}

/** The door's own role is no stack: what it does itself is the door's alone. */
function isStack({ kind, chain, address }: Principal): boolean {
  const services = chain.flatMap((link) => (link.kind === 'service' ? [link.name] : []));
  return kind === 'cloudformation' || (kind === 'door' && [...services, address].includes(CLOUDFORMATION));
}

/** Only a user or a role has an ARN that is worth something; the session's name counts in addition. */
function isMeant({ arn, session }: Principal, pattern: PrincipalPattern): boolean {
  if (arn === '' || !matchesArn(arn, pattern.arn)) return false;
  return pattern.session === undefined || (session !== undefined && matchesGlob(session, pattern.session));
}

function unapprovedBecause(principal: Principal, { stackRoles }: ApprovalSettings): string {
  const { kind, arn, name } = principal;
  const who = arn === '' ? name : arn;
  if (isStack(principal))
    return stackRoles.length === 0
      ? `changes through CloudFormation are not approved, here with ${who}`
      : `CloudFormation did it with ${who}, which is none of the roles that deploy`;
  if (kind === 'root') return 'the root user did it';
  if (kind === 'account') return `somebody of the account ${name} did it`;
  if (kind === 'service') return `the AWS service ${name} did it`;
  return `${who} is not listed, and it went round CloudFormation`;
}

function approved(why: string): Approval {
  return { verdict: 'approved', why };
}
