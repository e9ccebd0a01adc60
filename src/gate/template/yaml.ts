import {
  type Document,
  isAlias,
  isMap,
  isPair,
  isScalar,
  isSeq,
  type Pair,
  parseDocument,
  type Scalar,
  type Node as YamlNode,
} from 'yaml';
import { printable } from '../../model/printable.ts';
import { failed, ok, type Problem, problemAt, type Result, type SourceText } from '../../model/problem.ts';
import { entry, type MapEntry, map, type Node, type Span, scalar } from './node.ts';

const MAX_DEPTH = 200;
/** Nodes that a document may grow to when its aliases are followed. */
const MAX_NODES = 300_000;
/** Between a tag and the value that it is of; further away it is another one's. */
const MAX_TAG_DISTANCE = 200;

/** Reads a YAML template: short-form tags become their long form, aliases and merge keys are followed. */
export function readYamlTemplate(source: SourceText): Result<Node> {
  const document = parseDocument(source.text, {
    prettyErrors: false,
    uniqueKeys: true,
    merge: true,
    logLevel: 'silent',
  });
  const problems: Problem[] = document.errors.map(({ pos, message }) =>
    problemAt(source, pos[0], pos[1], yamlMessage(message), yamlFix(source.text, pos[0])),
  );
  if (problems.length > 0) return failed(problems.slice(0, 10));
  try {
    return ok(reader(document, source).read(document.contents));
  } catch (error) {
    if (error instanceof Refused) return failed([problemAt(source, error.start, error.end, error.message)]);
    throw error;
  }
}

function yamlMessage(message: string): string {
  const line = (message.split('\n', 1)[0] ?? message).replace(/ at line \d+, column \d+:?$/, '');
  if (/Map keys must be unique/.test(line)) return 'the key is there twice';
  return printable(line, 300);
}

function yamlFix(text: string, start: number): { fix?: string } {
  const lineStart = text.lastIndexOf('\n', start - 1) + 1;
  const indentation = /^[ \t]*/.exec(text.slice(lineStart, lineStart + 200))?.[0] ?? '';
  return indentation.includes('\t') ? { fix: 'indent with spaces; YAML allows no tabs there' } : {};
}

class Refused extends Error {
  readonly start: number;
  readonly end: number;

  constructor(message: string, { start, end }: Span) {
    super(message);
    this.start = start;
    this.end = end;
  }
}

