import { resolve } from 'node:path';
import { Command } from 'commander';
import { findIncident } from '../find-incident.ts';
import { type CommonOptions, storeOptions, withStore } from '../options.ts';
import { print, printJson, shortPath, styled } from '../terminal.ts';

interface Options extends CommonOptions {
  readonly out?: string;
}

export function reportCommand(): Command {
  return storeOptions(new Command('report'))
    .summary('write the report of a case: one HTML file, to read, to print, to hand over')
    .description(
      'Writes the report of a case: what was seen, what was decided and done and why, what was not, the evidence and whether it is intact, and what to do next by NIST SP 800-61. One HTML file that loads nothing; it prints to PDF.',
    )
    .argument('<id>', 'a case, or the beginning of its name')
    .option('--out <file>', 'where to (default: CASE.html)')
    .action(run);
}

async function run(id: string, options: Options): Promise<void> {
  await withStore(options, async (store, config) => {
    const { caseFacts } = await import('../../hosts/case-facts.ts');
    const { caseReport } = await import('../../report/case-report.ts');
    const { casePage } = await import('../../report/case-page.ts');
    const { writeDurably } = await import('../../evidence/durable.ts');
    const incident = await findIncident(store, id);
    const report = caseReport(await caseFacts(incident, store, config, Date.now()));
    const file = resolve(options.out ?? `${incident.id}.html`);
    if (!options.json || options.out !== undefined) writeDurably(file, casePage(report));
    if (options.json) printJson(report);
    else
      print(
        `${styled(['bold', 'green'], '✓')} ${shortPath(file)}  ${styled('dim', report.summary.evidence)}`,
      );
  });
}
