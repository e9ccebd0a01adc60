import { spawnSync } from 'node:child_process';
import { existsSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import type { Json } from '../src/model/json.ts';
import type { SourceText } from '../src/model/problem.ts';

const home = dirname(createRequire(import.meta.url).resolve('@cdklabs/cdk-validator-cfnguard/package.json'));
const system: Readonly<Record<string, string>> = { linux: 'ubuntu', darwin: 'macos' };
const machine: Readonly<Record<string, string>> = { x64: 'x86_64', arm64: 'aarch64' };

/** The cfn-guard 3.1.1 that the package brings for this machine, if it runs here. */
export const CFN_GUARD = ((): string | undefined => {
  const binary = join(home, 'bin', system[process.platform] ?? '', machine[process.arch] ?? '', 'cfn-guard');
  if (!existsSync(binary)) return undefined;
  return spawnSync(binary, ['--version']).status === 0 ? binary : undefined;
})();

export const CONTROL_TOWER = join(home, 'rules', 'control-tower', 'cfn-guard');

/** The 237 proactive controls of AWS Control Tower. */
export function controlTowerRules(): SourceText[] {
  return globSync('**/*.guard', { cwd: CONTROL_TOWER })
    .sort()
    .map((file) => ({ file, text: readFileSync(join(CONTROL_TOWER, file), 'utf8') }));
}

/** Statuses of the rules of one document by name; several rules of one name have several. */
export type Statuses = Map<string, Set<string>>;

interface FileReport {
  readonly name: string;
  readonly not_compliant: readonly { readonly Rule: { readonly name: string } }[];
  readonly not_applicable: readonly string[];
  readonly compliant: readonly string[];
}

const STRUCTURED = ['--structured', '--output-format', 'json', '--show-summary', 'none'];

export interface Aborted {
  readonly aborted: string;
}

/**
 * What cfn-guard says of every document; `aborted` where it gave up, as it does when one rule meets a value
 * that it cannot handle. It reads files: from its standard input it would parse the rules anew for each document.
 */
export function cfnGuard(
  rules: readonly string[],
  documents: readonly Json[],
): readonly Statuses[] | Aborted {
  const folder = mkdtempSync(join(tmpdir(), 'cordon-guard-'));
  try {
    for (const part of ['rules', 'data']) mkdirSync(join(folder, part));
    for (const [index, rule] of rules.entries()) writeFileSync(join(folder, 'rules', `${index}.guard`), rule);
    for (const [index, document] of documents.entries()) {
      writeFileSync(join(folder, 'data', `${index}.json`), JSON.stringify(document));
    }
    return reportsOf(folder, documents.length);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function reportsOf(folder: string, count: number): readonly Statuses[] | Aborted {
  const run = ['validate', '--rules', 'rules', '--data', 'data', ...STRUCTURED];
  const { stdout, stderr } = spawnSync(CFN_GUARD ?? '', run, { cwd: folder, maxBuffer: 2 ** 30 });
  try {
    const reports = JSON.parse(stdout.toString()) as FileReport[];
    const byFile = new Map(reports.map((report) => [basename(report.name, '.json'), statusesOf(report)]));
    return Array.from({ length: count }, (_, index) => byFile.get(String(index)) ?? new Map());
  } catch {
    return { aborted: stderr.toString().trim() || 'no answer' };
  }
}

function statusesOf(report: FileReport): Statuses {
  const statuses: Statuses = new Map();
  const add = (name: string, status: string): void => {
    const bare = name.replace(/^.*\.guard\//, '');
    statuses.set(bare, (statuses.get(bare) ?? new Set()).add(status));
  };
  for (const { Rule } of report.not_compliant) add(Rule.name, 'FAIL');
  for (const name of report.compliant) add(name, 'PASS');
  for (const name of report.not_applicable) add(name, 'SKIP');
  return statuses;
}
