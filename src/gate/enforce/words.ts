import { printable } from '../../model/printable.ts';
import type { GateFinding } from '../finding.ts';
import { circumstances, resourceText } from '../report/report.ts';
import type { Judgement } from './judgement.ts';

/** What is said of a judgement in a message of so many characters, the most severe first. */
export function wordsOf(judgement: Judgement, limit: number): string {
  const { outcome, refusals, remarks, gaps } = judgement;
  const head = {
    allowed: remarks.length === 0 && gaps.length === 0 ? 'No findings' : 'Allowed',
    refused: `Refused: ${refusals.length} ${refusals.length === 1 ? 'finding' : 'findings'}`,
    'not-judged': 'Refused: not everything could be judged',
  }[outcome];
  const told = gaps.map((gap) => `not judged: ${printable(gap, 300)}`);
  const found = (findings: readonly GateFinding[]): string[] => findings.map(findingText);
  const remarked = found(remarks).map((text) => `remark, ${text}`);
  // What cannot be judged stands before what is only a remark, when it is the reason.
  const lines =
    outcome === 'not-judged' ? [...told, ...remarked] : [...found(refusals), ...told, ...remarked];
  return fitting(`Cordon: ${head}`, lines, limit);
}

/** `high: Uploads line 17: BlockPublicAcls is not on … (s3-bucket-blocks-public-access)` */
export function findingText(finding: GateFinding): string {
  const { severity, verdict, message, policy, file, place } = finding;
  const where = file.startsWith('<') ? '' : ` line ${place.line}`;
  const label = verdict === 'undecided' ? `${severity}, undecided` : severity;
  const more = [policy.id, ...circumstances(finding)].join(', ');
  return printable(`${label}: ${resourceText(finding)}${where}: ${message} (${more})`, 600);
}

function fitting(head: string, lines: readonly string[], limit: number): string {
  const ending = (left: number): string => (left === 0 ? '' : `\nand ${left} more`);
  let text = head.slice(0, limit);
  for (const [index, line] of lines.entries()) {
    const left = lines.length - index - 1;
    const next = `${text}\n${line}`;
    if (next.length + ending(left).length > limit) {
      const end = ending(left + 1);
      return text.length + end.length <= limit ? text + end : text;
    }
    text = next;
  }
  return text;
}
