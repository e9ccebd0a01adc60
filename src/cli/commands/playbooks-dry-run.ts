import { Command, InvalidArgumentError, Option } from 'commander';
import type { Json } from '../../model/json.ts';
import type { Inputs } from '../../respond/playbook/inputs.ts';
import type { PlannedStep } from '../../respond/playbook/plan.ts';
import { EXIT } from '../exit.ts';
import { CommandError, type CommonOptions, configFromOptions, configOption, jsonOption } from '../options.ts';
import { print, printJson, safe, styled } from '../terminal.ts';

interface Options extends CommonOptions {
  readonly subject: { readonly type: string; readonly id: string };
  readonly account: string;
  readonly with: ReadonlyMap<string, string>;
}

export function playbooksDryRunCommand(): Command {
  return new Command('dry-run')
    .summary('say what each step would do to a subject')
    .description(
      'Says what each step of a playbook would do to a subject. Nothing is called: a condition that depends on the incident or on what earlier steps find cannot be known before it runs, and is said to be so.',
    )
    .argument('<name>', 'name of a playbook, or a file')
    .addOption(
      new Option('--subject <type/id>', 'what it is run on, e.g. AWS::EC2::Instance/i-0123456789abcdef0')
        .argParser(subjectOrThrow)
        .makeOptionMandatory(),
    )
    .option('--account <id>', 'account of the subject', '123456789012')
    .addOption(
      new Option('--with <name=value>', 'value of an input; may be given several times; a list with commas')
        .argParser(inputOrThrow)
        .default(new Map()),
    )
    .addOption(configOption())
    .addOption(jsonOption())
    .action(run);
}

function subjectOrThrow(text: string): Options['subject'] {
  const slash = text.indexOf('/');
  if (slash < 1 || slash === text.length - 1)
    throw new InvalidArgumentError('It looks like AWS::EC2::Instance/i-0123456789abcdef0.');
  return { type: text.slice(0, slash), id: text.slice(slash + 1) };
}

function inputOrThrow(text: string, before: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const equals = text.indexOf('=');
  if (equals < 1) throw new InvalidArgumentError('It looks like name=value.');
  return new Map(before).set(text.slice(0, equals), text.slice(equals + 1));
}

async function run(name: string, options: Options): Promise<void> {
  const { playbookOrExit } = await import('./playbooks.ts');
  const { inputFaults } = await import('../../respond/playbook/inputs.ts');
  const { fits } = await import('../../respond/playbook/playbook.ts');
  const { planOf } = await import('../../respond/playbook/plan.ts');
  const playbook = await playbookOrExit(name, options);
  const { aws } = await configFromOptions(options);
  const subject = { ...options.subject, account: options.account, region: aws.region };
  if (!fits(playbook, subject)) {
    const types = playbook.subjects.join(', ');
    throw new CommandError(`${playbook.name} is for ${safe(types)}, not for ${safe(subject.type)}`, EXIT.no);
  }
  const given = valuesOf(playbook.inputs, options.with);
  const [fault] = inputFaults(playbook.inputs, given);
  if (fault !== undefined) {
    const expected = fault.expected === undefined ? '' : `; expected: ${fault.expected}`;
    throw new CommandError(safe(`${fault.message}${expected}`), EXIT.badInput);
  }
  const planned = planOf(playbook, subject, given);
  if (options.json) for (const step of planned) printJson(jsonOf(step));
  else {
    print(`${styled('bold', playbook.name)} on ${safe(subject.type)} ${safe(subject.id)} would`);
    show(planned, '  ');
  }
}

/** Texts of the command line as values of the declared types; what cannot be one stays a text. */
function valuesOf(inputs: Inputs, given: ReadonlyMap<string, string>): Record<string, Json> {
  const value = (name: string, text: string): Json => {
    const type = Object.hasOwn(inputs, name) ? inputs[name]?.type : undefined;
    if (type === 'number' && text.trim() !== '' && Number.isFinite(Number(text))) return Number(text);
    if (type === 'boolean' && (text === 'true' || text === 'false')) return text === 'true';
    if (type === 'list') return text === '' ? [] : text.split(',').map((one) => one.trim());
    return text;
  };
  return Object.fromEntries([...given].map(([name, text]) => [name, value(name, text)]));
}

const HOLDS = { true: 'holds', false: 'does not hold: left out', unknown: 'is known only when it runs' };

function show(planned: readonly PlannedStep[], indent: string): void {
  for (const { step, does, condition, branches, onFailure } of planned) {
    const out = condition?.holds === false;
    print(`${indent}${styled('bold', step.id)}  ${out ? styled('dim', does) : safe(does)}`);
    if (condition !== undefined)
      print(styled('dim', `${indent}  if ${condition.text}: ${HOLDS[`${condition.holds}`]}`));
    for (const { name, steps } of branches) {
      print(styled('dim', `${indent}  ${name}:`));
      show(steps, `${indent}    `);
    }
    if (onFailure.length > 0 && step.kind === 'action') {
      print(styled('dim', `${indent}  if that fails, and then ${step.onFailure.afterwards}:`));
      show(onFailure, `${indent}    `);
    }
  }
}

function jsonOf({ step, does, condition, branches, onFailure }: PlannedStep): Json {
  return {
    step: step.path,
    kind: step.kind,
    does,
    ...(condition === undefined ? {} : { condition: { ...condition } }),
    ...(branches.length === 0
      ? {}
      : { branches: branches.map(({ name, steps }) => ({ name, steps: steps.map(jsonOf) })) }),
    ...(onFailure.length === 0 ? {} : { onFailure: onFailure.map(jsonOf) }),
  };
}
