import { Command } from 'commander';
import { EXIT } from '../exit.ts';
import { CommandError, type CommonOptions, storeOptions, withStore } from '../options.ts';
import { type PersonOptions, personOf, personOptions } from '../person.ts';
import { print, printJson, safe } from '../terminal.ts';

export function rulesRearmCommand(): Command {
  return personOptions(storeOptions(new Command('rearm')))
    .summary('let a rule enforce again that was demoted because it found too much')
    .description(
      'A rule that suddenly finds many times its usual number of cases only asks from then on. This lets it do again what its binding says; what it found so far is not held against it any more.',
    )
    .argument('<id>', 'the rule')
    .action(run);
}

async function run(id: string, options: CommonOptions & PersonOptions): Promise<void> {
  await withStore(options, async (store, config) => {
    const { rearmRule } = await import('../../respond/guardrails/noisy-rule.ts');
    const person = { ...(await personOf(options, config)), reason: options.reason };
    const refusal = await rearmRule(store, id, person, Date.now);
    if (refusal !== undefined) throw new CommandError(safe(refusal), EXIT.no);
    if (options.json) printJson({ rule: id, rearmed: true });
    else print(`rule ${safe(id)} does again what its binding says`);
  });
}
