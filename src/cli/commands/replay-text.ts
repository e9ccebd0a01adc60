import type { Level } from '../../model/finding.ts';
import { binned } from '../../report/days.ts';
import { rate } from '../../report/html.ts';
import { because } from '../../report/ledger-line.ts';
import type { ReplayedCase, ReplayReport, RuleNoise } from '../../report/replay-report.ts';
import { OUTCOMES, responseCounts } from '../../report/responses.ts';
import type { RehearsedDecision } from '../../respond/rehearsal.ts';
import { plural, print, safe, shortPath, styled, timestamp } from '../terminal.ts';

const ROWS = 12;
const SAMPLE_LIMIT = 300;
const SPARKS = '▁▂▃▄▅▆▇█';
const SPARK_BINS = 24;

const COLOURS: Readonly<Record<Level, Parameters<typeof styled>[0]>> = {
  informational: 'dim',
  low: 'blue',
  medium: 'yellow',
  high: 'red',
  critical: ['bold', 'red'],
};

/** The report for a terminal; with `details` every row and every case. */
export function showReplay(report: ReplayReport, details: boolean): void {
  showSummary(report);
  if (report.cases.length > 0) {
    showResponses(report, details);
    showRules(report, details);
    showSubjects(report, details);
    showOverlaps(report, details);
  }
  showSilent(report, details);
  showBadRecords(report);
  if (details) {
    heading('Cases');
    for (const one of report.cases) showCase(one);
  } else if (report.cases.length > 0) {
    print();
    print(styled('dim', 'Every case with its records: --details'));
  }
}

function heading(text: string, aside = ''): void {
  print(`\n${styled('bold', text)}${aside === '' ? '' : `  ${styled('dim', aside)}`}`);
}

function more(all: number, details: boolean): void {
  if (!details && all > ROWS) print(styled('dim', `  … and ${(all - ROWS).toLocaleString('en-US')} more`));
}

function showSummary(report: ReplayReport): void {
  const { events, files, byFormat, outside, skipped, badRecords, rules, silent, cases, subjects, span } =
    report;
  const formats = Object.keys(byFormat).join(', ');
  print(
    `${styled('bold', plural(events, 'record'))} in ${plural(files, 'file')}${formats === '' ? '' : ` (${formats})`}` +
      (outside === 0 ? '' : `, ${outside.toLocaleString('en-US')} of another time`) +
      `, ${plural(skipped, 'other line')} (headers, NODATA, SKIPDATA), ${plural(badRecords, 'bad record')}`,
  );
  if (cases.length === 0) {
    print(`${styled('green', 'Nothing found.')} No rule of ${silent.length} matched.`);
    return;
  }
  const matches = rules.reduce((sum, one) => sum + one.matches, 0);
  print(
    `${styled('bold', `${rules.length} of ${plural(rules.length + silent.length, 'rule')}`)} found something: ` +
      `${plural(matches, 'match', 'matches')} in ${plural(cases.length, 'case')} on ${plural(subjects.length, 'subject')}` +
      (span === undefined ? '' : `, ${days(span)}`),
  );
  if (report.lateForCorrelations > 0)
    print(
      styled(
        'yellow',
        `${plural(report.lateForCorrelations, 'match', 'matches')} came too late for correlations: give files in the order of their times`,
      ),
    );
}

function days({ first, last, days: count }: { first: string; last: string; days: number }): string {
  return first === last ? first : `${first} to ${last} (${plural(count, 'day')})`;
}

const AFTER = 'after one that ran on the same subject';

function showResponses({ cases }: ReplayReport, details: boolean): void {
  const armed = cases.flatMap((one) => one.armed).sort((a, b) => a.at - b.at);
  const bound = responseCounts(cases.map(({ decisions }) => decisions));
  heading('Responses, had every binding been enforced');
  if (armed.length === 0) {
    print('  None: no rule that found something is bound to a playbook.');
    return;
  }
  const groups: readonly (readonly [string, Parameters<typeof styled>[0], RehearsedDecision[]])[] = [
    ['would run', 'red', armed.filter(({ outcome }) => outcome === 'responding')],
    ['stopped', 'yellow', armed.filter(({ outcome }) => outcome === 'awaiting-approval')],
    [AFTER, 'dim', armed.filter(({ outcome }) => outcome === 'answered-before')],
    ['not possible', 'dim', armed.filter(({ outcome }) => outcome === 'recorded')],
  ];
  const subjectOf = new Map(cases.map(({ id, subject }) => [id, subject.id]));
  for (const [label, colour, decisions] of groups) {
    if (decisions.length === 0) continue;
    const shown = details ? decisions : decisions.slice(0, label === AFTER ? 0 : ROWS);
    print(`  ${styled(colour, `${decisions.length.toLocaleString('en-US')} ${label}`)}`);
    for (const { caseId, at, rule, playbook, outcome, reason } of shown) {
      const why = outcome === 'responding' ? `because of ${rule.title}` : reason;
      print(
        `    ${timestamp(at)}  ${safe(playbook)} on ${styled('bold', safe(subjectOf.get(caseId) ?? '', 80))}  ${styled('dim', safe(why))}`,
      );
    }
    if (shown.length > 0 && decisions.length > shown.length)
      print(styled('dim', `    … and ${decisions.length - shown.length} more`));
  }
  print(`  ${styled('dim', 'as bound now:')} ${bound}`);
  if (armed.some(({ answers }) => answers.some(({ unknown }) => unknown)))
    print(
      styled('dim', '  Protected tags and groups of instances are not known without an account: --aws asks.'),
    );
}

