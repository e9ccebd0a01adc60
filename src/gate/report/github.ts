import { counts } from '../finding.ts';
import { circumstances, type Report, resourceText } from './report.ts';

const COMMAND = {
  critical: 'error',
  high: 'error',
  medium: 'warning',
  low: 'notice',
  informational: 'notice',
} as const;

/** Workflow commands, which GitHub Actions shows beside the lines (GitHub Docs, Workflow commands). */
export function githubReport(report: Report): string {
  const lines = report.problems.map(({ file, line, column, message }) =>
    command('error', { file, line, col: column, title: 'cannot be judged' }, message),
  );
  for (const finding of report.findings.filter(counts)) {
    const { severity, verdict, file, place, policy, message } = finding;
    const properties = {
      file,
      line: place.line,
      endLine: place.line,
      col: place.column,
      endColumn: place.column + place.length,
      title: `${policy.title} (${policy.id})`,
    };
    const text = [`${resourceText(finding)}: ${message}`, ...circumstances(finding)].join('\n');
    lines.push(command(verdict === 'fail' ? COMMAND[severity] : 'notice', properties, text));
  }
  return lines.map((line) => `${line}\n`).join('');
}

function command(name: string, properties: Record<string, string | number>, message: string): string {
  const list = Object.entries(properties).map(
    ([key, value]) => `${key}=${escaped(String(value)).replaceAll(':', '%3A').replaceAll(',', '%2C')}`,
  );
  return `::${name} ${list.join(',')}::${escaped(message)}`;
}

function escaped(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}
