import { failed, ok, problemOfFile, type Result } from '../../model/problem.ts';
import {
  doorRole,
  engineers,
  type LockdownNames,
  organization,
  type PolicyDraft,
} from './lockdown-statements.ts';

export interface LockdownPolicy extends PolicyDraft {
  readonly document: string;
  /** Characters of the document without white space, and how many AWS takes. */
  readonly size: number;
  readonly limit: number;
}

/** Source: IAM User Guide and AWS Organizations User Guide, "Quotas". */
const LIMITS = { 'managed-policy': 6_144, 'service-control-policy': 5_120 } as const;

export function lockdown(names: LockdownNames): Result<LockdownPolicy[]> {
  const wrong = wrongNames(names);
  if (wrong.length > 0) return failed(wrong.map((text) => problemOfFile('lockdown', text)));
  const policies = [engineers(names), doorRole(names), ...organization(names)].map(measured);
  const tooLarge = policies.filter(({ size, limit }) => size > limit);
  return tooLarge.length === 0
    ? ok(policies)
    : failed(
        tooLarge.map(({ name, size, limit }) =>
          problemOfFile(name, `has ${size} characters, and AWS takes ${limit}`, {
            fix: 'name fewer exempt roles, or shorter ones with *',
          }),
        ),
      );
}

function wrongNames(names: LockdownNames): string[] {
  const wrong: string[] = [];
  const roles = [names.doorRole, names.deployRole, names.breakGlassRole];
  if (!/^\d{12}$/.test(names.account)) wrong.push('the account is a number of 12 digits');
  if (!/^[a-z]{2}(-[a-z]+)+-\d$/.test(names.region)) wrong.push('the region looks like eu-west-1');
  for (const name of [names.door, names.hook ?? 'none']) {
    if (!/^[A-Za-z0-9_-]{1,64}$/.test(name)) wrong.push(`${name} is no name of a function`);
  }
  for (const role of roles) {
    if (!/^[\w+=,.@/-]{1,512}$/.test(role)) wrong.push(`${role} is no name of a role`);
  }
  for (const role of names.exempt) {
    if (!/^[\w+=,.@*/-]{1,512}$/.test(role)) wrong.push(`${role} is no name of a role`);
    if (/^\*+$/.test(role)) wrong.push('* exempts everybody');
  }
  if (new Set(roles).size < roles.length)
    wrong.push('the door, the deployment and the break glass need a role each');
  return wrong;
}

function measured(draft: PolicyDraft): LockdownPolicy {
  const value = { Version: '2012-10-17', Statement: draft.statements.map(({ statement }) => statement) };
  return {
    ...draft,
    document: `${JSON.stringify(value, undefined, 2)}\n`,
    size: JSON.stringify(value).length,
    limit: LIMITS[draft.kind],
  };
}