function reader(document: Document, source: SourceText): { read: (node: unknown) => Node } {
  let nodes = 0;
  /** The nodes that are being read: an alias to one of them would never end. */
  const open = new Set<unknown>();
  /** Looking one up means going through the document. */
  const targets = new Map<unknown, YamlNode>();

  function read(node: unknown, depth = 0): Node {
    const at = spanOf(node);
    open.add(node);
    const value = readOpen(node, at, depth);
    open.delete(node);
    return value;
  }

  function readOpen(node: unknown, at: Span, depth: number): Node {
    if (++nodes > MAX_NODES) throw new Refused(`aliases make more than ${MAX_NODES} values of this text`, at);
    if (depth > MAX_DEPTH) throw new Refused(`more than ${MAX_DEPTH} levels deep`, at);
    if (isAlias(node)) {
      const target = targets.get(node) ?? node.resolve(document);
      if (target === undefined)
        throw new Refused(`no anchor &${printable(node.source, 80)} stands before this alias`, at);
      if (open.has(target)) throw new Refused(`the alias *${printable(node.source, 80)} leads to itself`, at);
      targets.set(node, target);
      return { ...read(target, depth + 1), ...at };
    }
    if (isScalar(node)) return tagged(node, plainScalar(node, at), at);
    if (isSeq(node)) {
      const items = node.items.map((item) => read(isPair(item) ? mapOf(item) : item, depth + 1));
      return tagged(node, { kind: 'list', items, flow: node.flow === true, ...at }, at);
    }
    if (isMap(node)) {
      const entries = pairsOf(node.items, depth);
      return tagged(node, { kind: 'map', entries, flow: node.flow === true, ...at }, at);
    }
    return scalar(null, at);
  }

  function pairsOf(pairs: readonly Pair[], depth: number): MapEntry[] {
    const own = new Map<string, MapEntry>();
    const merged = new Map<string, MapEntry>();
    for (const pair of pairs) {
      const keySpan = spanOf(pair.key);
      if (isMergeKey(pair)) {
        const value = read(pair.value, depth + 1);
        for (const source of value.kind === 'list' ? value.items : [value]) {
          if (source.kind !== 'map') throw new Refused('<< needs a map, or a list of maps', keySpan);
          for (const one of source.entries) if (!merged.has(one.key)) merged.set(one.key, one);
        }
        continue;
      }
      const key = read(pair.key, depth + 1);
      if (key.kind !== 'scalar') throw new Refused('a key must be a text', keySpan);
      const name = String(key.value);
      if (own.has(name)) throw new Refused(`the key ${printable(name, 80)} is there twice`, keySpan);
      own.set(name, { key: name, keySpan, value: read(pair.value, depth + 1) });
    }
    return [...own.values(), ...[...merged.values()].filter(({ key }) => !own.has(key))];
  }

  /** From the tag, where there is one: `!Ref Name` is one value. */
  function spanOf(node: unknown): Span {
    const { range, tag } = (node as (YamlNode & { tag?: string }) | null) ?? {};
    if (!range) return { start: 0, end: 1 };
    const [from, to] = range;
    const tagged = tag?.startsWith('!') ? source.text.lastIndexOf(tag, from) : -1;
    const start = tagged !== -1 && from - tagged < MAX_TAG_DISTANCE ? tagged : from;
    return { start, end: Math.max(to, start + 1) };
  }

  function mapOf(pair: Pair): YamlNode {
    const of = document.createNode({});
    of.items.push(pair as never);
    return of;
  }

  function plainScalar(node: Scalar, at: Span): Node {
    const text = node.source;
    if (node.type === 'PLAIN' && text !== undefined) {
      // CloudFormation reads YAML 1.1: yes and no are truth values, an account number stays text.
      if (/^(yes|on)$/i.test(text)) return scalar(true, at);
      if (/^(no|off)$/i.test(text)) return scalar(false, at);
      if (/^0\d+$/.test(text)) return scalar(text, at);
    }
    if (typeof node.value === 'bigint') return scalar(String(node.value), at);
    const value = node.value;
    const known =
      typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' || value === null;
    return scalar(known ? value : source.text.slice(at.start, at.end), at);
  }

  return { read: (node) => read(node) };
}

function isMergeKey(pair: Pair): boolean {
  return (
    isScalar(pair.key) &&
    pair.key.type !== 'QUOTE_DOUBLE' &&
    pair.key.type !== 'QUOTE_SINGLE' &&
    (pair.key.value === '<<' || pair.key.source === '<<')
  );
}

/** `!Ref X`, `!Condition X` and `!GetAtt A.B` in their long form. */
function tagged(node: YamlNode & { tag?: string }, value: Node, at: Span): Node {
  const { tag } = node;
  if (tag === undefined || tag.length < 2 || !tag.startsWith('!')) return value;
  const name = tag.slice(1);
  const keySpan = { start: at.start, end: at.start + tag.length };
  if (name === 'Ref' || name === 'Condition') return map([entry(name, value, keySpan)], at);
  return map([entry(`Fn::${name}`, name === 'GetAtt' ? attributeParts(value) : value, keySpan)], at);
}

/** `A.B.C` as `[A, B.C]`, which is how CloudFormation and Guard rules write it. */
export function attributeParts(value: Node): Node {
  if (value.kind !== 'scalar' || typeof value.value !== 'string') return value;
  const dot = value.value.indexOf('.');
  if (dot === -1) return value;
  return {
    kind: 'list',
    items: [scalar(value.value.slice(0, dot), value), scalar(value.value.slice(dot + 1), value)],
    flow: true,
    start: value.start,
    end: value.end,
  };
}
