import { createRequire } from 'node:module';
import { type Json, toJson } from '../model/json.ts';
import { GuardFault } from './fault.ts';
import { computedNode, type Found, type Node } from './node.ts';
import { patternOf } from './regex.ts';
import type { FunctionName } from './syntax.ts';

type Operands = readonly (readonly Found[])[];

/** Makes one value of one value; nothing for a value whose type the function does not take. */
type Convert = (node: Node) => Node | undefined;

/** Calls a built-in function. Source: Guard documentation, "Built-in functions". */
export function callFunction(name: FunctionName, operands: Operands): readonly Found[] {
  const [values = [], second = [], third = []] = operands;
  switch (name) {
    case 'count':
      return [
        computedNode(values.filter(({ kind }) => kind !== 'unresolved').length, originOf(values), 'int'),
      ];
    case 'now':
      return [computedNode(Math.floor(Date.now() / 1_000), undefined, 'int')];
    case 'join':
      return [join(values, textOf(second, 'join', 'second'))];
    case 'substring':
      return substring(values, numberOf(second, 'second'), numberOf(third, 'third'));
    case 'regex_replace': {
      const pattern = textOf(second, name, 'second');
      const template = textOf(third, name, 'third');
      return each(
        values,
        onStrings((text) => compiled(pattern).expand(text, template)),
      );
    }
    case 'json_parse':
      return each(values, (node) => (node.kind === 'string' ? parseJson(node) : undefined));
    case 'to_upper':
      return each(
        values,
        onStrings((text) => text.toUpperCase()),
      );
    case 'to_lower':
      return each(
        values,
        onStrings((text) => text.toLowerCase()),
      );
    case 'url_decode':
      return each(values, onStrings(urlDecode));
    default:
      return each(values, CONVERSIONS[name]);
  }
}

function each(values: readonly Found[], convert: Convert): Node[] {
  return values.flatMap((one) => (one.kind === 'unresolved' ? [] : (convert(one) ?? [])));
}

function onStrings(convert: (text: string) => string | undefined): Convert {
  return (node) => {
    const converted = node.kind === 'string' ? convert(String(node.value)) : undefined;
    return converted === undefined ? undefined : computedNode(converted, node);
  };
}

function originOf(values: readonly Found[]): Node | undefined {
  const [first] = values;
  return first?.kind === 'unresolved' ? first.at : first;
}

function textOf([first]: readonly Found[], name: string, which: string): string {
  if (first?.kind === 'string' || first?.kind === 'char') return String(first.value);
  throw new GuardFault(`${name} needs a string as its ${which} operand`);
}

function numberOf([first]: readonly Found[], which: string): number {
  if (first?.kind === 'int' || first?.kind === 'float') return Math.trunc(Number(first.value));
  throw new GuardFault(`substring needs a number as its ${which} operand`);
}

function compiled(pattern: string): ReturnType<typeof patternOf> {
  try {
    return patternOf(pattern);
  } catch (error) {
    throw new GuardFault(`regex_replace cannot use ${pattern}: ${(error as Error).message}`);
  }
}

function join(values: readonly Found[], separator: string): Node {
  const texts = values.map((one) => {
    if (one.kind === 'string') return String(one.value);
    if (one.kind === 'unresolved')
      throw new GuardFault(`join cannot join what is missing: ${one.reason}`, one.at);
    throw new GuardFault(`join joins strings, here is a ${one.kind}`, one);
  });
  return computedNode(texts.join(separator), originOf(values));
}

/** By bytes of UTF-8, as cfn-guard counts; a value that the indexes do not fit is left out. */
function substring(values: readonly Found[], from: number, to: number): Node[] {
  return each(
    values,
    onStrings((text) => {
      const bytes = Buffer.from(text);
      if (from < 0 || from >= to || to > bytes.length) return undefined;
      const part = bytes.subarray(from, to);
      const cut = part.toString();
      return Buffer.from(cut).equals(part) ? cut : undefined;
    }),
  );
}

const require = createRequire(import.meta.url);

/** As cfn-guard does, it takes what is YAML and no JSON too; that parser is loaded when it is needed. */
function parseJson(node: Node): Node {
  const text = String(node.value);
  try {
    return computedNode(JSON.parse(text) as Json, node);
  } catch {
    const { parse } = require('yaml') as typeof import('yaml');
    try {
      return computedNode(toJson(parse(text, { maxAliasCount: 100, logLevel: 'error' })), node);
    } catch (error) {
      throw new GuardFault(
        `json_parse meets a text that is no JSON: ${(error as Error).message.split('\n')[0]}`,
        node,
      );
    }
  }
}

/** Percent signs that are no escapes stay; what is no UTF-8 is left out. */
function urlDecode(text: string): string | undefined {
  const bytes = Buffer.concat(
    text
      .split(/(%[0-9A-Fa-f]{2})/)
      .map((part) =>
        /^%[0-9A-Fa-f]{2}$/.test(part) ? Buffer.from(part.slice(1), 'hex') : Buffer.from(part),
      ),
  );
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function refuse(node: Node, type: string): never {
  throw new GuardFault(`${JSON.stringify(node.value)} cannot be converted into ${type}`, node);
}

const RUST_FLOAT = /^[+-]?(?:(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)$/;

const CONVERSIONS = {
  parse_int(node) {
    const text = String(node.value);
    if (node.kind === 'int') return computedNode(node.value as number, node, 'int');
    if (node.kind === 'float') return computedNode(Math.trunc(node.value as number), node, 'int');
    if (node.kind !== 'string' && node.kind !== 'char') return undefined;
    return /^[+-]?\d+$/.test(text) ? computedNode(Number(text), node, 'int') : refuse(node, 'a whole number');
  },
  parse_float(node) {
    const text = String(node.value);
    if (node.kind === 'int' || node.kind === 'float')
      return computedNode(node.value as number, node, 'float');
    if (node.kind !== 'string' && node.kind !== 'char') return undefined;
    return RUST_FLOAT.test(text) ? computedNode(Number(text), node, 'float') : refuse(node, 'a number');
  },
  parse_string(node) {
    const takes = ['int', 'float', 'bool', 'char', 'string'].includes(node.kind);
    return takes ? computedNode(String(node.value), node) : undefined;
  },
  parse_boolean(node) {
    if (node.kind === 'bool') return computedNode(node.value as boolean, node);
    if (node.kind !== 'string') return undefined;
    const text = String(node.value).toLowerCase();
    return text === 'true' || text === 'false'
      ? computedNode(text === 'true', node)
      : refuse(node, 'a boolean');
  },
  parse_char(node) {
    if (node.kind === 'char') return computedNode(String(node.value), node, 'char');
    if (node.kind === 'int') {
      const digit = Number(node.value);
      return digit >= 0 && digit <= 9
        ? computedNode(String(digit), node, 'char')
        : refuse(node, 'a character');
    }
    if (node.kind !== 'string' || node.value === '') return undefined;
    return [...String(node.value)].length === 1
      ? computedNode(String(node.value), node, 'char')
      : refuse(node, 'a character');
  },
  parse_epoch(node) {
    if (node.kind !== 'string') return undefined;
    const text = String(node.value);
    const time = RFC_3339.test(text) ? Date.parse(text.replace(' ', 'T')) : Number.NaN;
    return Number.isNaN(time)
      ? refuse(node, 'a time (RFC 3339, such as 2026-01-31T12:00:00Z)')
      : computedNode(Math.floor(time / 1_000), node, 'int');
  },
} satisfies Record<string, Convert>;

const RFC_3339 = /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(?:\.\d+)?(?:[Zz]|[+-]\d\d:\d\d)$/;
