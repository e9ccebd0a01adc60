import { ACCESS_KEY, ROLE, USER } from '../model/subject.ts';
import type { SubjectField, SubjectName } from './format.ts';

/** Roles, and their sessions: what is done about a session is done to its role. */
const OF_A_ROLE = /^arn:[^:]*:(?:iam::[^:]*:role|sts::[^:]*:assumed-role)\//;

/**
 * A field with the ARN of who called. The ARN alone says the type, so that a principal is one subject in all
 * records. Source: AWS CloudTrail User Guide, "CloudTrail userIdentity element".
 */
export function principalArn(field: string): SubjectField {
  return {
    type: USER,
    field,
    named: { types: [ROLE], of: (id) => ({ type: OF_A_ROLE.test(id) ? ROLE : USER, id }) },
  };
}

const DETAILS = 'resource.accessKeyDetails';

/**
 * Whose credentials a finding of GuardDuty is about: a user or a role by its name, which IAM finds, where its
 * type is known; else the long-term key itself. Source: Amazon GuardDuty API Reference, "AccessKeyDetails".
 */
export const CREDENTIALS: readonly SubjectField[] = [
  { type: USER, field: `${DETAILS}.userType`, named: { types: [ROLE], of: owner } },
  {
    type: ACCESS_KEY,
    field: `${DETAILS}.accessKeyId`,
    named: { types: [], of: (id) => (id.startsWith('AKIA') ? { type: ACCESS_KEY, id } : undefined) },
  },
  { type: USER, field: `${DETAILS}.principalId` },
];

function owner(userType: string, textOf: (field: string) => string | undefined): SubjectName | undefined {
  if (userType === 'Root') return { type: USER, id: 'root' };
  const type = userType === 'IAMUser' ? USER : /^(?:AssumedRole|Role)$/.test(userType) ? ROLE : undefined;
  const id = textOf(`${DETAILS}.userName`);
  return type === undefined || id === undefined ? undefined : { type, id };
}
