import { Command } from 'commander';
import { type CommonOptions, storeOptions, withStore } from '../options.ts';
import { plural, print, printJson, safe, shortPath, styled, timestamp } from '../terminal.ts';

const LIMIT = 1_000;

export function badRecordsCommand(): Command {
  return storeOptions(new Command('bad-records'))
    .summary('show the records and messages that could not be read, with place and reason')
    .description(
      'Shows the records that could not be read: where they are, why, and how they begin; and the messages of queues that were set aside.',
    )
    .action(run);
}

async function run(options: CommonOptions): Promise<void> {
  const { poisonedMessages } = await import('../../hosts/poison.ts');
  const { setAsideFolder } = await import('../../hosts/state.ts');
  await withStore(options, async (store, config) => {
    const { total, records } = await store.badRecords(LIMIT);
    const messages = poisonedMessages(setAsideFolder(config));
    if (options.json) {
      for (const record of records) printJson(record);
      for (const message of messages) printJson({ message });
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
    if (messages.length === 0) return;
    print();
    for (const { file, source, reason, at, receiveCount } of messages) {
      print(`${timestamp(at)} ${safe(reason)}`);
      print(styled('dim', `  ${safe(source)}, received ${plural(receiveCount, 'time')}: ${shortPath(file)}`));
    }
    print(plural(messages.length, 'message set aside', 'messages set aside'));
  });
}
