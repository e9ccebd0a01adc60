import { resolve } from 'node:path';
import { Command } from 'commander';
import { stopReason } from '../../respond/stop.ts';
import { EXIT } from '../exit.ts';
import { listNews } from '../list-news.ts';
import {
  CommandError,
  type CommonOptions,
  configFromOptions,
  storeOptions,
  valueOrExit,
} from '../options.ts';
import { complain, plural, print, printJson, safe, shortPath, styled, timestamp } from '../terminal.ts';
import { timeline } from '../timeline.ts';

export interface WatchCommandOptions extends CommonOptions {
  readonly once?: true;
}

export function watchCommand(): Command {
  return storeOptions(new Command('watch'))
    .summary('read the sources of cordon.yaml as they grow, detect, and respond')
    .description(
      'Reads the sources that cordon.yaml names as they grow, judges every record and responds as far as the bindings allow. Stop it with Ctrl-C; it goes on where it was, also in the middle of a response.',
    )
    .option('--once', 'read what is there, finish every response, and end')
    .action((options: WatchCommandOptions) => runWatch(options));
}

/** What is watched instead of what the configuration says. */
export interface Narrowed {
  readonly files: readonly string[];
  /** API calls are audited, and no rule of behaviour is asked. */
  readonly only: 'audit';
}

export async function runWatch(options: WatchCommandOptions, narrowed?: Narrowed): Promise<void> {
  const read = await configFromOptions(options);
  const config =
    narrowed === undefined || narrowed.files.length === 0
      ? read
      : { ...read, sources: narrowed.files.map((file) => ({ files: resolve(file) })) };
  const { setUp } = await import('../../hosts/setup.ts');
  const { fetchMissingLists } = await import('../../hosts/lists.ts');
  const { setUpAudit } = await import('../../hosts/auditing.ts');
  const { watchLocally } = await import('../../hosts/local.ts');
  const { sourceName } = await import('../../config/sources.ts');
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());
  for (const news of await fetchMissingLists(config, stop.signal)) complain(listNews(news));
  const setup = valueOrExit(setUp(config, narrowed === undefined ? undefined : []), options);
  const isAudited = narrowed !== undefined || config.audit.enabled;
  const audit = isAudited ? valueOrExit(setUpAudit(config), options) : undefined;
  if (config.sources.length === 0) {
    throw new CommandError(
      'there is nothing to watch: name a source in cordon.yaml, for example\n\n  sources:\n    - files: /var/log/flow-logs/**/*.log.gz\n    - queue: https://sqs.eu-west-1.amazonaws.com/123456789012/flow-logs',
      EXIT.badInput,
    );
  }
  const line = timeline({ clock: timestamp, calls: 'full' });
  const { json } = options;
  if (!json) {
    const modes = config.bindings.map(({ rule, mode }) => `${rule} ${mode}`).join(', ');
    print(
      `${styled('bold', 'Watching')} ${safe(config.sources.map(sourceName).join(', '))} with ${plural(setup.rules.rules.length, 'rule')}`,
    );
    print(styled('dim', `${modes}; every other rule is recorded`));
  }
  const watch = watchLocally(setup, {
    signal: stop.signal,
    audit,
    onLedger: json ? (entry) => printJson({ kind: 'ledger', entry }) : line.entry,
    onEvidence: (notice) => {
      if (json) printJson({ kind: 'evidence-notice', notice });
      else if (notice.kind === 'trouble') line.note(Date.now(), 'evidence', notice.reason, 'warning');
      else
        line.note(Date.now(), 'key', `${shortPath(notice.publicKeyFile)} was made: it verifies the evidence`);
    },
    onList: (news) => {
      if (json) printJson({ kind: 'list', ...news });
      else line.note(Date.now(), 'list', listNews(news));
    },
    onStop: (stopped) => {
      if (json) printJson({ kind: 'stop', stop: stopped ?? null });
      else if (stopped === undefined) line.note(Date.now(), 'stop over', 'responses may begin again');
      else {
        const text = `nothing is changed: ${stopReason(stopped)} (${timestamp(stopped.at)})`;
        line.note(Date.now(), 'STOPPED', text, 'alarm', ['cordon stop --lift --reason …']);
      }
    },
    onBadRecord: (record) => {
      const { origin, reason } = record;
      if (json) printJson({ kind: 'bad-record', record });
      else line.note(Date.now(), 'bad record', `${shortPath(origin.source)}:${origin.line}: ${reason}`);
    },
    onSourceNotice: (notice) => {
      const { source, kind, reason } = notice;
      if (json) printJson({ kind: 'source-notice', notice });
      else line.note(Date.now(), kind === 'set-aside' ? 'set aside' : 'trouble', `${source}: ${reason}`);
    },
  });
  try {
    await watch.run(options.once === true);
  } finally {
    await watch.close();
  }
}
