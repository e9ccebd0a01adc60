import { relative } from 'node:path';
import { styleText } from 'node:util';
import { printable } from '../model/printable.ts';

export type Style = Parameters<typeof styleText>[0];

/** Styled when standard output is a terminal that wants colours; the text is made safe. */
export function styled(style: Style, text: string): string {
  return styleText(style, safe(text), { stream: process.stdout });
}

/** Nothing from a log reaches the terminal as anything but visible characters. */
export function safe(text: string, limit?: number): string {
  return printable(text, limit);
}

export function print(line = ''): void {
  process.stdout.write(`${line}\n`);
}

export function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}

export function complain(text: string): void {
  process.stderr.write(`${text}\n`);
}

/** As a person reads it: `480 ms`, `3.2 s`, `4 min 05 s`. */
export function duration(milliseconds: number): string {
  if (milliseconds < 1_000) return `${Math.round(milliseconds)} ms`;
  const seconds = milliseconds / 1_000;
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, '0')} s`;
}

export function timestamp(milliseconds: number): string {
  return new Date(milliseconds)
    .toISOString()
    .replace('T', ' ')
    .replace(/\.\d+Z$/, 'Z');
}

export function plural(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString('en-US')} ${count === 1 ? one : many}`;
}

/** A path as it is shortest to write: from where the command was started, when it is below. */
export function shortPath(path: string): string {
  const short = relative(process.cwd(), path);
  return safe(short === '' || short.startsWith('..') || path.includes('://') ? path : short);
}
