import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Config, configOf } from '../src/config/config.ts';
import { watchLocally } from '../src/hosts/local.ts';
import type { SourceNotice } from '../src/hosts/remote.ts';
import { setUp } from '../src/hosts/setup.ts';
import { stateFolder } from '../src/hosts/state.ts';
import type { Incident, Mode } from '../src/model/incident.ts';
import type { LedgerEntry } from '../src/model/journal.ts';
import type { SimulationSettings } from '../src/range/account.ts';
import { createHoneypot, type Honeypot } from '../src/range/honeypot.ts';
import { type Range, startRange } from '../src/range/range.ts';
import { openSqliteStore } from '../src/store/sqlite.ts';
import type { Store } from '../src/store/store.ts';

const HONEYPOT_RULES = ['rejected-outbound-traffic', 'known-bad-address', 'unexpected-outbound-port'].map(
  (name) => fileURLToPath(new URL(`../rules/vpc-flow/${name}.yml`, import.meta.url)),
);

type Settings = Parameters<typeof configOf>[0];

export interface SceneOptions {
  readonly mode?: Mode;
  readonly tags?: { Key: string; Value: string }[];
  readonly settings?: Partial<SimulationSettings>;
  readonly config?: Partial<Settings>;
}

/** A simulated account with a honeypot, a folder for its logs, and a configuration that watches it. */
export interface Stage {
  readonly range: Range;
  readonly honeypot: Honeypot;
  readonly folder: string;
  readonly config: Config;
  log(name: string, lines: readonly string[] | Uint8Array): string;
  /** Writes another file of the folder. */
  write(name: string, text: string): void;
  /** What the watches said of their sources. */
  readonly notices: SourceNotice[];
  /** One watch from start to end; answers every ledger entry it wrote. */
  watchOnce(changes?: Partial<Settings>): Promise<LedgerEntry[]>;
  /** A watch that goes on until the signal. */
  watch(signal: AbortSignal): Promise<void>;
  inStore<T>(look: (store: Store) => Promise<T>): Promise<T>;
  incidents(): Promise<Incident[]>;
  /** How many calls of an operation AWS accepted. */
  made(operation: string): number;
  [Symbol.asyncDispose](): Promise<void>;
}

export async function stage(options: SceneOptions = {}): Promise<Stage> {
  const folder = mkdtempSync(join(tmpdir(), 'cordon-'));
  const range = await startRange({
    settings: { snapshotDuration: 40, stateChangeDuration: 20, ...options.settings },
  });
  const honeypot = createHoneypot(range.account, { tags: options.tags ?? [] });
  const settings = (changes: Partial<Settings> = {}): Settings => ({
    aws: { endpoint: range.endpoint },
    state: 'state',
    sources: [{ files: 'logs' }],
    // The scenes are about these three; the rest of the box has tests of its own.
    builtinRules: false,
    rules: HONEYPOT_RULES,
    bindings: ['rejected-outbound-traffic', 'known-bad-address'].map((rule) => ({
      rule,
      playbook: 'contain-and-terminate',
      mode: options.mode ?? 'enforce',
    })),
    timing: { sourcePoll: 0.01, awsPoll: 0.02, retry: 0.01, settle: 0.1 },
    ...options.config,
    ...changes,
  });
  const config = configOf(settings(), folder);
  const notices: SourceNotice[] = [];
  const run = async (
    chosen: Settings,
    signal: AbortSignal,
    once: boolean,
    onLedger: (entry: LedgerEntry) => void,
  ): Promise<void> => {
    const ready = setUp(configOf(chosen, folder));
    if (!ready.ok) throw new Error(ready.problems[0]?.message);
    const onSourceNotice = (notice: SourceNotice): void => void notices.push(notice);
    const watch = watchLocally(ready.value, { signal, onLedger, onSourceNotice });
    try {
      await watch.run(once);
    } finally {
      await watch.close();
    }
  };
  const inStore = async <T>(look: (store: Store) => Promise<T>): Promise<T> => {
    const store = openSqliteStore(stateFolder(config));
    try {
      return await look(store);
    } finally {
      await store.close();
    }
  };
  return {
    range,
    honeypot,
    folder,
    config,
    notices,
    write: (name, text) => writeDeep(join(folder, name), text),
    log(name, content) {
      const path = join(folder, 'logs', name);
      writeDeep(path, content instanceof Uint8Array ? content : `${content.join('\n')}\n`);
      return path;
    },
    async watchOnce(changes) {
      const entries: LedgerEntry[] = [];
      await run(settings(changes), new AbortController().signal, true, (entry) => entries.push(entry));
      return entries;
    },
    watch: (signal) => run(settings(), signal, false, () => {}),
    inStore,
    incidents: () => inStore((store) => store.incidents()),
    made: (operation) =>
      range.calls.filter((call) => call.operation === operation && call.status === 200).length,
    async [Symbol.asyncDispose]() {
      await range.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function writeDeep(path: string, content: string | Uint8Array): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}

const NOW = 1_795_500_000;

/** A record of the default format; seconds are counted from one fixed time. */
export function flowRecord({
  eni,
  from,
  to,
  action = 'REJECT',
  protocol = 6,
  at = 0,
}: {
  eni: string;
  from: [address: string, port: number];
  to: [address: string, port: number];
  action?: 'ACCEPT' | 'REJECT';
  protocol?: number;
  at?: number;
}): string {
  return [
    2,
    '123456789012',
    eni,
    from[0],
    to[0],
    from[1],
    to[1],
    protocol,
    1,
    60,
    NOW + at,
    NOW + at + 60,
    action,
    'OK',
  ].join(' ');
}
