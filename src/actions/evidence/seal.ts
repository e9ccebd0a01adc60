import { verifyCase } from '../../evidence/case-file.ts';
import type { ActionContext } from '../action.ts';

/** Why the evidence cannot be relied on: asked of the disk just before something that cannot be undone. */
export function brokenSeal({ caseFile, output }: ActionContext): string | undefined {
  const sealed = output('seal-evidence') as { readonly manifest?: string } | undefined;
  if (sealed?.manifest === undefined || caseFile.manifest()?.hash !== sealed.manifest) {
    return 'the manifest of the evidence is not the one that was sealed';
  }
  const faults = verifyCase(caseFile);
  if (faults.length > 0) return `the evidence is not as it was sealed: ${faults.slice(0, 3).join(', ')}`;
  return undefined;
}
