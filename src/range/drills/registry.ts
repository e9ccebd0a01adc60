import type { Drill } from './drill.ts';
import { honeypotDrill } from './honeypot.ts';

/** Every drill, by its name. */
export const DRILLS: ReadonlyMap<string, Drill> = new Map(
  [honeypotDrill].map((drill) => [drill.name, drill]),
);
