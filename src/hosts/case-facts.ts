import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../config/config.ts';
import { publicKeysIn } from '../evidence/keys.ts';
import { verifyEvidence } from '../evidence/verify-evidence.ts';
import type { Incident } from '../model/incident.ts';
import type { Json } from '../model/json.ts';
import type { CaseFacts } from '../report/case-report.ts';
import type { Store } from '../store/store.ts';
import { ALL_ACTIONS } from './actions.ts';
import { casesFolder, keysFolder } from './state.ts';

/** Files of a case folder that are read for a report are descriptions, not dumps. */
const LARGEST = 1024 * 1024;

/** Everything that is known of a case, its evidence verified now. */
export async function caseFacts(
  incident: Incident,
  store: Store,
  config: Config,
  now: number,
): Promise<CaseFacts> {
  const folder = join(casesFolder(config), incident.id);
  return {
    incident,
    findings: await store.findings(incident.id),
    samples: await store.samples(incident.id),
    ledger: await Array.fromAsync(store.ledger(incident.id)),
    evidence: existsSync(folder) ? verifyEvidence(folder, publicKeysIn(keysFolder(config))) : undefined,
    file: (name) => jsonFile(join(folder, name)),
    actions: ALL_ACTIONS,
    now,
  };
}

function jsonFile(path: string): Json | undefined {
  const file = statSync(path, { throwIfNoEntry: false });
  if (file?.isFile() !== true || file.size > LARGEST) return undefined;
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Json;
  } catch {
    return undefined;
  }
}
