import { BlockList, isIP } from 'node:net';

interface Statement {
  readonly Effect?: unknown;
  readonly Principal?: unknown;
  readonly NotPrincipal?: unknown;
  readonly Condition?: unknown;
}

/**
 * Whether a bucket policy grants access to anybody: to all principals, and without a condition that a
 * fixed value of one of the listed keys must hold.
 * Source: Amazon S3 User Guide, "Blocking public access to your Amazon S3 storage": the meaning of public.
 */
export function isPublicPolicy(statements: readonly unknown[]): boolean {
  return statements.some((one) => {
    const { Effect, Principal, NotPrincipal, Condition } = (one ?? {}) as Statement;
    if (Effect !== 'Allow' || (NotPrincipal === undefined && !isEverybody(Principal))) return false;
    return !isNarrowed(Condition);
  });
}

function isEverybody(principal: unknown): boolean {
  if (principal === '*') return true;
  if (typeof principal !== 'object' || principal === null) return false;
  return [(principal as { AWS?: unknown }).AWS].flat().includes('*');
}

/** Of the condition keys that can make a policy one that is not public, in lower case. */
const NARROWING = new Set([
  'aws:principalorgid',
  'aws:sourceaccount',
  'aws:sourcearn',
  'aws:sourceip',
  'aws:sourceowner',
  'aws:sourcevpc',
  'aws:sourcevpce',
  'aws:userid',
  's3:dataaccesspointaccount',
  's3:dataaccesspointarn',
  's3:x-amz-server-side-encryption-aws-kms-key-id',
]);
/** Operators that say what a value must be; a key that may also be absent narrows nothing. */
const POSITIVE =
  /^(ForAnyValue:)?(StringEquals|StringEqualsIgnoreCase|StringLike|ArnEquals|ArnLike|IpAddress)$/;

function isNarrowed(condition: unknown): boolean {
  return Object.entries((condition ?? {}) as object).some(
    ([operator, keys]) =>
      POSITIVE.test(operator) &&
      Object.entries((keys ?? {}) as object).some(
        ([key, values]) =>
          NARROWING.has(key.toLowerCase()) &&
          [values].flat().every((value) => isFixed(key.toLowerCase(), String(value))),
      ),
  );
}

function isFixed(key: string, value: string): boolean {
  if (key === 'aws:sourceip') return !isWide(value);
  if (value.includes('${')) return false;
  // An ARN may leave open what is in the account, not whose account it is.
  if (key === 'aws:sourcearn' || key === 's3:dataaccesspointarn')
    return /^arn:[^:*?]+:[^:]*:[^:]*:\d{12}:/.test(value) || !/[*?]/.test(value);
  return !/[*?]/.test(value);
}

const PRIVATE = new BlockList();
PRIVATE.addSubnet('10.0.0.0', 8);
PRIVATE.addSubnet('172.16.0.0', 12);
PRIVATE.addSubnet('192.168.0.0', 16);
/** Prefixes shorter than these are as good as the whole Internet. */
const WIDE = { 4: 8, 6: 32 } as const;

function isWide(network: string): boolean {
  const [address = '', length] = network.split('/');
  const family = isIP(address);
  if (family === 0) return true;
  if (family === 4 && PRIVATE.check(address)) return false;
  return length !== undefined && Number(length) < WIDE[family as 4 | 6];
}
