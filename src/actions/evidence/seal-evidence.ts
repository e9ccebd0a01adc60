import { signCase } from '../../evidence/sign-case.ts';
import type { Sample } from '../../model/finding.ts';
import { toJson } from '../../model/json.ts';
import { type ActionContext, defineAction, done } from '../action.ts';
import { awaitSnapshots } from '../instance/await-snapshots.ts';
import { NO_INPUT } from '../no-input.ts';
import { copyToVault, VAULT_PERMISSIONS } from './vault.ts';

export const sealEvidence = defineAction({
  name: 'seal-evidence',
  title: 'Seal the evidence',
  group: 'evidence',
  subjects: [],
  effect: 'read',
  needs: [],
  // Those of S3 only where evidence.bucket is set.
  permissions: ['ec2:DescribeSnapshots', ...VAULT_PERMISSIONS],
  about: {
    precondition: 'snapshots that were begun are completed',
    effect:
      'writes findings, records and what is around them, and the manifest of SHA-256 hashes; signs it; copies it to a bucket with Object Lock where there is one',
    proof: 'the hash of the manifest is in the ledger; S3 says that each copy is the same and locked',
    idempotency: 'a sealed case stays as it is; what is signed and copied is not again',
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
      await writeSurroundings(context);
      caseFile.writeJson('incident.json', toJson({ ...incident, sealedAt: new Date(context.now()) }));
    }
    const manifest = caseFile.seal();
    const { signer, vault } = context.evidence ?? {};
    if (signer !== undefined) await signCase(caseFile, signer, context.now);
    const copy =
      vault === undefined ? undefined : await copyToVault(context.aws, caseFile, vault, context.now());
    return done(
      toJson({ manifest: manifest.hash, files: manifest.files.length, key: signer?.keyId, copy }),
      [
        `${manifest.files.length} files, manifest SHA-256 ${manifest.hash.slice(0, 16)}…`,
        ...(signer === undefined ? [] : [`signed by ${signer.keyId.slice(0, 16)}…`]),
        ...(copy === undefined
          ? []
          : [`${copy.files} files in ${copy.place}, locked until ${copy.lockedUntil}`]),
      ].join('; '),
    );
  },
});

async function writeSurroundings({ caseFile, evidence, incident }: ActionContext): Promise<void> {
  const around = await evidence?.around?.(incident);
  if (around === undefined) return;
  const { records, range, ...rest } = around;
  const lines = records.map(({ origin, raw }) => `${JSON.stringify({ ...origin, raw })}\n`);
  caseFile.write('around.jsonl', lines.join(''));
  const times = { from: new Date(range.from), to: new Date(range.to) };
  caseFile.writeJson('around.json', toJson({ ...times, records: records.length, ...rest }));
}

function recordLine({ findingId, origin, raw }: Sample): string {
  return `${JSON.stringify({ finding: findingId, ...origin, raw })}\n`;
}