function showRules({ rules, span }: ReplayReport, details: boolean): void {
  heading('Rules, loudest first');
  const shown = details ? rules : rules.slice(0, ROWS);
  const width = Math.max(...shown.map(({ rule }) => rule.id.length));
  print(
    styled(
      'dim',
      `  ${''.padEnd(13)} ${''.padEnd(width)} ${'matches'.padStart(11)} ${'a day'.padStart(10)} ${'cases'.padStart(7)} ${'subjects'.padStart(9)}`,
    ),
  );
  for (const one of shown) {
    const { rule, matches, perDay, cases, subjects } = one;
    print(
      `  ${styled(COLOURS[rule.level], rule.level.padEnd(13))} ${safe(rule.id).padEnd(width)} ${matches.toLocaleString('en-US').padStart(11)}` +
        ` ${rate(perDay).padStart(10)} ${String(cases).padStart(7)} ${String(subjects).padStart(9)}` +
        (span === undefined || span.days < 2 ? '' : `  ${styled('cyan', sparkline(one, span))}`),
    );
  }
  more(rules.length, details);
}

function sparkline({ days: counts }: RuleNoise, span: Parameters<typeof binned>[1]): string {
  const bins = binned(counts, span, SPARK_BINS);
  const most = Math.max(...bins.map(({ matches }) => matches));
  return bins
    .map(({ matches }) =>
      matches === 0 ? ' ' : SPARKS[Math.min(SPARKS.length - 1, Math.floor((matches / most) * SPARKS.length))],
    )
    .join('');
}

function showSubjects({ subjects }: ReplayReport, details: boolean): void {
  heading('Loudest subjects');
  for (const { subject, matches, cases, rules } of details ? subjects : subjects.slice(0, ROWS)) {
    const [first = '', ...others] = rules;
    print(
      `  ${matches.toLocaleString('en-US').padStart(11)}  ${styled('bold', safe(subject.id, 90))} in ${safe(subject.account)} ${safe(subject.region)}` +
        `  ${styled('dim', `${plural(cases, 'case')}, ${safe(first)}${others.length === 0 ? '' : ` and ${plural(others.length, 'other rule')}`}`)}`,
    );
  }
  more(subjects.length, details);
}

function showOverlaps({ overlaps }: ReplayReport, details: boolean): void {
  if (overlaps.length === 0) return;
  heading('Found together', 'on the same subject, in the same case');
  for (const { rules, cases, share } of details ? overlaps : overlaps.slice(0, ROWS)) {
    const note =
      share === 1 ? 'never one without the other' : `${Math.floor(share * 100)} % of the cases of either`;
    print(`  ${String(cases).padStart(7)}  ${safe(rules[0])} and ${safe(rules[1])}  ${styled('dim', note)}`);
  }
  more(overlaps.length, details);
}

function showSilent({ silent }: ReplayReport, details: boolean): void {
  if (silent.length === 0) return;
  const had = silent.filter(({ hadRecords }) => hadRecords);
  const without = silent.length - had.length;
  heading('Rules that never fired', `${had.length} had records to look at, ${without} had none of their log`);
  const shown = details ? silent : had.slice(0, ROWS);
  for (const { rule, hadRecords, formats } of shown) {
    print(
      `  ${styled(COLOURS[rule.level], rule.level.padEnd(13))} ${safe(rule.id)}${hadRecords ? '' : styled('dim', `  no record of ${formats.join(', ')}`)}`,
    );
  }
  more(had.length, details);
}

function showBadRecords({ badRecords, badExamples, badSources }: ReplayReport): void {
  if (badRecords === 0) return;
  heading('Bad records', `${badRecords.toLocaleString('en-US')} in ${plural(badSources.length, 'source')}`);
  for (const { origin, reason, raw } of badExamples) {
    print(
      `  ${styled('yellow', 'bad')} ${shortPath(origin.source)}:${origin.line}: ${safe(reason)}  ${styled('dim', safe(raw, 80))}`,
    );
  }
  if (badRecords > badExamples.length)
    print(styled('dim', `  … and ${(badRecords - badExamples.length).toLocaleString('en-US')} more`));
}

function showCase({ id, subject, firstSeen, lastSeen, findings, decisions, armed }: ReplayedCase): void {
  print(
    `${styled(['bold', 'red'], safe(subject.id))} in account ${safe(subject.account)}  ${styled('dim', `${timestamp(firstSeen)} to ${timestamp(lastSeen)}  ${id}`)}`,
  );
  for (const { rule, count, branch, samples } of findings) {
    print(`  ${styled('bold', rule.title)} (${rule.level}), ${plural(count, 'time')}`);
    print(`    ${styled('dim', `because ${safe(because(branch), SAMPLE_LIMIT)}`)}`);
    const [sample] = samples;
    if (sample !== undefined) {
      print(`    ${styled('dim', safe(sample.raw, SAMPLE_LIMIT))}`);
      print(`    ${styled('dim', `${shortPath(sample.origin.source)}:${sample.origin.line}`)}`);
    }
  }
  if (decisions.length === 0) print('  It would be recorded.');
  for (const { at, mode, playbook, outcome, reason } of decisions)
    print(`  ${timestamp(at)}  ${safe(playbook)}, bound as ${mode}, ${OUTCOMES[outcome]} (${safe(reason)})`);
  for (const { outcome, reason, plan } of armed) {
    print(`  Enforced, it ${OUTCOMES[outcome]}${outcome === 'responding' ? ':' : ` (${safe(reason)}), to:`}`);
    for (const [index, step] of plan.entries()) print(`    ${index + 1}. ${safe(step)}`);
  }
  print();
}
