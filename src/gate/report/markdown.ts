import { counts, type GateFinding } from '../finding.ts';
import { circumstances, failing, type Report, resourceText, severitiesText } from './report.ts';

const MAX_ROWS = 200;

/** A summary for a pull request or `$GITHUB_STEP_SUMMARY`. */
export function markdownReport(report: Report): string {
  const shown = report.findings.filter((finding) => counts(finding) && finding.verdict === 'fail');
  const open = report.findings.filter((finding) => counts(finding) && finding.verdict !== 'fail');
  const accepted = report.findings.filter(({ suppressed }) => suppressed !== undefined);
  const fails = failing(report).length;
  const verdict =
    report.problems.length > 0 ? 'not everything could be judged' : fails > 0 ? 'failed' : 'passed';
  const parts = [
    `## Cordon: ${verdict}`,
    `${shown.length === 0 ? 'No findings' : `${shown.length} findings (${severitiesText(shown)})`} in ${report.resources} resources of ${report.subjects} templates.`,
    table(shown),
    open.length === 0 ? '' : `### Cannot be decided\n\n${table(open)}`,
    accepted.length === 0
      ? ''
      : `### Accepted\n\n${accepted.map(({ policy, resource, suppressed }) => `- ${text(policy.id)} on ${text(resource?.logicalId ?? '')} until ${text(suppressed?.until ?? '')}: ${text(suppressed?.reason ?? '')}`).join('\n')}`,
    report.problems.length === 0
      ? ''
      : `### Problems\n\n${report.problems.map(({ file, line, message }) => `- ${text(`${file}:${line}`)}: ${text(message)}`).join('\n')}`,
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

function table(findings: readonly GateFinding[]): string {
  if (findings.length === 0) return '';
  const rows = findings.slice(0, MAX_ROWS).map((finding) => {
    const { severity, file, place, policy } = finding;
    const message = [finding.message, ...circumstances(finding).map((one) => `(${one})`)].join(' ');
    return `| ${severity} | ${text(`${file}:${place.line}`)} | ${text(resourceText(finding))} | ${text(message)} | ${text(policy.id)} |`;
  });
  const rest = findings.length > MAX_ROWS ? `\n\nand ${findings.length - MAX_ROWS} more` : '';
  return `| severity | place | resource | finding | policy |\n| --- | --- | --- | --- | --- |\n${rows.join('\n')}${rest}`;
}

/** Nothing of a template is Markdown or HTML here. */
function text(value: string): string {
  return value
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, ' ')
    .replace(/[\\`*_{}[\]<>#|!@~]/g, (character) => `&#${character.codePointAt(0)};`);
}
