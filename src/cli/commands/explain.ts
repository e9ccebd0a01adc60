import { Command } from 'commander';
import { caseFile, verifyCase } from '../../evidence/case-file.ts';
import { type Incident, WHOLE_RESPONSE } from '../../model/incident.ts';
import { because } from '../../report/ledger-line.ts';
import { findIncident } from '../find-incident.ts';
import { type CommonOptions, storeOptions, withStore } from '../options.ts';
import { plural, print, printJson, safe, shortPath, styled, timestamp } from '../terminal.ts';
import { timeline } from '../timeline.ts';

interface Options extends CommonOptions {
  readonly lines: string;
}

export function explainCommand(): Command {
  return storeOptions(new Command('explain'))
    .summary('explain a case: the log lines, the rules, the guardrails, every call')
    .description(
      'Explains a case: the raw log lines, the rule and the branch of it that matched, the guardrails that were asked, every step and the request id of every call to AWS.',
    )
    .argument('<id>', 'a case, or the beginning of its name')
    .option('--lines <count>', 'log lines to show of each finding', '5')
    .action(run);
}

async function run(id: string, options: Options): Promise<void> {
  await withStore(options, async (store, config) => {
    const { casesFolder } = await import('../../hosts/state.ts');
    const incident = await findIncident(store, id);
    const findings = await store.findings(incident.id);
    const samples = await store.samples(incident.id);
    const ledger = await Array.fromAsync(store.ledger(incident.id));
    const file = caseFile(casesFolder(config), incident.id);
    const manifests = file.manifests();
    const [manifest] = manifests;
    const evidence =
      manifest === undefined
        ? undefined
        : { folder: file.folder, manifest, parts: manifests, faults: verifyCase(file) };
    if (options.json) {
      printJson({ incident, findings, samples, ledger, ...(evidence ? { evidence } : {}) });
      return;
    }
    showIncident(incident);
    print(styled('bold', 'What was found'));
    const shown = Math.max(0, Number.parseInt(options.lines, 10) || 0);
    for (const { id: findingId, rule, count, branch } of findings) {
      print(
        `  ${styled(['bold', 'red'], rule.title)} (${rule.level}, rule ${safe(rule.id)}), ${plural(count, 'time')}`,
      );
      for (const sentence of branch.advice ?? []) print(`    ${safe(sentence, 400)}`);
      if (branch.because.length > 0)
        print(
          `    ${branch.selections.map((selection) => safe(selection)).join(' and ')}: ${safe(because(branch), 400)}`,
        );
      const lines = samples.filter((sample) => sample.findingId === findingId);
      for (const { raw, origin } of lines.slice(0, shown)) {
        print(`    ${safe(raw, 400)}`);
        print(styled('dim', `      ${shortPath(origin.source)}:${origin.line}`));
      }
      if (lines.length > shown)
        print(styled('dim', `    … ${plural(lines.length - shown, 'more line')} kept of ${count}`));
    }
    print(`\n${styled('bold', 'What was decided and done')}`);
    const line = timeline({ clock: (at) => new Date(at).toISOString().slice(11, 19), calls: 'full' });
    for (const entry of ledger) if (!entry.kind.startsWith('finding.')) line.entry(entry);
    if (evidence !== undefined) {
      print(`\n${styled('bold', 'Evidence')}  ${shortPath(evidence.folder)}`);
      for (const { name, bytes, sha256 } of evidence.parts.flatMap(({ files }) => files)) {
        print(`  ${safe(name).padEnd(32)} ${String(bytes).padStart(9)} bytes  ${styled('dim', sha256)}`);
      }
      print(
        evidence.faults.length === 0
          ? `  ${styled('green', '✓')} every file is as it was sealed, manifest ${evidence.manifest.hash}`
          : `  ${styled(['bold', 'red'], '✗')} ${safe(evidence.faults.join(', '))}`,
      );
    }
  });
}

function showIncident(incident: Incident): void {
  const { id, subject, state, mode, firstSeen, lastSeen, reason, approval, approvals = [], asks } = incident;
  print(`${styled('bold', id)}  ${state}${reason === undefined ? '' : ` (${safe(reason)})`}`);
  print(`  ${subject.type} ${safe(subject.id)} in account ${safe(subject.account)}, ${safe(subject.region)}`);
  print(`  events from ${timestamp(firstSeen)} to ${timestamp(lastSeen)}, mode ${mode}`);
  if (incident.playbook !== undefined) {
    const version = incident.playbookVersion?.slice(0, 12);
    print(`  playbook ${safe(incident.playbook)}${version === undefined ? '' : `, version ${version}`}`);
  }
  for (const { step, by, at, reason: why } of approvals) {
    const what = step === WHOLE_RESPONSE ? 'approved' : `${safe(step)} approved`;
    print(`  ${what} by ${safe(by)} at ${timestamp(at)}: ${safe(why)}`);
  }
  if (approval !== undefined && approvals.length === 0)
    print(`  decided by ${safe(approval.by)}: ${safe(approval.reason)}`);
  if (asks !== undefined) {
    const people = plural(asks.approvers, 'person', 'different persons');
    const what = asks.step === WHOLE_RESPONSE ? 'waits' : `${safe(asks.step)} waits`;
    print(`  ${what} for ${people} until ${timestamp(asks.expiresAt)}: ${safe(asks.message)}`);
  }
  print();
}
