import { recordChange } from './record-change.ts';
import { rollBackChange } from './roll-back-change.ts';
import { verifyWayBack } from './verify-way-back.ts';

/** Actions that need what audit knows; the others are in the room of actions. */
export const AUDIT_ACTIONS = [recordChange, rollBackChange, verifyWayBack];
