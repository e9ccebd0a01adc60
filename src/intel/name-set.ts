import { randomBytes } from 'node:crypto';
import { domainToASCII } from 'node:url';
import { sharedUint32, toSharedUint8 } from './shared-arrays.ts';
import { type TextTable, textAt, textTable } from './text-table.ts';

/** How a name matches: a domain with all below it, a name and nothing below it, or a whole URL. */
export type NameKind = 'domain' | 'exact' | 'url';
const KINDS: readonly NameKind[] = ['domain', 'exact', 'url'];

/** Domains and URLs in a hash table of offsets; structured-cloneable, shared among threads. */
export interface SharedNames {
  readonly texts: TextTable;
  readonly kinds: Uint8Array;
  /** Index of a name and 1, or 0; a power of two long, at most half full. */
  readonly slots: Uint32Array;
  /** Of this process: whoever writes a list cannot choose names that fall into one slot. */
  readonly seed: number;
}

export interface NameColumns {
  readonly count: number;
  /** The index of the name; a name that is there already keeps its own. */
  add(name: string, kind: NameKind): number;
  build(): SharedNames;
}

export function nameColumns(): NameColumns {
  const indexes = new Map<string, number>();
  const kinds: number[] = [];
  return {
    get count() {
      return indexes.size;
    },
    add(name, kind) {
      const known = indexes.get(name);
      if (known !== undefined) {
        // A domain covers more than the name alone.
        kinds[known] = Math.min(kinds[known] ?? 0, KINDS.indexOf(kind));
        return known;
      }
      indexes.set(name, kinds.length);
      kinds.push(KINDS.indexOf(kind));
      return kinds.length - 1;
    },
    build() {
      const names = [...indexes.keys()];
      const seed = randomBytes(4).readUInt32LE();
      let size = 4;
      while (size < 2 * names.length) size *= 2;
      const slots = sharedUint32(size);
      for (const [index, name] of names.entries()) {
        let hash = seed;
        for (let at = name.length - 1; at >= 0; at--) hash = mix(hash, name.charCodeAt(at));
        let slot = finish(hash) & (size - 1);
        while (slots[slot] !== 0) slot = (slot + 1) & (size - 1);
        slots[slot] = index + 1;
      }
      return { texts: textTable(names), kinds: toSharedUint8(kinds), slots, seed };
    },
  };
}

function mix(hash: number, code: number): number {
  return Math.imul(hash ^ code, 0x0100_0193);
}

function finish(hash: number): number {
  const once = Math.imul(hash ^ (hash >>> 16), 0x7feb_352d);
  return (once ^ (once >>> 15)) >>> 0;
}

export interface NameLookup {
  /** The indexes of the domains that cover a name, the longest first. */
  domains(name: string): number[];
  /** The index of a URL, or -1. */
  url(href: string): number;
  text(index: number): string;
}

const DOT = 0x2e;

export function nameLookup({ texts, kinds, slots, seed }: SharedNames): NameLookup {
  const mask = slots.length - 1;
  const { bytes, offsets } = texts;
  /** The name that is the end of a text from `start` on, or -1. */
  const probe = (text: string, start: number, hash: number): number => {
    for (let slot = finish(hash) & mask; ; slot = (slot + 1) & mask) {
      const index = (slots[slot] ?? 0) - 1;
      if (index === -1) return -1;
      const from = offsets[index] ?? 0;
      if ((offsets[index + 1] ?? 0) - from !== text.length - start) continue;
      let at = start;
      while (at < text.length && bytes[from + at - start] === text.charCodeAt(at)) at++;
      if (at === text.length) return index;
    }
  };
  return {
    domains(name) {
      const found: number[] = [];
      let hash = seed;
      // From the right, so that every parent domain costs no more than the name itself.
      for (let at = name.length - 1; at >= 0; at--) {
        hash = mix(hash, name.charCodeAt(at));
        if (at > 0 && name.charCodeAt(at - 1) !== DOT) continue;
        const index = probe(name, at, hash);
        if (index === -1) continue;
        const kind = KINDS[kinds[index] ?? 0];
        if (kind === 'domain' || (kind === 'exact' && at === 0)) found.unshift(index);
      }
      return found;
    },
    url(href) {
      let hash = seed;
      for (let at = href.length - 1; at >= 0; at--) hash = mix(hash, href.charCodeAt(at));
      const index = probe(href, 0, hash);
      return index !== -1 && KINDS[kinds[index] ?? 0] === 'url' ? index : -1;
    },
    text: (index) => textAt(texts, index),
  };
}

/** A domain name as sets keep it: lower case, ASCII, no dot at the end; nothing when it is none. Source: RFC 1035, RFC 5890. */
export function parseDomain(text: string): string | undefined {
  if (text.length > LONGEST_NAME) return undefined;
  let name = text.endsWith('.') ? text.slice(0, -1) : text;
  if (!/^[\x21-\x7e]+$/.test(name)) name = domainToASCII(name);
  name = name.toLowerCase();
  if (name.length > 253) return undefined;
  const labels = name.split('.');
  if (labels.length < 2 || !labels.every((label) => LABEL.test(label))) return undefined;
  return /^[a-z]/.test(labels.at(-1) ?? '') ? name : undefined;
}

/** In characters of any script, of which ASCII needs more. */
const LONGEST_NAME = 254;
const LABEL = /^[a-z0-9_]$|^[a-z0-9_][a-z0-9_-]{0,61}[a-z0-9_]$/;
const LONGEST_URL = 4_096;

/** A URL of the web as sets keep it; nothing when it is none. */
export function parseUrl(text: string): URL | undefined {
  if (text.length > LONGEST_URL || !/^https?:\/\//i.test(text)) return undefined;
  const url = URL.parse(text);
  if (url === null) return undefined;
  // What is behind # never reaches a server.
  url.hash = '';
  return url;
}
