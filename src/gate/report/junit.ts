import { counts, type GateFinding } from '../finding.ts';
import { circumstances, failing, type Report, resourceText } from './report.ts';

/** JUnit XML: a suite for each file, a test case for each finding; a problem is an error. */
export function junitReport(report: Report): string {
  const fails = new Set(failing(report));
  const suites = [...Map.groupBy(report.findings, ({ file }) => file)].map(([file, findings]) => {
    const failures = findings.filter((finding) => fails.has(finding)).length;
    const skipped = findings.length - failures;
    const cases = findings.map((finding) => caseOf(finding, fails.has(finding)));
    return `  <testsuite name="${xml(file)}" tests="${findings.length}" failures="${failures}" errors="0" skipped="${skipped}">\n${cases.join('\n')}\n  </testsuite>`;
  });
  for (const { file, line, column, message, frame } of report.problems) {
    suites.push(
      `  <testsuite name="${xml(file)}" tests="1" failures="0" errors="1" skipped="0">\n    <testcase name="can be judged" classname="${xml(file)}">\n      <error message="${xml(message)}">${xml(`${file}:${line}:${column}\n${frame}`)}</error>\n    </testcase>\n  </testsuite>`,
    );
  }
  if (suites.length === 0) {
    suites.push(
      '  <testsuite name="cordon check" tests="1" failures="0" errors="0" skipped="0">\n    <testcase name="no findings" classname="cordon"/>\n  </testsuite>',
    );
  }
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="cordon check">\n${suites.join('\n')}\n</testsuites>\n`;
}

function caseOf(finding: GateFinding, fails: boolean): string {
  const { policy, file, place, message, suppressed } = finding;
  const name = `${resourceText(finding)}: ${policy.title}`;
  const text = [`${file}:${place.line}:${place.column}`, message, ...circumstances(finding), policy.fix].join(
    '\n',
  );
  const why = counts(finding)
    ? (circumstances(finding)[0] ?? `${finding.severity} does not fail`)
    : (suppressed?.reason ?? 'in the baseline');
  const body = fails
    ? `<failure message="${xml(message)}" type="${xml(finding.severity)}">${xml(text)}</failure>`
    : `<skipped message="${xml(why)}"/>`;
  return `    <testcase name="${xml(name)}" classname="${xml(policy.id)}">\n      ${body}\n    </testcase>`;
}

/** XML 1.0 has no control characters, not even escaped. */
function xml(text: string): string {
  return text
    .replace(/[^\t\n\r\x20-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '\uFFFD')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll('\n', '&#10;');
}
