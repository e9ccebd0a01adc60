import { globSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type Problem, problemOfFile, type SourceText } from '../model/problem.ts';

/** What a path turned out to be. */
export type Input =
  | { readonly kind: 'template'; readonly source: SourceText }
  | { readonly kind: 'plan'; readonly source: SourceText }
  | { readonly kind: 'assembly'; readonly folder: string };

export interface Inputs {
  readonly inputs: readonly Input[];
  readonly problems: readonly Problem[];
}

const TEMPLATE_NAME = /\.(ya?ml|json|template)$/i;
const NOT_ENTERED = new Set(['node_modules', 'dist', 'coverage']);
const MAX_FILES = 20_000;
/** A Terraform plan of a large estate; more is no text to read at once. */
const MAX_FILE_BYTES = 256 * 1024 * 1024;

/** Files, folders, globs and `-` for standard input, as templates, plans and CDK assemblies. */
export function findInputs(paths: readonly string[], readStandardInput: () => string): Inputs {
  const inputs: Input[] = [];
  const problems: Problem[] = [];
  const seen = new Set<string>();
  for (const path of paths) {
    if (path === '-') {
      inputs.push(classified({ file: '<standard input>', text: readStandardInput() }));
      continue;
    }
    const matches = /[*?[\]{}]/.test(path) ? globSync(path).sort() : [path];
    if (matches.length === 0) problems.push(problemOfFile(path, 'no file has such a name'));
    for (const match of matches) add(match);
  }
  return { inputs, problems };

  function add(path: string): void {
    const stats = statSync(path, { throwIfNoEntry: false });
    if (stats === undefined) problems.push(problemOfFile(path, 'there is no such file or folder'));
    else if (stats.isDirectory()) addFolder(path);
    else addFile(path, true);
  }

  function addFolder(folder: string): void {
    if (isAssembly(folder)) {
      inputs.push({ kind: 'assembly', folder });
      return;
    }
    const before = inputs.length;
    walk(folder);
    if (inputs.length === before) {
      problems.push(problemOfFile(folder, 'no template, Terraform plan or CDK assembly is in this folder'));
    }
  }

  function walk(folder: string): void {
    for (const { name, ...kind } of entriesOf(folder)) {
      const path = join(folder, name);
      if (kind.isFolder) {
        if (name.startsWith('.') || NOT_ENTERED.has(name)) continue;
        if (isAssembly(path)) inputs.push({ kind: 'assembly', folder: path });
        else walk(path);
      } else if (TEMPLATE_NAME.test(name) && inputs.length < MAX_FILES) addFile(path, false);
    }
  }

  /** A file that was named must be something; one that was found in a folder may be anything. */
  function addFile(path: string, named: boolean): void {
    if (seen.has(path)) return;
    seen.add(path);
    try {
      if (statSync(path).size > MAX_FILE_BYTES) throw new Error('it is larger than 256 MiB');
      const input = classified({ file: path, text: readFileSync(path, 'utf8') });
      if (named || looksLikeOne(input)) inputs.push(input);
    } catch (error) {
      problems.push(problemOfFile(path, `cannot be read: ${(error as Error).message}`));
    }
  }
}

function entriesOf(folder: string): { name: string; isFolder: boolean }[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((one) => one.isDirectory() || one.isFile())
    .map((one) => ({ name: one.name, isFolder: one.isDirectory() }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

function isAssembly(folder: string): boolean {
  try {
    const manifest = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')) as Record<
      string,
      unknown
    >;
    return typeof manifest.version === 'string' && typeof manifest.artifacts === 'object';
  } catch {
    return false;
  }
}

function classified(source: SourceText): Input {
  const head = source.text.slice(0, 4_000);
  const plan = /"format_version"/.test(head) && /"(resource_changes|planned_values)"/.test(source.text);
  return { kind: plan ? 'plan' : 'template', source };
}

function looksLikeOne(input: Input): boolean {
  if (input.kind !== 'template') return true;
  const { text } = input.source;
  return (
    /(^|[{,\s])["']?Resources["']?\s*:/.test(text) && /["']?Type["']?\s*:\s*["']?[A-Za-z0-9]+::/.test(text)
  );
}
