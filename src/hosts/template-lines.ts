import { globSync, readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { FixPlace } from '../audit/answers.ts';
import { changedResource } from '../audit/assess.ts';
import { lineIndex } from '../gate/line-index.ts';
import { shortFile } from '../gate/short-file.ts';
import { entryOf, member, textOf } from '../gate/template/node.ts';
import { readTemplate } from '../gate/template/template.ts';
import type { SourceText } from '../model/problem.ts';

/** Larger files are no templates: CloudFormation takes 1 MB. */
const LARGEST = 1_048_576;

/**
 * Says where a change belongs that was made beside the template: the stack that has the resource, and the
 * line of its property in a template on this disk, where there is one.
 */
export function templateLines(patterns: readonly string[], base: string): FixPlace {
  const sources = (): SourceText[] =>
    patterns
      .flatMap((pattern) => globSync(pattern, { cwd: base }))
      .map((name) => resolve(base, name))
      .filter((file) => (statSync(file, { throwIfNoEntry: false })?.size ?? LARGEST) < LARGEST)
      .map((file) => ({ file, text: readFileSync(file, 'utf8') }));
  return ({ type }, properties, attribute) => {
    const { stack, tags } = changedResource(properties);
    const logicalId = tags.find(({ key }) => key === 'aws:cloudformation:logical-id')?.value;
    if (stack === undefined || logicalId === undefined) return undefined;
    for (const source of sources()) {
      const line = lineIn(source, logicalId, type, attribute);
      if (line !== undefined) return `${shortFile(source.file)}:${line} (${logicalId} of the stack ${stack})`;
    }
    return `${logicalId} in the template of the stack ${stack}`;
  };
}

/** 1-based; of the property, else of the resource. */
function lineIn(source: SourceText, logicalId: string, type: string, attribute: string): number | undefined {
  const read = readTemplate(source);
  if (!read.ok) return undefined;
  const resource = entryOf(read.value.resources, logicalId);
  if (resource === undefined || textOf(member(resource.value, 'Type')) !== type) return undefined;
  const property = entryOf(member(resource.value, 'Properties'), attribute);
  return lineIndex(source.text).placeOf(property?.keySpan ?? resource.keySpan).line;
}
