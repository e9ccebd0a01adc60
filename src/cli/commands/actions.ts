import { Command } from 'commander';
import type { Action } from '../../actions/action.ts';
import { EXIT } from '../exit.ts';
import {
  CommandError,
  type CommonOptions,
  configFromOptions,
  configOption,
  jsonOption,
  valueOrExit,
} from '../options.ts';
import { complain, plural, print, printJson, safe, styled } from '../terminal.ts';

export function actionsCommand(): Command {
  return new Command('actions')
    .summary('list and explain what playbooks can do; print the IAM policy that it needs')
    .addCommand(listCommand())
    .addCommand(showCommand())
    .addCommand(iamCommand());
}

function listCommand(): Command {
  return new Command('list')
    .summary('all actions, by what they change')
    .option('--markdown', 'as the table of docs/actions.md')
    .addOption(jsonOption())
    .action(list);
}

function showCommand(): Command {
  return new Command('show')
    .summary('what an action does, needs, proves, and how it is undone')
    .argument('<name>', 'name of an action')
    .addOption(jsonOption())
    .action(show);
}

function iamCommand(): Command {
  return new Command('iam')
    .summary('the least-privilege IAM policy for the playbooks that are bound')
    .description(
      'Prints the IAM policy that allows exactly what the playbooks of the bindings in the configuration need, and what the watch itself asks of AWS.',
    )
    .option('--playbook <names...>', 'for these playbooks, bound or not')
    .option('--actions <names...>', 'for these actions')
    .option('--all', 'for every action there is')
    .option('--without-undo', 'without what undoing needs')
    .addOption(configOption())
    .addOption(jsonOption())
    .action(iam);
}

async function list({ json, markdown }: CommonOptions & { markdown?: true }): Promise<void> {
  const { ALL_ACTIONS } = await import('../../hosts/actions.ts');
  const { actionsTable, summaryOf } = await import('../../actions/table.ts');
  const actions = [...ALL_ACTIONS.values()];
  if (markdown) {
    print(actionsTable(actions));
    return;
  }
  if (json) {
    for (const action of actions) printJson(summaryOf(action));
    return;
  }
  const width = Math.max(...actions.map(({ name }) => name.length)) + 2;
  for (const [group, members] of Map.groupBy(actions, (one) => one.group)) {
    print(styled('bold', group));
    for (const action of members) {
      const { name, effect, undo, title } = summaryOf(action);
      print(`  ${name.padEnd(width)}${effect.padEnd(14)}${undo.padEnd(12)}${styled('dim', title)}`);
    }
  }
  print(`\n${plural(actions.length, 'action')}; the third column says whether it can be undone`);
}

async function show(name: string, { json }: CommonOptions): Promise<void> {
  const [action] = await actionsNamed([name]);
  if (action === undefined) return;
  const { inputLines, inputSchema, summaryOf } = await import('../../actions/table.ts');
  const { permissions, about, undo, needs, subjects } = action;
  const undoing = undo.kind === 'by' ? { how: undo.how, permissions: undo.permissions } : { why: undo.why };
  if (json) {
    printJson({
      ...summaryOf(action),
      subjects,
      needs,
      about,
      permissions,
      undo: { kind: undo.kind, ...undoing },
      input: inputSchema(action),
    });
    return;
  }
  const { wrapped } = await import('../../gate/report/wrap.ts');
  const paragraph = (title: string, text: string): void => {
    if (text === '') return;
    const [first = '', ...rest] = wrapped(text, 80);
    print(`${styled('bold', title.padEnd(14))}${first}`);
    for (const line of rest) print(`${' '.repeat(14)}${line}`);
  };
  print(`${styled('bold', action.title)}\n`);
  paragraph('name', action.name);
  paragraph('effect', action.effect);
  paragraph('subjects', subjects.join(', '));
  paragraph('after', needs.join(', '));
  paragraph('precondition', about.precondition);
  paragraph('does', about.effect);
  paragraph('proof', about.proof);
  paragraph('twice', about.idempotency);
  paragraph('permissions', permissions.join(', '));
  paragraph(
    'undo',
    undo.kind === 'by' ? undo.how : `${undo.kind === 'none' ? 'none' : 'not needed'}: ${undo.why}`,
  );
  if (undo.kind === 'by') paragraph('', undo.permissions.join(', '));
  const lines = inputLines(action);
  paragraph('with', lines[0] ?? 'takes no input');
  for (const line of lines.slice(1)) paragraph('', line);
}

interface IamOptions extends CommonOptions {
  readonly playbook?: string[];
  readonly actions?: string[];
  readonly all?: true;
  readonly withoutUndo?: true;
}

async function iam(options: IamOptions): Promise<void> {
  const { grantsOf, MANAGED_POLICY_LIMIT, policyOf, policySize } = await import('../../actions/policy.ts');
  const { ENGINE_GRANTS } = await import('../../respond/permissions.ts');
  const { actions, of } = await chosenActions(options);
  const grants = [...ENGINE_GRANTS, ...grantsOf(actions, { undo: options.withoutUndo !== true })];
  const policy = policyOf(grants);
  if (options.json) printJson(policy);
  else print(JSON.stringify(policy, null, 2));
  complain(`for ${of}: ${plural(actions.length, 'action')}`);
  const size = policySize(policy);
  if (size > MANAGED_POLICY_LIMIT)
    complain(
      `it has ${plural(size, 'character')}, and a managed policy takes ${MANAGED_POLICY_LIMIT}: attach it as several`,
    );
}

async function chosenActions(options: IamOptions): Promise<{ actions: readonly Action[]; of: string }> {
  const { ALL_ACTIONS } = await import('../../hosts/actions.ts');
  if (options.all) return { actions: [...ALL_ACTIONS.values()], of: 'every action' };
  const named = await actionsNamed(options.actions ?? []);
  if (options.actions !== undefined && options.playbook === undefined)
    return { actions: named, of: 'the named actions' };
  const { setUp } = await import('../../hosts/setup.ts');
  const { actionsOf } = await import('../../respond/permissions.ts');
  const config = await configFromOptions(options);
  const { playbooks } = valueOrExit(setUp(config), options);
  const bound = config.bindings.flatMap(({ playbook }) => playbook ?? []);
  const names = [...new Set(options.playbook ?? bound)];
  const chosen = names.map((name) => {
    const playbook = playbooks.get(name);
    if (playbook === undefined) throw noSuch('playbook', name, playbooks.keys());
    return playbook;
  });
  const actions = [...new Set([...actionsOf(chosen), ...named])];
  return {
    actions,
    of: names.length === 0 ? 'no playbook' : `playbook ${names.map((name) => safe(name)).join(', ')}`,
  };
}

async function actionsNamed(names: readonly string[]): Promise<Action[]> {
  const { ALL_ACTIONS } = await import('../../hosts/actions.ts');
  return names.map((name) => {
    const action = ALL_ACTIONS.get(name);
    if (action === undefined) throw noSuch('action', name, ALL_ACTIONS.keys());
    return action;
  });
}

function noSuch(kind: string, name: string, known: Iterable<string>): CommandError {
  return new CommandError(`there is no ${kind} ${safe(name)}; there are ${[...known].join(', ')}`, EXIT.no);
}
