import type {
  CompareReport,
  FindingEffect,
  ResponseEffect,
  RuleChange,
} from '../../report/compare-report.ts';
import { plural, print, safe, styled, timestamp } from '../terminal.ts';

const ROWS = 12;

const SIGNS: Readonly<Record<RuleChange['change'], string>> = { added: '+', removed: '-', changed: '~' };
const COLOURS: Readonly<Record<RuleChange['change'], Parameters<typeof styled>[0]>> = {
  added: 'green',
  removed: 'red',
  changed: 'yellow',
};

/** What a change of the rules adds and removes, for a terminal; with `details` every row. */
export function showComparison(report: CompareReport, details: boolean): void {
  const { before, after, events, files, rules, differs } = report;
  print(
    `${styled('bold', plural(events, 'record'))} in ${plural(files, 'file')}: ` +
      `from ${styled('bold', safe(before.name))} (${plural(before.rules, 'rule')}) to ${styled('bold', safe(after.name))} (${plural(after.rules, 'rule')})`,
  );
  for (const [what, key] of TOTALS) {
    print(
      `  ${what.padEnd(26)} ${number(before[key])}  →${number(after[key])}  ${difference(after[key] - before[key])}`,
    );
  }
  if (!differs)
    print(
      `${styled('green', 'No difference:')} the same is found, and the same would run${rules.length === 0 ? '' : `, though ${plural(rules.length, 'rule')} changed`}.`,
    );
  showRules(report, details);
  showEffects(report, details);
  const { added, removed, changed } = report.findings;
  showFindings('Found only now', 'added', added, details);
  showFindings('Found no more', 'removed', removed, details);
  showFindings('Found more or less often', 'changed', changed, details);
  showResponses('Responses that would newly run, if enforced', 'added', report.responses.added, details);
  showResponses('Responses that would run no more', 'removed', report.responses.removed, details);
}

const TOTALS = [
  ['matches', 'matches'],
  ['cases', 'cases'],
  ['subjects', 'subjects'],
  ['responses, if enforced', 'responses'],
  ['stopped by a guardrail', 'stopped'],
] as const;

function number(value: number): string {
  return value.toLocaleString('en-US').padStart(11);
}

function difference(value: number): string {
  if (value === 0) return styled('dim', '=');
  return styled(value > 0 ? 'yellow' : 'cyan', `${value > 0 ? '+' : ''}${value.toLocaleString('en-US')}`);
}

function heading(text: string, rows: number): void {
  print(`\n${styled('bold', text)}  ${styled('dim', rows.toLocaleString('en-US'))}`);
}

function more(all: number, details: boolean): void {
  if (!details && all > ROWS)
    print(styled('dim', `  … and ${(all - ROWS).toLocaleString('en-US')} more: --details`));
}

function sign(change: RuleChange['change']): string {
  return styled(COLOURS[change], SIGNS[change]);
}

function showRules({ rules }: CompareReport, details: boolean): void {
  if (rules.length === 0) return;
  heading('Rules that are not the same', rules.length);
  for (const { rule, change, parts } of details ? rules : rules.slice(0, ROWS)) {
    const what = parts.length === 0 ? '' : `  ${styled('dim', parts.join(', '))}`;
    print(`  ${sign(change)} ${rule.level.padEnd(13)} ${safe(rule.id)}${what}`);
  }
  more(rules.length, details);
}

function showEffects({ effects }: CompareReport, details: boolean): void {
  const other = effects.filter(({ before, after }) => before.matches !== after.matches);
  if (other.length === 0) return;
  heading('Rules that find something else', other.length);
  const shown = details ? other : other.slice(0, ROWS);
  const width = Math.max(...shown.map(({ rule }) => rule.id.length));
  for (const { rule, before, after } of shown) {
    print(
      `  ${rule.level.padEnd(13)} ${safe(rule.id).padEnd(width)} ${number(before.matches)}  →${number(after.matches)}  ${difference(after.matches - before.matches)}` +
        `  ${styled('dim', `subjects ${before.subjects} → ${after.subjects}, cases ${before.cases} → ${after.cases}`)}`,
    );
  }
  more(other.length, details);
}

function showFindings(
  title: string,
  change: RuleChange['change'],
  findings: readonly FindingEffect[],
  details: boolean,
): void {
  if (findings.length === 0) return;
  heading(title, findings.length);
  for (const { rule, subject, before, after } of details ? findings : findings.slice(0, ROWS)) {
    const often =
      change === 'changed' ? `${count(before)} → ${count(after)}` : count(Math.max(before, after));
    print(
      `  ${sign(change)} ${safe(rule.id)} on ${styled('bold', safe(subject.id, 90))}  ${styled('dim', `${often} ${change !== 'changed' && before + after === 1 ? 'match' : 'matches'}`)}`,
    );
  }
  more(findings.length, details);
}

function count(value: number): string {
  return value.toLocaleString('en-US');
}

function showResponses(
  title: string,
  change: 'added' | 'removed',
  responses: readonly ResponseEffect[],
  details: boolean,
): void {
  if (responses.length === 0) return;
  heading(title, responses.length);
  for (const { subject, at, rule, playbook, plan } of details ? responses : responses.slice(0, ROWS)) {
    print(
      `  ${sign(change)} ${timestamp(at)}  ${safe(playbook)} on ${styled('bold', safe(subject.id, 90))}  ${styled('dim', `because of ${safe(rule.title)}`)}`,
    );
    if (details)
      for (const [index, step] of plan.entries()) print(styled('dim', `      ${index + 1}. ${safe(step)}`));
  }
  more(responses.length, details);
}
