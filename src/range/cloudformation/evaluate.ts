import { AwsError } from '../aws-error.ts';
import { type CfnTemplate, isSection, type ResourceDeclaration, validationError } from './template.ts';

/** What change sets show for a value that is known only when they have been executed. */
export const KNOWN_LATER = '{{changeSet:KNOWN_AFTER_APPLY}}';

/** What a `Ref` and `Fn::GetAtt` to a resource give. */
export interface KnownResource {
  readonly physicalId: string;
  readonly attributes: Readonly<Record<string, unknown>>;
}

export interface Scope {
  readonly template: CfnTemplate;
  readonly parameters: ReadonlyMap<string, string>;
  /** `AWS::Region` and the like. */
  readonly pseudo: Readonly<Record<string, unknown>>;
  /** None while it is not made, or is to be made anew. */
  resource(logicalId: string): KnownResource | undefined;
  exported(name: string): string | undefined;
}

const NO_VALUE = Symbol('AWS::NoValue');

/** A value with its intrinsic functions worked out. What hangs on a resource that is not made is known later. */
export function evaluate(value: unknown, scope: Scope): unknown {
  if (Array.isArray(value))
    return value.map((item) => evaluate(item, scope)).filter((item) => item !== NO_VALUE);
  if (!isSection(value)) return value;
  const [only, ...more] = Object.entries(value);
  if (only !== undefined && more.length === 0) {
    const [name, argument] = only;
    if (name === 'Ref') return reference(String(argument), scope);
    if (name === 'Condition' && typeof argument === 'string')
      return condition({ Condition: argument }, scope);
    if (name.startsWith('Fn::')) return call(name, argument, scope);
  }
  const entries = Object.entries(value).map(([key, item]) => [key, evaluate(item, scope)] as const);
  return Object.fromEntries(entries.filter(([, item]) => item !== NO_VALUE));
}

export function isPresent({ Condition }: ResourceDeclaration, scope: Scope): boolean {
  return Condition === undefined || condition({ Condition }, scope);
}

function reference(name: string, scope: Scope): unknown {
  if (name === 'AWS::NoValue') return NO_VALUE;
  if (name in scope.pseudo) return scope.pseudo[name];
  const parameter = scope.parameters.get(name);
  if (parameter !== undefined) {
    const isList = /^(CommaDelimitedList|List<)/.test(scope.template.parameters[name]?.Type ?? '');
    return isList ? parameter.split(',').map((item) => item.trim()) : parameter;
  }
  return scope.resource(name)?.physicalId ?? KNOWN_LATER;
}

function attribute(id: string, name: string, scope: Scope): unknown {
  const resource = scope.resource(id);
  if (resource === undefined) return KNOWN_LATER;
  const value = resource.attributes[name];
  if (value === undefined)
    throw validationError(
      `Template error: resource ${id} does not support attribute type ${name} in Fn::GetAtt`,
    );
  return value;
}

