import { sealEvidence } from './seal-evidence.ts';

export const EVIDENCE_ACTIONS = [sealEvidence];
