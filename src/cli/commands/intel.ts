import { Argument, Command } from 'commander';
import type { IndicatorAttributes } from '../../intel/attributes.ts';
import type { ListNews } from '../../intel/list-slot.ts';
import type { CheckResult, ListHit, ListState, ThreatLists } from '../../intel/threat-lists.ts';
import { failed, ok } from '../../model/problem.ts';
import { EXIT } from '../exit.ts';
import { listNews } from '../list-news.ts';
import {
  CommandError,
  type CommonOptions,
  configFromOptions,
  reportProblems,
  storeOptions,
  valueOrExit,
} from '../options.ts';
import { plural, print, printJson, type Style, safe, shortPath, styled, timestamp } from '../terminal.ts';

export function intelCommand(): Command {
  return new Command('intel')
    .summary('list, refresh and ask the threat lists')
    .addCommand(listCommand())
    .addCommand(updateCommand())
    .addCommand(checkCommand());
}

function listCommand(): Command {
  return storeOptions(new Command('list'))
    .summary('show every threat list: where it is from, how long it is, how old')
    .description(
      'Shows every threat list of the configuration: kind, format, entries, where it is from, and how old it is.',
    )
    .action(list);
}

function updateCommand(): Command {
  return storeOptions(new Command('update'))
    .summary('refresh the threat lists now')
    .description(
      'Refreshes the threat lists now, all of them or the named ones. A list that cannot be fetched or that is suspicious keeps its last good content, and the exit code says so.',
    )
    .addArgument(new Argument('[names...]', 'lists of the configuration; without one all'))
    .option('--accept', 'you have looked at what was refused: take it this once; needs names')
    .action(update);
}

function checkCommand(): Command {
  return storeOptions(new Command('check'))
    .summary('say whether an address, domain or URL is on a list, and why')
    .description(
      'Says which lists have an address, domain or URL, by which entry, how sure they are and since when, and what excludes it. Exit code 0: it is listed; 1: it is not, or it is excluded.',
    )
    .addArgument(new Argument('<value>', 'an IPv4 or IPv6 address, a domain or a URL'))
    .action(check);
}

async function opened(options: CommonOptions): Promise<ThreatLists> {
  const config = await configFromOptions(options);
  const { openLists } = await import('../../hosts/lists.ts');
  const lists = openLists(config);
  return valueOrExit(lists.problems.length === 0 ? ok(lists) : failed(lists.problems), options);
}

async function list(options: CommonOptions): Promise<void> {
  const states = (await opened(options)).states();
  for (const state of states) {
    if (options.json) printJson(state);
    else showState(state);
  }
}

function showState({ name, kind, origin, content, fetchedAt, checkedAt }: ListState): void {
  const size =
    content === undefined
      ? styled('yellow', 'nothing yet: cordon intel update')
      : `${plural(content.entries, 'entry', 'entries')}, ${content.format}`;
  print(`${styled('bold', name)}  ${styled(kind === 'exclude' ? 'green' : 'red', kind)}  ${size}`);
  print(styled('dim', `  ${shortPath(origin)}`));
  if (fetchedAt !== undefined && checkedAt !== undefined)
    print(styled('dim', `  from ${timestamp(fetchedAt)}, current at ${timestamp(checkedAt)}`));
  const left = [
    [content?.faults, 'not understood'],
    [content?.skipped, 'neither address nor name'],
    [content?.doubtful, 'of too little confidence'],
  ].flatMap(([count, what]) => (count ? [`${count.toLocaleString('en-US')} ${what}`] : []));
  if (left.length > 0) print(styled('dim', `  left out: ${left.join(', ')}`));
}

const OUTCOME_STYLES: Readonly<Record<ListNews['outcome'], Style>> = {
  updated: 'green',
  unchanged: 'dim',
  refused: ['bold', 'red'],
  failed: ['bold', 'red'],
};

interface UpdateOptions extends CommonOptions {
  readonly accept?: true;
}

