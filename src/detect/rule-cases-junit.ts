import { printable } from '../model/printable.ts';
import type { CaseResult } from './rule-cases-run.ts';

/** The cases of one rule file. */
export interface CaseSuite {
  readonly file: string;
  readonly results: readonly CaseResult[];
}

/**
 * Results as JUnit XML, a suite a file. Source: the schema of the Jenkins xUnit plugin
 * (`junit-10.xsd`), which CI systems read.
 */
export function junitReport(suites: readonly CaseSuite[]): string {
  const lines = [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="cordon rules test"${countsOf(suites)}>`,
  ];
  for (const suite of suites) {
    lines.push(`  <testsuite name="${escaped(suite.file)}"${countsOf([suite])}>`);
    for (const { name, expected, passed, line, message, why } of suite.results) {
      const title = `${expected === 'match' ? 'matches' : 'does not match'}: ${name}`;
      const head = `    <testcase name="${escaped(title)}" classname="${escaped(suite.file)}" file="${escaped(suite.file)}" line="${line}"`;
      if (passed) lines.push(`${head}/>`);
      else {
        lines.push(`${head}>`);
        const text = why
          .map((one) => `${'  '.repeat(one.depth)}${one.matched ? '+' : '-'} ${one.text}`)
          .join('\n');
        lines.push(`      <failure message="${escaped(message)}">${escaped(text, '\n')}</failure>`);
        lines.push('    </testcase>');
      }
    }
    lines.push('  </testsuite>');
  }
  lines.push('</testsuites>');
  return `${lines.join('\n')}\n`;
}

function countsOf(suites: readonly CaseSuite[]): string {
  const results = suites.flatMap((suite) => suite.results);
  return ` tests="${results.length}" failures="${results.filter(({ passed }) => !passed).length}"`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

function escaped(text: string, keep = ''): string {
  return printable(text, undefined, keep).replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
}
