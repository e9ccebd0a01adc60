import type { Account, SimulationSettings } from '../account.ts';

/** An attack to play in the range: what is there, what happens, and what must have come of it. */
export interface Drill {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly settings: Partial<SimulationSettings>;
  /** Milliseconds between two acts. */
  readonly interval: number;
  /** Puts the scene into an empty account. */
  stage(account: Account): Scene;
}

export interface Scene {
  readonly instanceId: string;
  readonly volumeIds: readonly string[];
  /** What one interval leaves in the log; nothing once the attacker can do no more. */
  act(number: number): Act | undefined;
}

export interface Act {
  readonly lines: readonly string[];
  /** What the attacker does, when it is something new. */
  readonly note?: string;
  /** The first act with a record that calls for a response. */
  readonly firstBad?: boolean;
}
