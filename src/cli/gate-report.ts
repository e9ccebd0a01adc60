import { styleText } from 'node:util';
import type { Format, Report } from '../gate/report/report.ts';
import type { PaintStyle } from '../gate/report/text.ts';
import type { Style } from './terminal.ts';

const STYLES: Readonly<Record<PaintStyle, Style>> = {
  bold: 'bold',
  dim: 'dim',
  underline: 'underline',
  severe: ['bold', 'red'],
  warning: 'yellow',
  mild: 'cyan',
  good: ['bold', 'green'],
  mark: 'red',
};

/** A report in one of the formats; colours only where a person reads it. */
export async function rendered(
  report: Report,
  format: Format,
  toTerminal: boolean,
  compact: boolean,
): Promise<string> {
  switch (format) {
    case 'text': {
      const { textReport } = await import('../gate/report/text.ts');
      const paint = (style: PaintStyle, text: string): string =>
        toTerminal ? styleText(STYLES[style], text, { stream: process.stdout }) : text;
      return textReport(report, paint, Math.min(process.stdout.columns ?? 100, 110));
    }
    case 'json':
      return (await import('../gate/report/json.ts')).jsonReport(report, compact);
    case 'sarif':
      return (await import('../gate/report/sarif.ts')).sarifReport(report);
    case 'junit':
      return (await import('../gate/report/junit.ts')).junitReport(report);
    case 'github':
      return (await import('../gate/report/github.ts')).githubReport(report);
    case 'markdown':
      return (await import('../gate/report/markdown.ts')).markdownReport(report);
  }
}

export async function versionOf(): Promise<string> {
  const { readFileSync } = await import('node:fs');
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
