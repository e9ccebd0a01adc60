import { Command } from 'commander';
import type { BaselineNews } from '../../audit/baseline.ts';
import { type CommonOptions, configFromOptions, storeOptions, valueOrExit } from '../options.ts';
import { complain, plural, print, printJson, safe, styled } from '../terminal.ts';

interface Options extends CommonOptions {
  readonly type?: readonly string[];
}

export function auditBaselineCommand(): Command {
  return storeOptions(new Command('baseline'))
    .summary('read and judge every resource of the account, and keep its state')
    .description(
      'Reads every resource that a policy speaks of through Cloud Control, judges it and keeps its state in the store. A change is later taken back to the last state that was compliant. Nothing is changed.',
    )
    .option('--type <types...>', 'only these types, e.g. AWS::S3::Bucket')
    .action(run);
}

async function run(options: Options): Promise<void> {
  const config = await configFromOptions(options);
  const { baselineOf } = await import('../../hosts/baseline.ts');
  const { setUpAudit } = await import('../../hosts/auditing.ts');
  const setup = valueOrExit(setUpAudit(config), options);
  const stop = new AbortController();
  process.once('SIGINT', () => stop.abort());
  let [compliant, failing] = [0, 0];
  const failed = new Map<string, number>();
  for await (const news of baselineOf(config, setup, options.type, stop.signal)) {
    if (options.json) printJson(news);
    else show(news);
    if (news.kind !== 'resource') continue;
    if (news.state.failing.length === 0) compliant++;
    else failing++;
    for (const id of news.state.failing) failed.set(id, (failed.get(id) ?? 0) + 1);
  }
  if (options.json) return;
  print();
  print(`${styled('bold', plural(compliant + failing, 'resource'))}: ${compliant} compliant, ${failing} not`);
  for (const [id, count] of [...failed].sort(([, a], [, b]) => b - a))
    print(`  ${String(count).padStart(5)}  ${safe(id)}`);
}

function show(news: BaselineNews): void {
  if (news.kind === 'not-listed') complain(styled('dim', `${news.type}: ${safe(news.why)}`));
  else if (news.kind === 'not-read')
    complain(styled('yellow', `${news.subject.type} ${safe(news.subject.id)}: ${safe(news.why)}`));
  else {
    const { subject, failing } = news.state;
    const verdict = failing.length === 0 ? styled('green', '✓') : styled(['bold', 'red'], '✗');
    const why = failing.length === 0 ? '' : styled('dim', `  ${safe(failing.join(', '))}`);
    print(`${verdict} ${subject.type} ${safe(subject.id)}${why}`);
  }
}