function call(name: string, argument: unknown, scope: Scope): unknown {
  if (name === 'Fn::If') {
    const [test, yes, no] = argument as [string, unknown, unknown];
    return evaluate(condition({ Condition: test }, scope) ? yes : no, scope);
  }
  if (name === 'Fn::GetAtt') {
    const [id, attributeName] = argument as [string, unknown];
    return attribute(id, String(evaluate(attributeName, scope)), scope);
  }
  if (name === 'Fn::Sub') return substitute(argument, scope);
  if (/^Fn::(And|Or|Not|Equals)$/.test(name)) return condition({ [name]: argument }, scope);
  const given = evaluate(argument, scope);
  if (JSON.stringify(given)?.includes(KNOWN_LATER)) return KNOWN_LATER;
  switch (name) {
    case 'Fn::Join': {
      const [separator, items] = given as [string, unknown[]];
      return items.map(String).join(separator);
    }
    case 'Fn::Select': {
      const [index, items] = given as [string | number, unknown[]];
      const item = items[Number(index)];
      if (item === undefined)
        throw validationError(`Template error: Fn::Select cannot select nonexistent value at index ${index}`);
      return item;
    }
    case 'Fn::Split': {
      const [separator, text] = given as [string, string];
      return text.split(separator);
    }
    case 'Fn::Base64':
      return Buffer.from(String(given)).toString('base64');
    case 'Fn::FindInMap': {
      const [map, first, second] = given as [string, string, string];
      const entry = (scope.template.mappings[map] as Record<string, Record<string, unknown>> | undefined)?.[
        first
      ];
      if (entry === undefined || !(second in entry))
        throw validationError(`Template error: Unable to get mapping for ${map}::${first}::${second}`);
      return entry[second];
    }
    case 'Fn::ImportValue': {
      const value = scope.exported(String(given));
      if (value === undefined) throw new AwsError('ValidationError', `No export named ${given} found`);
      return value;
    }
    case 'Fn::GetAZs':
      return ['a', 'b', 'c'].map((zone) => `${given || scope.pseudo['AWS::Region']}${zone}`);
    default:
      throw validationError(`Template error: ${name} is not simulated`);
  }
}

function substitute(argument: unknown, scope: Scope): unknown {
  const [text, variables] = Array.isArray(argument)
    ? (argument as [string, unknown])
    : [String(argument), {}];
  const own = isSection(variables) ? variables : {};
  let later = false;
  const result = text.replace(/\$\{(!?)([^}]*)\}/g, (_, literal: string, inside: string) => {
    if (literal !== '') return `\${${inside}}`;
    const name = inside.trim();
    const dot = name.indexOf('.');
    const value = Object.hasOwn(own, name)
      ? evaluate(own[name], scope)
      : dot < 0
        ? reference(name, scope)
        : attribute(name.slice(0, dot), name.slice(dot + 1), scope);
    later ||= String(value).includes(KNOWN_LATER);
    return String(value);
  });
  return later ? KNOWN_LATER : result;
}

function condition(value: unknown, scope: Scope): boolean {
  if (!isSection(value)) return value === true || value === 'true';
  const [name = '', argument] = Object.entries(value)[0] ?? [];
  switch (name) {
    case 'Condition': {
      const declared = scope.template.conditions[String(argument)];
      if (declared === undefined)
        throw validationError(`Template format error: Unresolved condition dependency ${argument}`);
      return condition(declared, scope);
    }
    case 'Fn::And':
      return (argument as unknown[]).every((item) => condition(item, scope));
    case 'Fn::Or':
      return (argument as unknown[]).some((item) => condition(item, scope));
    case 'Fn::Not':
      return !condition((argument as unknown[])[0], scope);
    case 'Fn::Equals': {
      const [left, right] = (argument as unknown[]).map((item) => String(evaluate(item, scope)));
      return left === right;
    }
    default:
      throw validationError(`Template error: ${name} is no condition`);
  }
}

/** The names that a value refers to: resources and parameters. */
export function namesIn(value: unknown, found = new Set<string>()): Set<string> {
  if (Array.isArray(value)) for (const item of value) namesIn(item, found);
  else if (isSection(value)) {
    for (const [key, item] of Object.entries(value)) {
      if (key === 'Ref') found.add(String(item));
      else if (key === 'Fn::GetAtt' && Array.isArray(item)) found.add(String(item[0]));
      else if (key === 'Fn::Sub') {
        const [text, own] = Array.isArray(item) ? (item as [string, unknown]) : [String(item), {}];
        for (const [, inside = ''] of text.matchAll(/\$\{([^!}][^}]*)\}/g)) {
          const [name = ''] = inside.trim().split('.');
          if (!(isSection(own) && Object.hasOwn(own, name))) found.add(name);
        }
        namesIn(own, found);
      } else namesIn(item, found);
    }
  }
  return found;
}
