import { createHash } from 'node:crypto';
import { printable } from '../model/printable.ts';
import { STYLE } from './style.ts';

/** Text that is HTML already: everything else is escaped. */
export interface Html {
  readonly html: string;
}

type Part = Html | string | number | readonly Part[];

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text of a log on a page: no markup, and nothing that is invisible or changes the direction of writing. */
export function escaped(text: string): string {
  return printable(text).replace(/[&<>"']/g, (character) => ESCAPES[character] ?? '');
}

/** A template whose values are escaped unless they are {@link Html} themselves. */
export function html(strings: TemplateStringsArray, ...values: readonly Part[]): Html {
  return { html: strings.reduce((text, part, at) => text + part + markup(values[at] ?? ''), '') };
}

function markup(part: Part): string {
  if (typeof part === 'string') return escaped(part);
  if (typeof part === 'number') return String(part);
  return 'html' in part ? part.html : part.map(markup).join('');
}

export const NOTHING: Html = { html: '' };

/** A whole page in one file: it loads nothing, runs nothing and sends nothing. `more` is style of its own. */
export function page(title: string, body: Html, more = ''): string {
  const all = STYLE + more;
  const style = createHash('sha256').update(all).digest('base64');
  const policy = `default-src 'none'; style-src 'sha256-${style}'; base-uri 'none'; form-action 'none'`;
  const head = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<style>${{ html: all }}</style>
</head>
<body>
<main>
${body}
</main>
</body>
</html>
`;
  return head.html;
}

/** Long text that is cut for the eye. */
export function cut(text: string, limit: number): string {
  return text.length > limit ? `${text.slice(0, limit)}…` : text;
}

export function count(value: number): string {
  return value.toLocaleString('en-US');
}

export function counted(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}

/** `2026-11-24 16:03:37`, in UTC. */
export function moment(time: number): string {
  const date = new Date(time);
  return Number.isNaN(date.getTime()) ? 'no date' : date.toISOString().slice(0, 19).replace('T', ' ');
}

/** A rate that is read at a glance. */
export function rate(value: number): string {
  if (value >= 100) return count(Math.round(value));
  return value >= 0.1 ? value.toFixed(1) : '< 0.1';
}
