import { Command } from 'commander';
import type { UndoItem } from '../../respond/undo-plan.ts';
import { EXIT } from '../exit.ts';
import { CommandError, type CommonOptions, storeOptions, withStore } from '../options.ts';
import { type PersonOptions, personOf, WHY, whoOptions } from '../person.ts';
import { print, printJson, safe, styled, timestamp } from '../terminal.ts';
import { timeline } from '../timeline.ts';

interface Options extends CommonOptions, Omit<PersonOptions, 'reason'> {
  readonly reason?: string;
  readonly step?: string;
  readonly dryRun?: true;
}

export function undoCommand(): Command {
  return whoOptions(storeOptions(new Command('undo')))
    .summary('take back what was done in a case, the last step first')
    .description(
      'Plays the journal of a case backwards: every step that has an undo is taken back exactly, and changes only what is still as Cordon left it. What does not come back is named, with what you can do instead. It may be stopped and started again at any time. Exit code 1 when something could not be taken back.',
    )
    .argument('<id>', 'the case')
    .option('--reason <text>', WHY)
    .option('--step <step>', 'only this step')
    .option('--dry-run', 'print what would be done, and do nothing')
    .action(run);
}

async function run(id: string, options: Options): Promise<void> {
  await withStore(options, async (store, config) => {
    const { undoLocally } = await import('../../hosts/undo.ts');
    const stop = new AbortController();
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());
    const line = timeline({ clock: timestamp, calls: 'full' });
    const onLedger = options.json ? () => {} : line.entry;
    const undoing = undoLocally(config, store, { signal: stop.signal, onLedger });
    try {
      if (options.dryRun) {
        if ((await store.incident(id)) === undefined)
          throw new CommandError(`there is no incident ${safe(id)}`, EXIT.no);
        const { items, restore } = await undoing.plan(id, options.step);
        if (options.json) printJson({ steps: items.map(shown), restore });
        else printPlan(items, restore);
        return;
      }
      const { step, reason } = options;
      if (reason === undefined)
        throw new CommandError('say why with --reason, or look first with --dry-run', EXIT.badInput);
      const end = await undoing.run(id, { ...(await personOf(options, config)), reason, step });
      if (options.json) printJson(end);
      if (end.status === 'refused') throw new CommandError(safe(end.reason), EXIT.no);
      if (end.status === 'stopped') {
        throw new CommandError(
          safe(
            `undo stopped at ${end.step}: ${end.reason}; run it again, or name the other steps with --step`,
          ),
          EXIT.no,
        );
      }
      if (!options.json) printRestore(end.restore);
      if (end.restore.length > 0) process.exitCode = EXIT.no;
    } finally {
      undoing.close();
    }
  });
}

function shown({ step, action, outlook }: UndoItem) {
  return { step, action: action.name, outlook: outlook.kind };
}

function printPlan(items: readonly UndoItem[], restore: readonly string[]): void {
  if (items.length === 0) print('Nothing was changed.');
  for (const { step, outlook } of items) {
    const name = safe(step).padEnd(24);
    if (outlook.kind === 'by') print(`${styled('green', 'take back')}  ${name} ${outlook.undo.how}`);
    else if (outlook.kind === 'undone') print(`${styled('dim', 'is undone')}  ${name}`);
    else if (outlook.kind === 'nothing') print(`${styled('dim', 'leave    ')}  ${name} ${outlook.why}`);
    else print(`${styled('yellow', 'cannot   ')}  ${safe(step)}`);
  }
  printRestore(restore);
}

function printRestore(lines: readonly string[]): void {
  if (lines.length === 0) return;
  print(`\n${styled('bold', 'What does not come back, and what you can do')}`);
  for (const one of lines) print(`  ${safe(one)}`);
}
