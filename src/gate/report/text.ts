import { printable } from '../../model/printable.ts';
import { renderProblem } from '../../model/problem.ts';
import { counts, type GateFinding } from '../finding.ts';
import { lineIndex } from '../line-index.ts';
import { circumstances, type Report, severitiesText } from './report.ts';
import { wrapped } from './wrap.ts';

export type Paint = (style: PaintStyle, text: string) => string;
export type PaintStyle = 'bold' | 'dim' | 'underline' | 'severe' | 'warning' | 'mild' | 'good' | 'mark';

const LINES_BEFORE = 2;
const LABEL_WIDTH = 9;
const MAX_NOT_JUDGED = 12;
/** A line of a minified template says nothing. */
const MAX_FRAME_LINE = 160;

const LABELS = {
  critical: 'critical',
  high: 'high',
  medium: 'medium',
  low: 'low',
  informational: 'info',
} as const;
const STYLES = {
  critical: 'severe',
  high: 'severe',
  medium: 'warning',
  low: 'mild',
  informational: 'dim',
} as const;

/** What a person reads: one block for each resource, its findings below the lines they are about. */
export function textReport(report: Report, paint: Paint, width: number): string {
  const shown = report.findings.filter(counts);
  const blocks = report.problems.map(
    (problem) => `${printable(renderProblem(problem), undefined, '\n\t')}\n`,
  );
  for (const [file, inFile] of Map.groupBy(shown, (finding) => finding.file)) {
    blocks.push(`${paint('underline', safe(file))}\n`);
    const frames = framer(report.sources.get(file)?.text ?? '', paint);
    for (const [, inResource] of Map.groupBy(inFile, ({ resource }) => resource?.logicalId)) {
      blocks.push(resourceBlock(inResource, frames, paint, width));
    }
  }
  return [...blocks, ...asides(report, paint, width), summary(report, paint)].join('\n');
}

function safe(text: string): string {
  return printable(text);
}

function resourceBlock(findings: readonly GateFinding[], frame: Framer, paint: Paint, width: number): string {
  const resource = findings[0]?.resource;
  const lines: string[] = [];
  if (resource !== undefined) {
    const named = [
      resource.type,
      ...(resource.address === undefined || resource.address === resource.logicalId
        ? []
        : [resource.address]),
    ];
    lines.push(`  ${paint('bold', safe(resource.logicalId))}  ${paint('dim', safe(named.join('  ')))}`);
    if (resource.madeAt !== undefined) lines.push(`  ${paint('dim', `made at ${safe(resource.madeAt)}`)}`);
  }
  for (const [, here] of Map.groupBy(findings, ({ place }) => `${place.line}:${place.column}`)) {
    const [first] = here;
    if (first === undefined) continue;
    lines.push('', ...frame(first));
    for (const finding of here) lines.push(...findingLines(finding, paint, width));
  }
  lines.push('');
  return lines.join('\n');
}

function findingLines(finding: GateFinding, paint: Paint, width: number): string[] {
  const open = finding.verdict !== 'fail';
  const label = open ? (finding.verdict === 'error' ? 'error' : 'open') : LABELS[finding.severity];
  const indent = ' '.repeat(4 + LABEL_WIDTH);
  const [first = '', ...rest] = wrapped(safe(finding.message), width - indent.length);
  const more = [finding.policy.id, ...circumstances(finding)].map(safe).join(', ');
  return [
    `    ${paint(open ? 'dim' : STYLES[finding.severity], label.padEnd(LABEL_WIDTH))}${first}`,
    ...rest.map((line) => `${indent}${line}`),
    ...wrapped(more, width - indent.length).map((line) => `${indent}${paint('dim', line)}`),
  ];
}

type Framer = (finding: GateFinding) => string[];

