import { userInfo } from 'node:os';
import { Command } from 'commander';
import { EXIT } from '../exit.ts';
import { CommandError, type CommonOptions, storeOptions, withStore } from '../options.ts';
import { print, printJson, safe } from '../terminal.ts';

interface Options extends CommonOptions {
  readonly by: string;
  readonly reason: string;
}

export function decideCommand(verdict: 'approve' | 'deny'): Command {
  const approve = verdict === 'approve';
  return storeOptions(new Command(verdict))
    .summary(approve ? 'let a case that waits go on' : 'end a case that waits, doing nothing')
    .description(
      approve
        ? 'Lets a case go on that waits for approval or that stopped and asked. The watch that runs takes it up.'
        : 'Ends a case that waits for approval or that stopped and asked. What was done so far stays.',
    )
    .argument('<id>', 'the case')
    .requiredOption('--reason <text>', 'why; it goes into the ledger')
    .option('--by <name>', 'who decides', userInfo().username)
    .action((id: string, options: Options) => run(verdict, id, options));
}

async function run(verdict: 'approve' | 'deny', id: string, options: Options): Promise<void> {
  await withStore(options, async (store) => {
    const { decideByPerson } = await import('../../respond/decision.ts');
    const { by, reason } = options;
    const refusal = await decideByPerson(store, id, { verdict, by, reason }, Date.now);
    if (refusal !== undefined) throw new CommandError(safe(refusal), EXIT.no);
    const incident = await store.incident(id);
    if (options.json) printJson(incident);
    else print(`${id} is ${incident?.state} (${safe(incident?.reason ?? '')})`);
  });
}
