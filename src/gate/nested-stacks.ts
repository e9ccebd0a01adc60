import { dirname, resolve } from 'node:path';
import { canonicalJson } from '../model/json.ts';
import type { Problem } from '../model/problem.ts';
import type { NotJudged } from './finding.ts';
import { readInside } from './read-inside.ts';
import type { Subject } from './subject.ts';
import { entriesOf, member, type Node, textOf, toJson } from './template/node.ts';
import { MAX_TEMPLATE_BYTES, readTemplate } from './template/template.ts';
import type { Given, ResolvedResource } from './template/worlds.ts';
import { subjectOfTemplate } from './template-subject.ts';

const MAX_DEPTH = 10;
/** Different sets of parameters that one nested stack is judged with. */
const MAX_VARIANTS = 8;

export interface Nested {
  readonly subjects: readonly Subject[];
  readonly problems: readonly Problem[];
  readonly notJudged: readonly NotJudged[];
  /** Files that are judged as a part of another one. */
  readonly files: ReadonlySet<string>;
}

/** The stacks inside a stack whose templates are local files, with the parameters that they get there. */
export function nestedStacks(parent: Subject, given: Given): Nested {
  const subjects: Subject[] = [];
  const problems: Problem[] = [];
  const notJudged: NotJudged[] = [];
  const files = new Set<string>();
  descend(parent, [resolve(parent.source.file)], []);
  return { subjects, problems, notJudged, files };

  function descend(from: Subject, chain: readonly string[], trail: readonly string[]): void {
    const variants = new Map<string, number>();
    const done = new Set<string>();
    for (const { resources } of from.worlds) {
      for (const resource of resources) {
        if (textOf(member(resource.value, 'Type')) !== 'AWS::CloudFormation::Stack') continue;
        const parameters = member(member(resource.value, 'Properties'), 'Parameters');
        const key = `${resource.key} ${parameters === undefined ? '' : canonicalJson(toJson(parameters))}`;
        const count = variants.get(resource.key) ?? 0;
        if (done.has(key) || count >= MAX_VARIANTS) continue;
        done.add(key);
        variants.set(resource.key, count + 1);
        enter(from, resource, parameters, chain, [...trail, resource.key]);
      }
    }
  }

  function enter(
    from: Subject,
    resource: ResolvedResource,
    parameters: Node | undefined,
    chain: readonly string[],
    trail: readonly string[],
  ): void {
    const found = localTemplate(from, resource, chain);
    if (typeof found === 'string') {
      notJudged.push({ file: from.source.file, resource: resource.key, reason: found });
      return;
    }
    const { file, location, text } = found;
    files.add(file);
    const folder = dirname(from.source.file);
    const shown = `${folder === '.' ? '' : `${folder}/`}${location.replace(/^\.\//, '')}`;
    const read = readTemplate({ file: shown, text });
    if (!read.ok) {
      problems.push(...read.problems);
      return;
    }
    const values = new Map(entriesOf(parameters).map(({ key, value }) => [key, value]));
    const names = new Map(
      entriesOf(read.value.resources).map(
        ({ key }) => [key, { address: [...trail, key].join('/') }] as const,
      ),
    );
    const subject = subjectOfTemplate(read.value, { ...given, parameters: values }, names);
    subjects.push(subject);
    descend(subject, [...chain, file], trail);
  }
}

/** The template of a nested stack, or why it is not judged. */
function localTemplate(
  from: Subject,
  resource: ResolvedResource,
  chain: readonly string[],
): { file: string; location: string; text: string } | string {
  const location = templateLocation(resource.value);
  if (location === undefined) return 'its template is not a local file';
  const file = resolve(dirname(from.source.file), location);
  if (chain.includes(file)) return `${location} contains itself`;
  if (chain.length >= MAX_DEPTH) return `stacks are nested more than ${MAX_DEPTH} deep`;
  const text = readInside([process.cwd(), dirname(chain[0] ?? file)], file, MAX_TEMPLATE_BYTES);
  return typeof text === 'string' ? { file, location, text } : `its template ${location} ${text.reason}`;
}

/** A path, or the asset that the CDK wrote beside the parent's template. */
function templateLocation(resource: Node): string | undefined {
  const asset = textOf(member(member(resource, 'Metadata'), 'aws:asset:path'));
  if (asset !== undefined) return asset;
  const url = textOf(member(member(resource, 'Properties'), 'TemplateURL'));
  return url === undefined || /^[a-z0-9+]+:\/\//i.test(url) || url.includes('{{resolve:') ? undefined : url;
}