function framer(text: string, paint: Paint): Framer {
  const index = lineIndex(text);
  return ({ place, resource }) => {
    // Above the name of a resource stands another one; what matters is below.
    const named = index
      .line(place.line)
      .slice(place.column - 1)
      .replace(/^["']/, '');
    const whole = resource !== undefined && named.startsWith(resource.logicalId);
    const first = whole ? place.line : Math.max(1, place.line - LINES_BEFORE);
    const last = whole && index.line(place.line + 1).length <= MAX_FRAME_LINE ? place.line + 1 : place.line;
    const gutter = String(last).length;
    if (index.line(place.line).length > MAX_FRAME_LINE) {
      return [];
    }
    const numbered = (number: number): string => {
      const line = printable(index.line(number), MAX_FRAME_LINE, '\t').replaceAll('\t', '  ');
      return `    ${paint('dim', `${String(number).padStart(gutter)} |`)} ${line}`.trimEnd();
    };
    const lines = (from: number, to: number): string[] =>
      Array.from({ length: Math.max(0, to - from + 1) }, (_, offset) => numbered(from + offset));
    const before = printable(index.line(place.line).slice(0, place.column - 1), MAX_FRAME_LINE, '\t');
    const indent = ' '.repeat(before.replaceAll('\t', '  ').length);
    const marks = '^'.repeat(Math.max(1, Math.min(place.length, MAX_FRAME_LINE - indent.length)));
    const mark = `    ${' '.repeat(gutter)} ${paint('dim', '|')} ${indent}${paint('mark', marks)}`;
    return [...lines(first, place.line), mark, ...lines(place.line + 1, last)];
  };
}

/** What does not fail the check, but must not be forgotten. */
function asides(report: Report, paint: Paint, width: number): string[] {
  const accepted = report.findings.flatMap(({ suppressed, policy, resource, file }) =>
    suppressed === undefined
      ? []
      : [`${policy.id} on ${resource?.logicalId ?? file} until ${suppressed.until}: ${suppressed.reason}`],
  );
  const open = report.notJudged.map(({ resource, reason }) => `${resource}: ${reason}`);
  const notes = report.notes.map(({ file, place, text }) => `${file}:${place.line}: ${text}`);
  return [
    section('Accepted', accepted),
    section('Suppressions', notes),
    section(
      'Not judged',
      open.length > MAX_NOT_JUDGED
        ? [
            ...open.slice(0, MAX_NOT_JUDGED),
            `and ${open.length - MAX_NOT_JUDGED} more (--format json has all)`,
          ]
        : open,
    ),
  ].filter((text) => text !== '');

  function section(title: string, lines: readonly string[]): string {
    if (lines.length === 0) return '';
    const body = lines.flatMap((line) =>
      wrapped(safe(line), width - 4).map((part, index) => `${index === 0 ? '  ' : '    '}${part}`),
    );
    return `${paint('bold', title)}\n${body.join('\n')}\n`;
  }
}

function summary(report: Report, paint: Paint): string {
  const { findings, subjects, resources, policies, untouched, problems } = report;
  const failures = findings.filter((finding) => finding.verdict === 'fail' && counts(finding));
  const count = (number: number, one: string, many: string): string =>
    `${number} ${number === 1 ? one : many}`;
  const others = [
    [findings.filter((one) => one.verdict === 'undecided' && counts(one)).length, 'cannot be decided'],
    [findings.filter((one) => one.verdict === 'error' && counts(one)).length, 'could not be judged'],
    [findings.filter(({ suppressed }) => suppressed !== undefined).length, 'accepted'],
    [findings.filter((one) => one.known === true && one.suppressed === undefined).length, 'in the baseline'],
    [untouched, 'on what the change does not touch'],
  ] as const;
  const head =
    failures.length === 0
      ? paint(
          problems.length === 0 && findings.every(({ verdict }) => verdict !== 'error') ? 'good' : 'bold',
          'No findings',
        )
      : `${paint('bold', count(failures.length, 'finding', 'findings'))} (${severitiesText(failures)})`;
  const rest = others.filter(([number]) => number > 0).map(([number, text]) => `${number} ${text}`);
  const judgedBy = policies === 0 ? '' : `, ${count(policies, 'policy', 'policies')}`;
  const scope = `${count(resources, 'resource', 'resources')} in ${count(subjects, 'template', 'templates')}${judgedBy}`;
  const lines = [`${[head, ...rest].join(', ')}`, paint('dim', scope)];
  if (problems.length > 0)
    lines.push(
      paint('bold', `${count(problems.length, 'problem', 'problems')}: not everything could be judged`),
    );
  if (failures.length > 0 && policies > 0)
    lines.push(paint('dim', 'cordon policies explain ID says why it matters and how it is put right'));
  return `${lines.join('\n')}\n`;
}
