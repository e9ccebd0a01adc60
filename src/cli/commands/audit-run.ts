import { Command } from 'commander';
import { storeOptions } from '../options.ts';
import { runWatch, type WatchCommandOptions } from './watch.ts';

export function auditRunCommand(): Command {
  return storeOptions(new Command('run'))
    .summary('read CloudTrail as it grows, judge what was changed, and take back what must not be')
    .description(
      'Reads the CloudTrail records of the sources of cordon.yaml, or of the files named, reads each resource that was changed, and judges it by the policies of the gate and by who changed it. The rules of behaviour are left to cordon watch.',
    )
    .argument('[files...]', 'CloudTrail files instead of the sources of the configuration')
    .option('--once', 'read what is there, finish every response, and end')
    .action((files: string[], options: WatchCommandOptions) => runWatch(options, { files, only: 'audit' }));
}
