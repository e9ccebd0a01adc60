import type { Filter, Tag } from '@aws-sdk/client-ec2';
import { AwsError, badParameter } from '../aws-error.ts';

type Values = (string | undefined)[];

/** Applies a describe call's filters; a filter's values are linked by OR, the filters by AND. */
export function filtered<T>(
  items: readonly T[],
  filters: readonly Filter[] | undefined,
  fields: Readonly<Record<string, (item: T) => Values>>,
  tags: (item: T) => Tag[],
): T[] {
  const tests = (filters ?? []).map(({ Name = '', Values: wanted = [] }) => {
    const read = Name.startsWith('tag:')
      ? (item: T): Values => tags(item).flatMap(({ Key, Value }) => (Key === Name.slice(4) ? [Value] : []))
      : Name === 'tag-key'
        ? (item: T): Values => tags(item).map(({ Key }) => Key)
        : Object.hasOwn(fields, Name)
          ? fields[Name]
          : undefined;
    if (read === undefined) throw badParameter(`The filter '${Name}' is invalid`);
    return (item: T): boolean => read(item).some((value) => value !== undefined && wanted.includes(value));
  });
  return items.filter((item) => tests.every((test) => test(item)));
}

interface PageRequest {
  readonly MaxResults?: number | undefined;
  readonly NextToken?: string | undefined;
}

/** One page of a describe call; the token is the place where the next one begins. */
export function page<T>(
  items: readonly T[],
  { MaxResults, NextToken }: PageRequest,
): { items: T[]; NextToken?: string } {
  if (MaxResults !== undefined && (MaxResults < 5 || MaxResults > 1000)) {
    throw badParameter(
      `Value ( ${MaxResults} ) for parameter maxResults is invalid. Expecting a value between 5 and 1000.`,
    );
  }
  const from = NextToken === undefined ? 0 : Number(Buffer.from(NextToken, 'base64url').toString('utf8'));
  if (!Number.isInteger(from) || from < 0) throw new AwsError('InvalidNextToken', 'The token is invalid');
  const to = from + (MaxResults ?? 1000);
  const rest = to < items.length ? { NextToken: Buffer.from(String(to)).toString('base64url') } : {};
  return { items: items.slice(from, to), ...rest };
}

/** The resources that a call names, or AWS's error for the first that does not exist. */
export function named<T>(
  all: ReadonlyMap<string, T>,
  ids: readonly string[] | undefined,
  notFound: { readonly code: string; readonly what: string },
): T[] {
  if (ids === undefined || ids.length === 0) return [...all.values()];
  return ids.map((id) => {
    const found = all.get(id);
    if (found === undefined)
      throw new AwsError(notFound.code, `The ${notFound.what} ID '${id}' does not exist`);
    return found;
  });
}

export const NO_INSTANCE = { code: 'InvalidInstanceID.NotFound', what: 'instance' };
export const NO_VOLUME = { code: 'InvalidVolume.NotFound', what: 'volume' };
export const NO_SNAPSHOT = { code: 'InvalidSnapshot.NotFound', what: 'snapshot' };
export const NO_GROUP = { code: 'InvalidGroup.NotFound', what: 'security group' };
export const NO_INTERFACE = { code: 'InvalidNetworkInterfaceID.NotFound', what: 'network interface' };

/** The one resource that a call names. */
export function one<T>(
  all: ReadonlyMap<string, T>,
  id: string | undefined,
  notFound: { code: string; what: string },
): T {
  if (id === undefined || id === '')
    throw new AwsError('MissingParameter', `The request must contain the ${notFound.what} ID`);
  const [found] = named(all, [id], notFound);
  if (found === undefined)
    throw new AwsError(notFound.code, `The ${notFound.what} ID '${id}' does not exist`);
  return found;
}
