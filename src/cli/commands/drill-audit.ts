import type { AuditDrillEvent, AuditDrillReport, ChangeOutcome } from '../../hosts/audit-drill/drill.ts';
import { duration, plural, print, safe, styled } from '../terminal.ts';
import type { timeline } from '../timeline.ts';

const TITLE_WIDTH = 74;

/** Shows what happens in the drill of audit as it happens. */
export function showAudit(event: AuditDrillEvent, line: ReturnType<typeof timeline>): void {
  switch (event.kind) {
    case 'range':
      line.note(event.at, 'range', `simulated account ${event.account} at ${event.endpoint}`);
      return;
    case 'baseline':
      line.note(
        event.at,
        'baseline',
        `${plural(event.resources, 'resource')} read and judged, ${event.failing} not compliant before anything happens`,
      );
      return;
    case 'change':
      line.note(event.at, 'change', `${event.title} (${event.by})`, 'warning');
      return;
    case 'outcome':
      line.note(event.at, 'outcome', outcomeText(event.outcome), event.outcome.passed ? 'good' : 'alarm');
      return;
    case 'ledger':
      if (event.entry.kind === 'finding.first' || event.entry.kind === 'response.needs-decision')
        line.entry(event.entry);
  }
}

function outcomeText({ isGood, undoneAfter }: ChangeOutcome): string {
  if (undoneAfter === undefined) return isGood ? 'left alone' : 'still there';
  return `taken back after ${duration(undoneAfter)}`;
}

export function concludeAudit({ outcomes, state }: AuditDrillReport): void {
  print();
  for (const { title, isGood, passed, undoneAfter } of outcomes) {
    const mark = passed ? styled(['bold', 'green'], '✓') : styled(['bold', 'red'], '✗');
    const kind = isGood ? styled('dim', 'good') : styled('yellow', 'bad ');
    const time = undoneAfter === undefined ? (isGood ? 'left alone' : 'still there') : duration(undoneAfter);
    print(`  ${mark} ${kind} ${title.padEnd(TITLE_WIDTH)} ${styled('bold', time)}`);
  }
  const times = outcomes
    .filter(({ isGood }) => !isGood)
    .flatMap(({ undoneAfter }) => undoneAfter ?? [])
    .sort((a, b) => a - b);
  const middle = times[Math.floor(times.length / 2)];
  const last = times.at(-1);
  print();
  if (middle !== undefined && last !== undefined)
    print(
      `  From the call to when the account no longer showed it: ${styled('bold', duration(middle))} in the middle, ${styled('bold', duration(last))} at most`,
    );
  print(
    styled('dim', '  In AWS, CloudTrail tells EventBridge of a call within seconds, and S3 within minutes'),
  );
  print(`\n  Cases     npx cordon incidents --state ${safe(state)}`);
  print(`  History   npx cordon audit history customer-records --state ${safe(state)}`);
  print();
}
