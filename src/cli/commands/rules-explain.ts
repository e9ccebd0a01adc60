import { Command } from 'commander';
import type { ExplainedEvent, RuleExplanation } from '../../hosts/rule-explain.ts';
import { printDiagnosis } from '../diagnosis.ts';
import { EXIT } from '../exit.ts';
import {
  type CommonOptions,
  configFromOptions,
  configOption,
  jsonOption,
  logFormatOption,
  valueOrExit,
} from '../options.ts';
import { complain, plural, print, printJson, safe, shortPath, styled, timestamp } from '../terminal.ts';

interface Options extends CommonOptions {
  readonly logFormat?: readonly string[];
  readonly limit: number;
}

const EVENTS_SHOWN = 20;
const RAW_LIMIT = 300;

export function rulesExplainCommand(): Command {
  return new Command('explain')
    .summary('say which branch of a rule matches an event, which does not, and why')
    .description(
      'Shows every part of the condition of a rule, with what it looks for and what the event has. Of a correlation it shows the rules that serve it and how often it matches on all events together. Exit code 1 when nothing matches.',
    )
    .argument('<rule>', 'id of a rule that the watch would run, or a file of rules')
    .argument('<event>', 'file of events in any log format; - is standard input')
    .option(
      '--limit <n>',
      'events to show',
      (text) => Math.max(1, Number(text) || EVENTS_SHOWN),
      EVENTS_SHOWN,
    )
    .addOption(logFormatOption())
    .addOption(configOption())
    .addOption(jsonOption())
    .action(run);
}

async function run(rule: string, eventFile: string, options: Options): Promise<void> {
  const config = await configFromOptions(options);
  const { ruleContext, rulePaths } = await import('../../hosts/setup.ts');
  const { explainRules, namedRules } = await import('../../hosts/rule-explain.ts');
  const { placeholders, pipelines } = valueOrExit(ruleContext(config), options);
  const named = valueOrExit(namedRules(rule, rulePaths(config), placeholders, pipelines), options);
  const explanations = await explainRules(named, eventFile, {
    networks: config.networks,
    limit: options.limit,
    flowLogFormat: options.logFormat,
    tellBad: ({ origin, reason }) => complain(`${shortPath(origin.source)}:${origin.line}: ${safe(reason)}`),
  });
  if (!explanations.some(({ matches }) => matches > 0)) process.exitCode = EXIT.no;
  if (options.json) {
    for (const one of explanations) printJson(one);
    return;
  }
  for (const one of explanations) show(one);
}

function show({ id, title, correlation, matches, events, served, explained }: RuleExplanation): void {
  const mark = matches > 0 ? styled(['bold', 'green'], '✓') : styled(['bold', 'red'], '✗');
  print(
    `${mark} ${styled('bold', title)} (${safe(id)}): ${plural(matches, 'match', 'matches')} on ${plural(events, 'event')}`,
  );
  if (correlation) {
    for (const one of served) print(`  ${safe(one.id)}: ${plural(one.matches, 'match', 'matches')}`);
  }
  for (const event of explained) showEvent(event);
  if (events > explained.length) print(styled('dim', `  … and ${events - explained.length} more events`));
  print();
}

function showEvent({ rule, time, origin, raw, lines }: ExplainedEvent): void {
  print(
    `  ${styled('dim', `${timestamp(time)} ${shortPath(origin.source)}:${origin.line} ${safe(raw, RAW_LIMIT)}`)}`,
  );
  print(`  ${safe(rule)}`);
  printDiagnosis(lines, '    ');
}
