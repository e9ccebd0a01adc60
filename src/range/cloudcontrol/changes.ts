import type { Account } from '../account.ts';
import { AwsError } from '../aws-error.ts';
import { isSame } from '../cloudformation/compare.ts';
import type { Properties } from './resource-type.ts';

/** Makes the calls that bring a property from one value to another; nothing for one that is not set. */
export type Setter = (account: Account, id: string, after: unknown, before: unknown) => void;

/** Sets what differs, in the order of the setters. */
export function applyChanges(
  setters: Readonly<Record<string, Setter>>,
  account: Account,
  id: string,
  { before, after }: { readonly before: Properties; readonly after: Properties },
): void {
  for (const [name, set] of Object.entries(setters))
    if (!isSame(before[name], after[name])) set(account, id, after[name], before[name]);
}

/** What a call answers, or nothing where it is refused with one of these codes. */
export function unless<T>(codes: RegExp, call: () => T): T | undefined {
  try {
    return call();
  } catch (error) {
    if (error instanceof AwsError && codes.test(error.code)) return undefined;
    throw error;
  }
}

/** Those of one list that are not in the other. */
export function missingFrom(others: unknown, all: unknown): unknown[] {
  const known = (others ?? []) as unknown[];
  return ((all ?? []) as unknown[]).filter((item) => !known.some((other) => isSame(item, other)));
}

/** A document that a property holds, as the text that the API takes. */
export function textOf(document: unknown): string {
  return typeof document === 'string' ? document : JSON.stringify(document);
}

/** Without the members that are not set. */
export function present(members: Properties): Properties {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
}

/** The members of these names. */
export function pick(properties: Properties, names: readonly string[]): Properties {
  return Object.fromEntries(Object.entries(properties).filter(([name]) => names.includes(name)));
}
