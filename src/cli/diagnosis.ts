import type { DiagnosisLine } from '../detect/rule-cases-explain.ts';
import { print, safe, styled } from './terminal.ts';

const LINE_LIMIT = 400;

/** One line a part of the condition, indented, with what became of it. */
export function printDiagnosis(lines: readonly DiagnosisLine[], indent: string): void {
  for (const { depth, matched, text } of lines) {
    const mark = matched ? styled('green', '✓') : styled('red', '✗');
    print(`${indent}${'  '.repeat(depth)}${mark} ${safe(text, LINE_LIMIT)}`);
  }
}
