import { AwsError } from '../aws-error.ts';

/** A policy as it is evaluated: what may be one or many is many. */
export interface PolicyStatement {
  readonly effect: 'Allow' | 'Deny';
  /** Without them the statement is of `notActions`. */
  readonly actions: readonly string[] | undefined;
  readonly notActions: readonly string[];
  readonly resources: readonly string[] | undefined;
  readonly notResources: readonly string[];
  /** By type, e.g. `AWS`, `Service`; `*` by itself is every type. Nothing in a policy of an identity. */
  readonly principals: Readonly<Record<string, readonly string[]>> | undefined;
  /** Operator, key, values. */
  readonly conditions: readonly (readonly [operator: string, key: string, values: readonly string[]])[];
}

/** Whose policy it is; one of a resource may name principals and resources, or leave the resource out. */
type Kind = 'identity' | 'trust' | 'resource';

/**
 * Reads a policy document. IAM's own refusals, for what it refuses when a policy is written.
 * Source: IAM User Guide, "Grammar of the IAM JSON policy language".
 */
export function parsePolicy(text: string, kind: Kind): PolicyStatement[] {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    throw malformed('Syntax errors in policy.');
  }
  if (!isObject(document)) throw malformed('Syntax errors in policy.');
  const { Version: version = '2008-10-17', Statement: statement } = document;
  if (version !== '2012-10-17' && version !== '2008-10-17') throw malformed('Syntax errors in policy.');
  const unknown = Object.keys(document).find((key) => !['Version', 'Id', 'Statement'].includes(key));
  if (unknown !== undefined || statement === undefined) throw malformed('Syntax errors in policy.');
  const statements = Array.isArray(statement) ? statement : [statement];
  return statements.map((one) => parseStatement(one, kind));
}

const MEMBERS = [
  'Sid',
  'Effect',
  'Principal',
  'NotPrincipal',
  'Action',
  'NotAction',
  'Resource',
  'NotResource',
  'Condition',
];

function parseStatement(statement: unknown, kind: Kind): PolicyStatement {
  if (!isObject(statement)) throw malformed('Syntax errors in policy.');
  if (Object.keys(statement).some((key) => !MEMBERS.includes(key)))
    throw malformed('Syntax errors in policy.');
  const { Effect: effect, Action, NotAction, Resource, NotResource, Principal, Condition } = statement;
  if (effect !== 'Allow' && effect !== 'Deny') throw malformed('Syntax errors in policy.');
  if (Action === undefined && NotAction === undefined)
    throw malformed('Policy statement must contain actions.');
  const actions = Action === undefined ? undefined : texts(Action);
  const notActions = NotAction === undefined ? [] : texts(NotAction);
  for (const action of [...(actions ?? []), ...notActions]) {
    if (action === '*' || /^[\w*?-]+:[\w*?]+$/.test(action)) continue;
    throw malformed('Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.');
  }
  const resources = Resource === undefined ? undefined : texts(Resource);
  const notResources = NotResource === undefined ? [] : texts(NotResource);
  if (kind === 'identity') {
    if (Principal !== undefined || statement.NotPrincipal !== undefined)
      throw malformed('Policy document should not specify a principal.');
    if (resources === undefined && NotResource === undefined)
      throw malformed('Policy statement must contain resources.');
    for (const resource of [...(resources ?? []), ...notResources]) {
      if (resource === '*' || /^arn:[^:]*:[^:]*:[^:]*:[^:]*:./.test(resource)) continue;
      throw malformed(`Resource ${resource} must be in ARN format or "*".`);
    }
  } else if (kind === 'trust') {
    if (resources !== undefined || NotResource !== undefined)
      throw malformed('Has prohibited field Resource.');
    if (Principal === undefined && statement.NotPrincipal === undefined)
      throw malformed('Missing required field Principal.');
  }
  return {
    effect,
    actions,
    notActions,
    resources,
    notResources,
    principals: Principal === undefined ? undefined : parsePrincipals(Principal),
    conditions: Condition === undefined ? [] : parseConditions(Condition),
  };
}

function parsePrincipals(principal: unknown): Readonly<Record<string, readonly string[]>> {
  if (principal === '*') return { '*': ['*'] };
  if (!isObject(principal)) throw malformed('Invalid principal in policy.');
  return Object.fromEntries(Object.entries(principal).map(([type, names]) => [type, texts(names)]));
}

function parseConditions(condition: unknown): [string, string, string[]][] {
  if (!isObject(condition)) throw malformed('Syntax errors in policy.');
  return Object.entries(condition).flatMap(([operator, keys]) => {
    if (!isObject(keys)) throw malformed('Syntax errors in policy.');
    return Object.entries(keys).map(([key, values]): [string, string, string[]] => [
      operator,
      key,
      texts(values),
    ]);
  });
}

/** One text or many; numbers and booleans are taken as they are written. */
function texts(value: unknown): string[] {
  const values = Array.isArray(value) ? value : [value];
  return values.map((one) => {
    if (typeof one === 'string') return one;
    if (typeof one === 'number' || typeof one === 'boolean') return String(one);
    throw malformed('Syntax errors in policy.');
  });
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function malformed(message: string): AwsError {
  return new AwsError('MalformedPolicyDocument', message);
}

/** IAM answers documents percent-encoded. Source: IAM API Reference, "GetRolePolicy". */
export function encodedDocument(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** White space does not count. Source: IAM User Guide, "IAM and AWS STS quotas". */
export function policySize(text: string): number {
  return text.replace(/\s/g, '').length;
}
