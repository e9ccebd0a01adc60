import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type CaseFile, SIGNATURE } from './case-file.ts';
import { writeDurably } from './durable.ts';
import { type Signer, signStatement } from './signing.ts';

export const MANIFEST_TYPE = 'cordon/case-manifest';

/** Signs the newest part of a case, which names those before it by their hashes; once. */
export async function signCase(file: CaseFile, signer: Signer, now: () => number): Promise<void> {
  const manifest = file.manifests().at(-1);
  if (manifest === undefined) throw new Error(`${file.caseId} is not sealed`);
  const path = join(file.folder, `${manifest.name}${SIGNATURE}`);
  if (existsSync(path)) return;
  const { caseId, part, hash } = manifest;
  writeDurably(
    path,
    await signStatement({ type: MANIFEST_TYPE, caseId, part, manifest: hash, at: now() }, signer),
  );
}
