import type { NotJudged } from './finding.ts';
import type { Subject } from './subject.ts';
import { entriesOf, map, member, textOf } from './template/node.ts';
import { withoutSam } from './template/sam.ts';
import type { Template } from './template/template.ts';
import { type Given, resolveOneWith, worldsOf } from './template/worlds.ts';

/** Transforms of AWS that Cordon knows; what another one would make is not judged. */
const KNOWN_TRANSFORMS = new Set(['AWS::LanguageExtensions', 'AWS::Serverless-2016-10-31']);

export function subjectOfTemplate(
  written: Template,
  given: Given,
  names: Subject['names'] = new Map(),
): Subject {
  const { template, notJudged } = withoutSam(written);
  const { worlds, incomplete } = worldsOf(template, given);
  const { source, root } = template;
  const transforms = template.transforms
    .filter((name) => !KNOWN_TRANSFORMS.has(name))
    .map(
      (name): NotJudged => ({
        file: source.file,
        resource: 'Transform',
        reason: `what the transform ${name} makes of the template is not known`,
      }),
    );
  const loops = new Set(worlds.flatMap(({ openLoops }) => openLoops));
  return {
    source,
    sections: map(
      root.entries.filter(({ key }) => key !== 'Resources'),
      root,
    ),
    worlds,
    incomplete,
    resolveWith: (world, resource, values) => resolveOneWith(template, world, resource, values),
    typeOf: (unknown) => template.parameters.get(unknown)?.type,
    names,
    notJudged: [
      ...transforms,
      ...notExpanded(template),
      ...[...loops].map((name) => ({
        file: source.file,
        resource: name,
        reason: 'what the loop runs over is not known',
      })),
      ...notJudged,
      ...worlds.flatMap(({ resources }) =>
        resources.flatMap(({ value, key }) =>
          modulesOf(source.file, key, textOf(member(value, 'Type')) ?? ''),
        ),
      ),
    ].filter(firstOfItsKind()),
    fixable: true,
  };
}

function notExpanded({ source, root, resources }: Template): NotJudged[] {
  const { file } = source;
  const modules = entriesOf(member(root, 'Modules')).map(({ key }) => ({
    file,
    resource: key,
    reason: 'what the module makes is not known',
  }));
  const included = member(resources, 'Fn::Transform') !== undefined;
  return included
    ? [
        ...modules,
        { file, resource: 'Fn::Transform', reason: 'the resources that it includes are not known' },
      ]
    : modules;
}

function modulesOf(file: string, resource: string, type: string): NotJudged[] {
  if (!type.endsWith('::MODULE')) return [];
  return [{ file, resource, reason: `the module ${type} is in the registry of an account` }];
}

function firstOfItsKind(): (one: NotJudged) => boolean {
  const seen = new Set<string>();
  return ({ resource, reason }) => {
    const key = `${resource} ${reason}`;
    return !seen.has(key) && seen.add(key) !== undefined;
  };
}
