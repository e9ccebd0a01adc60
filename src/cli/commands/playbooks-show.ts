import { Command, Option } from 'commander';
import type { Json } from '../../model/json.ts';
import type { TreeLine } from '../../respond/playbook/tree.ts';
import { type CommonOptions, configOption } from '../options.ts';
import { print, type Style, safe, shortPath, styled } from '../terminal.ts';

interface Options extends CommonOptions {
  readonly mermaid?: true;
}

export function playbooksShowCommand(): Command {
  return new Command('show')
    .summary('draw the steps of a playbook')
    .argument('<name>', 'name of a playbook, or a file')
    .addOption(new Option('--mermaid', 'as a flowchart of Mermaid'))
    .addOption(configOption())
    .action(run);
}

const EFFECTS: Readonly<Record<NonNullable<TreeLine['effect']>, Style>> = {
  read: 'cyan',
  reversible: 'yellow',
  irreversible: ['bold', 'red'],
};

async function run(name: string, options: Options): Promise<void> {
  const { playbookOrExit } = await import('./playbooks.ts');
  const playbook = await playbookOrExit(name, options);
  if (options.mermaid) {
    const { mermaidOf } = await import('../../respond/playbook/mermaid.ts');
    process.stdout.write(mermaidOf(playbook));
    return;
  }
  const { treeOf } = await import('../../respond/playbook/tree.ts');
  const { title, description, subjects, inputs, steps, source, version } = playbook;
  print(`${styled('bold', playbook.name)}  ${safe(title)}`);
  const { wrapped } = await import('../../gate/report/wrap.ts');
  const text = (description ?? '').replaceAll(/\s+/g, ' ').trim();
  if (text !== '') for (const line of wrapped(safe(text), 80)) print(`  ${line}`);
  print(`  for ${subjects.length === 0 ? 'any subject' : subjects.map((type) => safe(type)).join(', ')}`);
  for (const [input, { type, default: value, description: about }] of Object.entries(inputs)) {
    const preset = value === undefined ? 'must be given' : `default ${valueText(value)}`;
    const told = `input ${input} (${type}, ${preset})${about === undefined ? '' : `: ${about}`}`;
    const [first = '', ...rest] = wrapped(safe(told), 80);
    print([`  ${first}`, ...rest.map((line) => `    ${line}`)].join('\n'));
  }
  const lines = treeOf(steps);
  const width = Math.max(...lines.map(({ branch, name: step }) => branch.length + step.length));
  for (const { branch, name: step, text, effect } of lines) {
    const padding = ' '.repeat(width - branch.length - step.length);
    const told = effect === undefined ? '' : `  ${styled(EFFECTS[effect], effect)}`;
    print(`${branch}${styled('bold', step)}${padding}  ${safe(text)}${told}`.trimEnd());
  }
  print(styled('dim', `${shortPath(source.file)}, version ${version.slice(0, 12)}`));
}

function valueText(value: Json): string {
  if (Array.isArray(value)) return (value as readonly Json[]).map(valueText).join(', ') || 'none';
  return typeof value === 'string' && value !== '' ? value : JSON.stringify(value);
}
