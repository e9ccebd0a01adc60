import { Command } from 'commander';
import { isAlike, membersOf, patchOf } from '../../audit/patch.ts';
import type { ResourceChange, ResourceState } from '../../model/resource.ts';
import { EXIT } from '../exit.ts';
import { CommandError, type CommonOptions, storeOptions, withStore } from '../options.ts';
import { print, printJson, safe, styled, timestamp } from '../terminal.ts';

const VALUE_LIMIT = 120;

export function auditHistoryCommand(): Command {
  return storeOptions(new Command('history'))
    .summary('show the states of a resource, and who changed what')
    .argument('<resource>', 'its identifier, e.g. sg-0a1b2c3d or a bucket name')
    .action(run);
}

async function run(resource: string, options: CommonOptions): Promise<void> {
  await withStore(options, async (store) => {
    const keys = await store.resourcesLike(`/${resource}`);
    if (keys.length === 0)
      throw new CommandError(`nothing is known of a resource ${safe(resource)}`, EXIT.no);
    for (const key of keys) {
      const states = await store.resourceStates(key);
      const changes = await store.resourceChanges(key);
      if (options.json) printJson({ resource: key, states, changes });
      else show(key, states, changes);
    }
  });
}

function show(key: string, states: readonly ResourceState[], changes: readonly ResourceChange[]): void {
  print(styled('bold', key));
  // A resource is read more often than it changes.
  const distinct = states.filter((state, index) => !isSame(state, states[index - 1]));
  const items = [
    ...distinct.map((state, index) => ({ at: state.at, show: () => showState(state, distinct[index - 1]) })),
    ...changes.map((change) => ({ at: change.at, show: () => showChange(change) })),
  ];
  for (const item of items.sort((a, b) => a.at - b.at)) item.show();
}

function isSame(state: ResourceState, before: ResourceState | undefined): boolean {
  return (
    before !== undefined &&
    isAlike(state.properties, before.properties) &&
    isAlike(state.failing, before.failing)
  );
}

function showChange({ at, call, by, from, state, against, change }: ResourceChange): void {
  const word =
    state === 'rolled-back'
      ? styled('green', 'taken back')
      : state === 'waiting'
        ? 'not judged yet'
        : against.length > 0
          ? styled(['bold', 'red'], `against ${safe(against.join(', '))}`)
          : styled('dim', 'left as it is');
  const where = from === undefined ? '' : ` from ${safe(from)}`;
  print(`${styled('dim', timestamp(at))}  ${change.padEnd(8)} ${safe(call)} by ${safe(by)}${where}: ${word}`);
}

function showState(state: ResourceState, before: ResourceState | undefined): void {
  const verdict =
    state.properties === null
      ? 'gone'
      : state.failing.length === 0
        ? styled('green', 'compliant')
        : styled(['bold', 'red'], `fails ${safe(state.failing.join(', '))}`);
  print(`${styled('dim', timestamp(state.at))}  ${'is'.padEnd(8)} ${verdict}`);
  if (before === undefined) return;
  for (const { op, path, value } of patchOf(before.properties, state.properties)) {
    const name = path.slice(1);
    const old = membersOf(before.properties)[name];
    if (op !== 'add') print(styled('red', `             - ${safe(name)}: ${short(old)}`));
    if (op !== 'remove') print(styled('green', `             + ${safe(name)}: ${short(value)}`));
  }
}

function short(value: unknown): string {
  return safe(JSON.stringify(value) ?? '', VALUE_LIMIT);
}
