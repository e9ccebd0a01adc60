import { Command, InvalidArgumentError, Option } from 'commander';
import type { ListedRule } from '../../hosts/rule-list.ts';
import { LEVELS, type Level } from '../../model/finding.ts';
import { type CommonOptions, configFromOptions, configOption, jsonOption, valueOrExit } from '../options.ts';
import { plural, print, printJson, safe, styled } from '../terminal.ts';

interface Options extends CommonOptions {
  readonly level?: Level;
  readonly service?: string;
  readonly technique?: string;
  readonly tactic?: string;
}

export function rulesListCommand(): Command {
  return new Command('list')
    .summary('the rules that a watch would run')
    .description(
      'Lists the rules in the box and those that the configuration names: id, level, log source, ATT&CK techniques and title. Rules that only serve a correlation are not listed.',
    )
    .addOption(new Option('--level <level>', 'rules of this level and above').choices(LEVELS))
    .option('--service <name>', 'rules for this log source, e.g. cloudtrail or vpcflow')
    .addOption(
      new Option(
        '--technique <id>',
        'rules for this ATT&CK technique and its subtechniques, e.g. T1562',
      ).argParser(techniqueOrThrow),
    )
    .option('--tactic <name>', 'rules for this ATT&CK tactic, e.g. defense-evasion')
    .addOption(configOption())
    .addOption(jsonOption())
    .action(run);
}

function techniqueOrThrow(text: string): string {
  if (/^t\d{4}(\.\d{3})?$/i.test(text)) return text.toUpperCase();
  throw new InvalidArgumentError('It looks like T1562 or T1562.008.');
}

async function run(options: Options): Promise<void> {
  const config = await configFromOptions(options);
  const { setUp } = await import('../../hosts/setup.ts');
  const { listRules } = await import('../../hosts/rule-list.ts');
  const { rules } = valueOrExit(setUp(config), options);
  const wanted = listRules(rules).filter((rule) => isWanted(rule, options));
  if (options.json) {
    for (const rule of wanted) printJson(rule);
    return;
  }
  const width = Math.max(0, ...wanted.map(({ id }) => id.length));
  for (const { id, level, title, services, techniques } of wanted) {
    print(
      `${styled(COLOURS[level], level.padEnd(13))} ${safe(id).padEnd(width)}  ${safe(services.join(',')).padEnd(15)} ${styled('dim', safe(techniques.join(' ')).padEnd(30))}  ${safe(title)}`,
    );
  }
  print(styled('dim', plural(wanted.length, 'rule')));
}

const COLOURS: Readonly<Record<Level, Parameters<typeof styled>[0]>> = {
  informational: 'dim',
  low: 'blue',
  medium: 'yellow',
  high: 'red',
  critical: ['bold', 'red'],
};

function isWanted(rule: ListedRule, { level, service, technique, tactic }: Options): boolean {
  return (
    (level === undefined || LEVELS.indexOf(rule.level) >= LEVELS.indexOf(level)) &&
    (service === undefined || rule.services.includes(service)) &&
    (technique === undefined ||
      rule.techniques.some((one) => one === technique || one.startsWith(`${technique}.`))) &&
    (tactic === undefined || rule.tactics.includes(tactic))
  );
}
