import type { AwsSettings } from '../aws/clients.ts';
import { detector } from '../detect/detector.ts';
import { NO_INVENTORY, NO_OWNERS } from '../detect/inventory.ts';
import { compileRuleSet, type RuleSet, type UncompiledRules } from '../detect/rule-set.ts';
import type { DecodeOptions } from '../formats/detected.ts';
import { addressSet } from '../intel/address-set.ts';
import { type SharedListLookup, sharedListLookup } from '../intel/list-lookup.ts';
import type { TimeRange } from '../model/time-range.ts';
import type { Placeholder } from '../sigma/placeholder.ts';
import type { Search, SigmaRule } from '../sigma/rule.ts';
import type { Chunk } from '../sources/files.ts';
import { isObjectUrl, readInput } from '../sources/inputs.ts';
import { type Ingested, ingest } from './ingest.ts';

/** Everything that a scan needs, as plain data that another thread can be given. */
export interface ScanSettings {
  readonly rules: UncompiledRules;
  readonly placeholders: ReadonlyMap<string, SharedPlaceholder>;
  readonly networks: readonly string[];
  /** Where objects of S3 are; its region is that of records that do not say theirs. */
  readonly aws: AwsSettings;
  /** Milliseconds between two matches on a subject that still belong together. */
  readonly window: number;
  readonly range?: TimeRange | undefined;
  readonly decode?: DecodeOptions;
}

export type SharedPlaceholder =
  | Extract<Placeholder, { kind: 'values' }>
  | { readonly kind: 'lookup'; readonly lookup: SharedListLookup };

/** Reads a file, or standard input, and tells what the rules find in it. */
export type Scanner = (path: string) => AsyncGenerator<Ingested>;

/** A scanner that asks no account: it needs nothing but its settings. */
export function scanner(settings: ScanSettings): Scanner {
  const { rules, networks, aws, window, range, decode } = settings;
  const placeholders = new Map(
    [...settings.placeholders].map(([name, placeholder]): [string, Placeholder] => [
      name,
      placeholder.kind === 'values'
        ? placeholder
        : { kind: 'lookup', ...sharedListLookup(placeholder.lookup) },
    ]),
  );
  const detect = detector({
    rules: compileRuleSet(rules, placeholders),
    inventory: NO_INVENTORY,
    owners: NO_OWNERS,
    ownNetworks: addressSet(networks),
    region: aws.region,
    range,
  });
  return (path) => ingest(readLog(path, aws, decode), detect, window);
}

/** Reads a file, standard input or an object of S3 once. */
export async function* readLog(
  path: string,
  aws: AwsSettings,
  decode: DecodeOptions | undefined,
): AsyncGenerator<Chunk> {
  if (!isObjectUrl(path)) {
    yield* readInput(path, decode);
    return;
  }
  // Loaded only where it is used.
  const { readObject } = await import('./object-logs.ts');
  yield* readObject(path, aws, decode);
}

/** Rules without the files they were read from: they were compiled once, and have no problem to point at. */
export function portable({ rules, correlations, aliases }: RuleSet): UncompiledRules {
  return {
    aliases,
    rules: rules.map(withoutDocument),
    correlations: correlations.map(({ rule }) => ({ ...rule, attributes: {}, document: NO_DOCUMENT })),
  };
}

function withoutDocument(rule: SigmaRule): SigmaRule {
  const detection = new Map([...rule.detection].map(([name, search]) => [name, withoutDocuments(search)]));
  return { ...rule, detection, attributes: {}, document: NO_DOCUMENT };
}

const NO_DOCUMENT = { source: { file: '', text: '' }, value: null, root: null };

function withoutDocuments(search: Search): Search {
  return search.kind === 'map'
    ? { kind: 'map', items: search.items.map(({ document: _, ...item }) => item) }
    : { kind: 'any', searches: search.searches.map(withoutDocuments) };
}
