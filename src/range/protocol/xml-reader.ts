import { NormalizedSchema } from '@smithy/core/schema';
import type { SchemaRef } from '@smithy/types';
import { AwsError } from '../aws-error.ts';
import { isAttribute, isFlattened, xmlName } from './xml.ts';

/** An element of a request's body; what it is depends on the schema. */
interface XmlElement {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: XmlElement[];
  text: string;
}

const TOKEN = /<(\/?)([\w:.-]+)([^<>]*?)(\/?)>|<[?!][^<>]*>|([^<]+)/gy;
const ATTRIBUTE = /([\w:.-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g;
const DEPTH_LIMIT = 32;
const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

/** Decodes an XML body by its schema. Source: Smithy 2.0, "XML bindings". */
export function decodeXml(schema: SchemaRef, xml: string): unknown {
  const root = parse(xml);
  return root === undefined ? undefined : decode(NormalizedSchema.of(schema), root);
}

function parse(xml: string): XmlElement | undefined {
  const document: XmlElement = { name: '', attributes: new Map(), children: [], text: '' };
  const open = [document];
  let end = 0;
  for (const match of xml.matchAll(TOKEN)) {
    const [token, closing, name, attributes = '', empty, text] = match;
    if (match.index !== end) break;
    end += token.length;
    const parent = open.at(-1);
    if (parent === undefined) break;
    if (text !== undefined) parent.text += unescapeXml(text);
    else if (closing === '/') {
      if (parent.name !== name) throw malformed();
      open.pop();
    } else if (name !== undefined) {
      const element: XmlElement = { name, attributes: attributesOf(attributes), children: [], text: '' };
      parent.children.push(element);
      if (empty !== '/') open.push(element);
      if (open.length > DEPTH_LIMIT) throw malformed();
    }
  }
  if (end !== xml.length || open.length !== 1) throw malformed();
  return document.children[0];
}

function attributesOf(text: string): ReadonlyMap<string, string> {
  const found = [...text.matchAll(ATTRIBUTE)];
  return new Map(found.map(([, name = '', double, single]) => [name, unescapeXml(double ?? single ?? '')]));
}

function decode(schema: NormalizedSchema, { attributes, children, text }: XmlElement): unknown {
  if (schema.isStructSchema()) {
    const value: Record<string, unknown> = {};
    for (const [name, member] of schema.structIterator()) {
      const attribute = isAttribute(member) ? attributes.get(xmlName(member) ?? name) : undefined;
      if (attribute !== undefined) value[name] = attribute;
      const own = children.filter((child) => child.name === (xmlName(member) ?? name));
      const [first] = own;
      if (first === undefined) continue;
      value[name] = isFlattened(member)
        ? own.map((child) => decode(member.getValueSchema(), child))
        : decode(member, first);
    }
    return value;
  }
  if (schema.isListSchema()) return children.map((child) => decode(schema.getValueSchema(), child));
  if (schema.isBooleanSchema()) return text === 'true';
  if (schema.isNumericSchema()) return Number(text);
  if (schema.isTimestampSchema()) return new Date(text);
  if (schema.isBlobSchema()) return Buffer.from(text, 'base64');
  return text;
}

function unescapeXml(text: string): string {
  return text.replace(/&(?:#(\d+)|#x([\da-fA-F]+)|(\w+));/g, (whole, decimal, hexadecimal, name) => {
    if (name !== undefined) return ENTITIES[name] ?? whole;
    const code = decimal === undefined ? Number.parseInt(hexadecimal, 16) : Number(decimal);
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}

function malformed(): AwsError {
  return new AwsError('MalformedXML', 'The XML you provided was not well-formed.');
}
