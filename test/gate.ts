import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { judge } from '../src/gate/judge.ts';
import { type Policy, policyOf } from '../src/gate/policy.ts';
import type { Subject } from '../src/gate/subject.ts';
import { toJson } from '../src/gate/template/node.ts';
import { readTemplate, type Template } from '../src/gate/template/template.ts';
import { type Given, type World, worldsOf } from '../src/gate/template/worlds.ts';
import { subjectOfTemplate } from '../src/gate/template-subject.ts';
import { compileGuard } from '../src/guard/compile.ts';
import { parseGuard } from '../src/guard/parse.ts';
import type { Json } from '../src/model/json.ts';
import { renderProblem } from '../src/model/problem.ts';

export function templateOf(text: string, file = 'template.yaml'): Template {
  const read = readTemplate({ file, text });
  if (!read.ok) throw new Error(read.problems.map(renderProblem).join('\n'));
  return read.value;
}

export function problemsOf(text: string, file = 'template.yaml') {
  const read = readTemplate({ file, text });
  return read.ok ? [] : read.problems;
}

const NOTHING: Given = { parameters: new Map() };

export function subjectOf(text: string, given: Given = NOTHING): Subject {
  return subjectOfTemplate(templateOf(text), given);
}

/** The properties of a resource in every world: what was decided, and what it then is. */
export function inWorlds(
  text: string,
  resource = 'R',
  given: Given = NOTHING,
): [string[], Json | undefined][] {
  return worldsOf(templateOf(text), given).worlds.map((world) => [
    [...world.choices.values()],
    propertiesIn(world, resource),
  ]);
}

export function propertiesIn(world: World, resource: string): Json | undefined {
  const found = world.resources.find(({ key }) => key === resource);
  if (found === undefined) return undefined;
  return (toJson(found.value) as Record<string, Json>).Properties ?? {};
}

export function guardPolicy(text: string, file = 'own.guard'): Policy {
  const parsed = parseGuard({ file, text });
  if (!parsed.ok) throw new Error(parsed.problems.map(renderProblem).join('\n'));
  return policyOf(parsed.value.source, compileGuard(parsed.value));
}

export function judged(template: string, policy: string, given: Given = NOTHING) {
  return judge(subjectOf(template, given), [guardPolicy(policy)]);
}

/** A folder with these files. */
export function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'cordon-gate-'));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}
