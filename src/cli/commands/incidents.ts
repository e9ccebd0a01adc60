import { Command } from 'commander';
import type { Finding } from '../../model/finding.ts';
import type { Incident, IncidentState } from '../../model/incident.ts';
import { type CommonOptions, storeOptions, withStore } from '../options.ts';
import { plural, print, printJson, type Style, safe, styled, timestamp } from '../terminal.ts';

const STYLES: Readonly<Record<IncidentState, Style>> = {
  new: 'bold',
  recorded: 'dim',
  observed: 'yellow',
  'awaiting-approval': ['bold', 'yellow'],
  responding: ['bold', 'cyan'],
  'needs-decision': ['bold', 'red'],
  denied: 'dim',
  expired: 'yellow',
  closed: 'green',
  undoing: ['bold', 'cyan'],
  undone: 'dim',
};

export function incidentsCommand(): Command {
  return storeOptions(new Command('incidents'))
    .summary('list the cases, newest first')
    .description('Lists the cases of a state folder, newest first, and how many records could not be read.')
    .action(run);
}

async function run(options: CommonOptions): Promise<void> {
  await withStore(options, async (store) => {
    const incidents = await store.incidents();
    const { total } = await store.badRecords(0);
    for (const incident of incidents) {
      const findings = await store.findings(incident.id);
      if (options.json) printJson({ ...incident, findings });
      else show(incident, findings);
    }
    if (options.json) return;
    if (incidents.length === 0) print('No cases.');
    if (total > 0) print(styled('dim', `${plural(total, 'record')} could not be read: cordon bad-records`));
  });
}

function show({ id, state, subject, lastSeen, reason }: Incident, findings: readonly Finding[]): void {
  const rules = findings
    .map(({ rule, count }) => `${rule.title} ×${count.toLocaleString('en-US')}`)
    .join(', ');
  print(
    `${styled('bold', id)}  ${styled(STYLES[state], state.padEnd(17))}  ${safe(subject.id)}  ${styled('dim', `last seen ${timestamp(lastSeen)}`)}`,
  );
  print(`  ${safe(rules)}`);
  if (reason !== undefined) print(styled('dim', `  ${reason}`));
}
