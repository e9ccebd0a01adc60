import { awsErrorCode } from '../../aws/errors.ts';
import { hostNetwork } from './hostile-address.ts';

/** A list of addresses that AWS replaces as a whole, and only when nobody changed it since it was read. */
export interface AddressList {
  readonly entries: readonly string[];
  /** Throws AWS's error of a list that was changed meanwhile. */
  replace(entries: readonly string[]): Promise<void>;
}

/** How often a change is made again on what somebody else changed meanwhile. */
const TRIES = 6;

/**
 * Changes a list until AWS shows the change, on top of whatever others do to it meanwhile.
 * `change` answers the list as it should be, or nothing when it is so already.
 */
export async function changeList(
  read: () => Promise<AddressList>,
  changedMeanwhile: string,
  change: (entries: readonly string[]) => readonly string[] | undefined,
): Promise<readonly string[]> {
  for (let tries = 1; ; tries++) {
    const { entries, replace } = await read();
    const next = change(entries);
    if (next === undefined) return entries;
    try {
      await replace(next);
    } catch (error) {
      if (awsErrorCode(error) !== changedMeanwhile || tries === TRIES) throw error;
    }
  }
}

/** Takes networks out of a list, whatever others do to it meanwhile; answers its entries that went. */
export async function removeFrom(
  read: () => Promise<AddressList>,
  changedMeanwhile: string,
  networks: readonly string[],
): Promise<string[]> {
  let removed: string[] = [];
  await changeList(read, changedMeanwhile, (now) => {
    const left = without(now, networks);
    if (left.length === now.length) return undefined;
    removed = now.filter((entry) => !left.includes(entry));
    return left;
  });
  return removed;
}

/** Those of the networks that the list lacks, however it writes its own; each of them is one host. */
export function missingFrom(entries: readonly string[], networks: readonly string[]): string[] {
  const known = new Set(entries.map(written));
  return networks.filter((network) => !known.has(written(network)));
}

/** The list without the networks. */
function without(entries: readonly string[], networks: readonly string[]): string[] {
  const unwanted = new Set(networks.map(written));
  return entries.filter((entry) => !unwanted.has(written(entry)));
}

/** One writing for each host: services write IPv6 in different ways. */
function written(entry: string): string {
  return hostNetwork(entry) ?? entry;
}
