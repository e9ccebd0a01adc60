import { Command } from 'commander';
import { type CommonOptions, storeOptions, withStore } from '../options.ts';
import { plural, print, printJson, safe, shortPath, styled } from '../terminal.ts';

const LIMIT = 1_000;

export function badRecordsCommand(): Command {
  return storeOptions(new Command('bad-records'))
    .summary('show the records that could not be read, with place and reason')
    .description('Shows the records that could not be read: where they are, why, and how they begin.')
    .action(run);
}

async function run(options: CommonOptions): Promise<void> {
  await withStore(options, async (store) => {
    const { total, records } = await store.badRecords(LIMIT);
    if (options.json) {
      for (const record of records) printJson(record);
      return;
    }
    for (const { origin, reason, raw } of records) {
      print(`${shortPath(origin.source)}:${origin.line}: ${safe(reason)}`);
      if (raw !== '') print(styled('dim', `  ${safe(raw, 200)}`));
    }
    print(
      total > records.length
        ? `${plural(total, 'bad record')}, the first ${records.length} shown`
        : plural(total, 'bad record'),
    );
  });
}
