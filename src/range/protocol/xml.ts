import { NormalizedSchema } from '@smithy/core/schema';
import type { SchemaRef } from '@smithy/types';

/** Encodes an output by the operation's own schema. Source: Smithy 2.0, "XML bindings". */
export function encodeXml(schema: SchemaRef, value: unknown): string {
  return encodeContent(NormalizedSchema.of(schema), value);
}

function encodeContent(schema: NormalizedSchema, value: unknown): string {
  if (value instanceof Date) return value.toISOString().replace(/\.000Z$/, 'Z');
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (schema.isStructSchema()) {
    const members = value as Record<string, unknown>;
    let xml = '';
    for (const [name, member] of schema.structIterator()) {
      const content = members[name];
      if (content === undefined || content === null || isAttribute(member)) continue;
      const tag = xmlName(member) ?? name;
      if (isFlattened(member)) {
        for (const item of content as unknown[])
          xml += element(tag, encodeContent(member.getValueSchema(), item));
      } else xml += element(tag, encodeContent(member, content), attributesOf(member, content));
    }
    return xml;
  }
  if (schema.isListSchema()) {
    const item = schema.getValueSchema();
    return (value as unknown[])
      .map((entry) => element(xmlName(item) ?? 'member', encodeContent(item, entry)))
      .join('');
  }
  if (schema.isMapSchema()) {
    const [key, content] = [schema.getKeySchema(), schema.getValueSchema()];
    return Object.entries(value as Record<string, unknown>)
      .map(([name, entry]) =>
        element(
          'entry',
          element(xmlName(key) ?? 'key', escapeXml(name)) +
            element(xmlName(content) ?? 'value', encodeContent(content, entry)),
        ),
      )
      .join('');
  }
  return escapeXml(String(value));
}

/** The namespace of an element, and the members of its structure that are attributes. */
function attributesOf(schema: NormalizedSchema, value: unknown): string {
  const [prefix, uri] = (schema.getMergedTraits() as { xmlNamespace?: readonly string[] }).xmlNamespace ?? [];
  let attributes = prefix === undefined || uri === undefined ? '' : ` xmlns:${prefix}="${escapeXml(uri)}"`;
  if (!schema.isStructSchema()) return attributes;
  for (const [name, member] of schema.structIterator()) {
    const content = (value as Record<string, unknown>)[name];
    if (isAttribute(member) && content !== undefined)
      attributes += ` ${xmlName(member) ?? name}="${escapeXml(String(content))}"`;
  }
  return attributes;
}

export function isAttribute(schema: NormalizedSchema): boolean {
  return (schema.getMergedTraits() as { xmlAttribute?: 1 }).xmlAttribute === 1;
}

export function isFlattened(schema: NormalizedSchema): boolean {
  return schema.isListSchema() && (schema.getMergedTraits() as { xmlFlattened?: 1 }).xmlFlattened === 1;
}

export function xmlName(schema: NormalizedSchema): string | undefined {
  return (schema.getMergedTraits() as { xmlName?: string }).xmlName;
}

/** `attributes` as they stand behind the name, each with the space before it. */
export function element(name: string, content: string, attributes = ''): string {
  return `<${name}${attributes}>${content}</${name}>`;
}

const ESCAPES: Readonly<Record<string, string>> = {
  '<': '&lt;',
  '>': '&gt;',
  '&': '&amp;',
  '"': '&quot;',
  "'": '&apos;',
};

/** Characters that XML 1.0 cannot carry are left out. */
export function escapeXml(text: string): string {
  return text
    .replace(/[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu, '')
    .replace(/[<>&"']/g, (character) => ESCAPES[character] ?? character)
    .replace(/[\r\n\t]/g, (character) => `&#${character.charCodeAt(0)};`);
}