async function update(names: string[], options: UpdateOptions): Promise<void> {
  if (options.accept && names.length === 0)
    throw new CommandError('--accept needs the names of the lists that you have looked at', EXIT.badInput);
  const lists = await opened(options);
  const fetched = lists.states().filter(({ refreshable }) => refreshable);
  const unknown = names.filter((name) => !fetched.some((state) => state.name === name));
  if (unknown.length > 0) {
    const known = fetched.map(({ name }) => name).join(', ') || 'none';
    throw new CommandError(
      `no list ${safe(unknown.join(', '))} is fetched from anywhere; there is ${known}`,
      EXIT.badInput,
    );
  }
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());
  const asked = names.length > 0 ? names : fetched.map(({ name }) => name);
  const outcomes = new Set<ListNews['outcome']>();
  for (const name of inOrder(asked, lists)) {
    for (const news of await lists.refresh(stop.signal, [name], options.accept === true)) {
      outcomes.add(news.outcome);
      if (options.json) printJson(news);
      else {
        print(styled(OUTCOME_STYLES[news.outcome], listNews(news)));
        if (news.problems.length > 0) reportProblems(news.problems.slice(0, PROBLEMS_SHOWN), false);
      }
    }
  }
  if (asked.length === 0 && !options.json) print('No list is fetched from anywhere.');
  if (stop.signal.aborted || outcomes.has('failed')) process.exitCode = EXIT.failed;
  else if (outcomes.has('refused')) process.exitCode = EXIT.no;
}

const PROBLEMS_SHOWN = 3;

/** What excludes comes first: what blocks is judged by it. */
function inOrder(names: readonly string[], lists: ThreatLists): string[] {
  const excluding = new Set(lists.states().flatMap(({ name, kind }) => (kind === 'exclude' ? [name] : [])));
  return names.toSorted((a, b) => Number(excluding.has(b)) - Number(excluding.has(a)));
}

async function check(value: string, options: CommonOptions): Promise<void> {
  const { isIndicator } = await import('../../intel/indicators.ts');
  if (!isIndicator(value))
    throw new CommandError(`${safe(value)} is no address, domain or URL`, EXIT.badInput);
  const lists = await opened(options);
  const result = lists.check(value);
  const missing = lists.missing();
  process.exitCode = result.listed ? EXIT.ok : EXIT.no;
  if (options.json) printJson({ ...result, missing });
  else showCheck(result, missing);
}

function showCheck({ value, listed, hits, excludedBy }: CheckResult, missing: readonly string[]): void {
  const verdict = listed
    ? styled(['bold', 'red'], 'is listed')
    : hits.length > 0
      ? styled(['bold', 'green'], 'is listed, and excluded: no rule matches it')
      : styled('bold', 'is on no list');
  print(`${styled('bold', value)} ${verdict}`);
  for (const hit of hits) showHit('on', hit);
  for (const hit of excludedBy) showHit('excluded by', hit);
  if (missing.length > 0)
    print(
      styled(
        'yellow',
        `not asked, because nothing of it is here yet: ${missing.join(', ')} (cordon intel update)`,
      ),
    );
}

function showHit(what: string, { list: name, entry, attributes, origin, fetchedAt }: ListHit): void {
  print(`  ${what} ${styled('bold', name)} by its entry ${styled('bold', entry)}${words(attributes)}`);
  print(
    styled(
      'dim',
      `    ${shortPath(origin)}${fetchedAt === undefined ? '' : `, from ${timestamp(fetchedAt)}`}`,
    ),
  );
}

function words({ confidence, firstSeen, lastSeen, expires, label }: IndicatorAttributes): string {
  const parts = [
    label === undefined ? undefined : safe(label),
    confidence === undefined ? undefined : `confidence ${confidence}`,
    firstSeen === undefined ? undefined : `first seen ${timestamp(firstSeen)}`,
    lastSeen === undefined ? undefined : `last seen ${timestamp(lastSeen)}`,
    expires === undefined ? undefined : `until ${timestamp(expires)}`,
  ].filter((part) => part !== undefined);
  return parts.length === 0 ? '' : `: ${parts.join(', ')}`;
}
