import type { Sample } from '../../model/finding.ts';
import { toJson } from '../../model/json.ts';
import { defineAction, done } from '../action.ts';
import { awaitSnapshots } from '../instance/await-snapshots.ts';
import { NO_INPUT } from '../no-input.ts';

export const sealEvidence = defineAction({
  name: 'seal-evidence',
  title: 'Seal the evidence',
  group: 'evidence',
  subjects: [],
  effect: 'read',
  needs: [],
  permissions: ['ec2:DescribeSnapshots'],
  about: {
    precondition: 'snapshots that were begun are completed',
    effect: 'writes findings, records and the manifest of SHA-256 hashes',
    proof: 'the hash of the manifest is in the ledger',
    idempotency: 'a sealed case stays as it is',
  },
  input: NO_INPUT,
  undo: { kind: 'nothing', why: 'a sealed case stays sealed' },
  plan: () => 'check the snapshots once more and seal the case: SHA-256 of every piece, in the ledger',
  async run(context) {
    const { caseFile, incident } = context;
    if (caseFile.manifest() === undefined) {
      if (context.output('snapshot-volumes') !== undefined) {
        const snapshots = await awaitSnapshots.run(context);
        if (snapshots.status !== 'done') return snapshots;
      }
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
});

function recordLine({ findingId, origin, raw }: Sample): string {
  return `${JSON.stringify({ finding: findingId, ...origin, raw })}\n`;
}
