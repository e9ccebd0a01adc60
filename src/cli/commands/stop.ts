import { Command } from 'commander';
import { EXIT } from '../exit.ts';
import { CommandError, type CommonOptions, storeOptions, withStore } from '../options.ts';
import { type PersonOptions, personOf, personOptions } from '../person.ts';
import { print, printJson, safe, styled } from '../terminal.ts';

interface Options extends CommonOptions, PersonOptions {
  readonly lift?: true;
}

export function stopCommand(): Command {
  return personOptions(storeOptions(new Command('stop')))
    .summary('have nothing changed any more, from the next call to AWS on')
    .description(
      'Stops every response between two calls to AWS, also of a watch that runs: no call that changes something is made until the stop is lifted, whatever is restarted. Reading goes on, and so does the evidence that is kept. Cases that come wait for approval, and responses that were stopped wait for cordon resume.',
    )
    .option('--lift', 'end the stop')
    .action(run);
}

async function run(options: Options): Promise<void> {
  await withStore(options, async (store, config) => {
    const { currentStop, liftStop, stopEverything } = await import('../../respond/stop.ts');
    const person = { ...(await personOf(options, config)), reason: options.reason };
    const refusal = await (options.lift ? liftStop : stopEverything)(store, person, Date.now);
    if (refusal !== undefined) throw new CommandError(safe(refusal), EXIT.no);
    const responding = await store.incidents(['responding']);
    const waiting = await store.incidents(['needs-decision', 'awaiting-approval']);
    if (options.json) {
      printJson({
        stop: (await currentStop(store)) ?? null,
        responding: responding.map(({ id }) => id),
        waiting: waiting.map(({ id }) => id),
      });
      return;
    }
    if (options.lift) {
      print(`${styled('bold', 'The stop is over.')} Cases that wait for a person: ${waiting.length}`);
      for (const { id, state } of waiting)
        print(`  cordon ${state === 'needs-decision' ? 'resume' : 'approve'} ${safe(id)} --reason …`);
      return;
    }
    print(
      `${styled(['bold', 'red'], 'Stopped.')} Nothing is changed any more until cordon stop --lift. Responses under way: ${responding.length}`,
    );
    for (const { id, subject } of responding) print(`  ${safe(id)}  ${safe(subject.id)}`);
  });
}
