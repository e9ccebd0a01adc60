import type { Sample } from '../model/finding.ts';
import { toJson } from '../model/json.ts';
import { type Action, done } from './action.ts';
import { awaitSnapshots } from './await-snapshots.ts';

export const sealEvidence: Action = {
  name: 'seal-evidence',
  title: 'Seal the evidence',
  effect: 'read',
  permissions: ['ec2:DescribeSnapshots'],
  undo: 'nothing to undo: a sealed case stays sealed',
  plan: () => 'check the snapshots once more and seal the case: SHA-256 of every piece, in the ledger',
  async run(context) {
    const { caseFile, incident } = context;
    if (caseFile.manifest() === undefined) {
      const snapshots = await awaitSnapshots.run(context);
      if (snapshots.status !== 'done') return snapshots;
      const { findings, samples } = await context.findings();
      caseFile.writeJson('findings.json', toJson(findings));
      caseFile.write('records.jsonl', samples.map(recordLine).join(''));
      caseFile.writeJson('incident.json', toJson({ ...incident, sealedAt: new Date(context.now()) }));
    }
    const manifest = caseFile.seal();
    return done(
      { manifest: manifest.hash, files: manifest.files.length },
      `${manifest.files.length} files, manifest SHA-256 ${manifest.hash.slice(0, 16)}…`,
    );
  },
};

function recordLine({ findingId, origin, raw }: Sample): string {
  return `${JSON.stringify({ finding: findingId, ...origin, raw })}\n`;
}
