import { Command } from 'commander';
import type { Decision } from '../../respond/decision.ts';
import { EXIT } from '../exit.ts';
import { CommandError, type CommonOptions, storeOptions, withStore } from '../options.ts';
import { type PersonOptions, personOf, personOptions } from '../person.ts';
import { print, printJson, safe } from '../terminal.ts';

type Options = CommonOptions & PersonOptions;
type Verdict = Decision['verdict'];

const WORDS: Readonly<Record<Verdict, { readonly summary: string; readonly description: string }>> = {
  approve: {
    summary: 'let a case that waits go on',
    description:
      'Says yes to what a case asks, also where a guardrail said no: it waits for approval, or it stopped and asks. The watch that runs takes it up. Where two people must approve, each does so under a name of their own.',
  },
  deny: {
    summary: 'end a case that waits, doing nothing',
    description:
      'Ends a case that waits for approval or that stopped and asked. What was done so far stays; cordon undo takes it back.',
  },
  resume: {
    summary: 'have a case that stopped try again',
    description:
      'Has a case that stopped and asked go on where it was, once what stopped it is out of the way. The guardrails are asked again, and their no holds: only cordon approve goes over it.',
  },
};

export function decideCommand(verdict: Verdict): Command {
  const { summary, description } = WORDS[verdict];
  return personOptions(storeOptions(new Command(verdict)))
    .summary(summary)
    .description(description)
    .argument('<id>', 'the case')
    .action((id: string, options: Options) => run(verdict, id, options));
}

async function run(verdict: Verdict, id: string, options: Options): Promise<void> {
  await withStore(options, async (store, config) => {
    const { decideByPerson } = await import('../../respond/decision.ts');
    const decision = { verdict, ...(await personOf(options, config)), reason: options.reason };
    const refusal = await decideByPerson(store, id, decision, Date.now, config.guardrails);
    if (refusal !== undefined) throw new CommandError(safe(refusal), EXIT.no);
    const incident = await store.incident(id);
    if (options.json) printJson(incident);
    else print(`${safe(id)} is ${incident?.state} (${safe(incident?.reason ?? '')})`);
  });
}
