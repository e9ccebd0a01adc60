import type { ActionContext } from '../../actions/action.ts';
import { LEVELS } from '../../model/finding.ts';
import type { Json } from '../../model/json.ts';
import type { ActionStep } from './playbook.ts';

/** How a runner tries and waits where a playbook does not say it. */
export interface RunnerSettings {
  /** Milliseconds between two looks at something that AWS is still doing. */
  readonly pollEvery: number;
  /** Milliseconds before the first new try; doubled for each further one. */
  readonly retryAfter: number;
  readonly tries: number;
}

/** What a playbook is run in. */
export interface PlaybookWorld extends Omit<ActionContext, 'earlierTry' | 'output' | 'input'> {
  readonly settings: RunnerSettings;
  /** Asked before every try of an action that changes something; a text is a reason not to go on. */
  readonly beforeStep: (step: ActionStep) => Promise<string | undefined>;
  /** Asked once before an action begins that changes something; a text is a reason not to. */
  readonly lastLook: (step: ActionStep) => Promise<string | undefined>;
}

/** What a step that is done left behind. */
export interface StepResult {
  readonly id: string;
  readonly action: string | null;
  readonly output: Json;
}

/** What conditions and references look at. Times are ISO 8601. */
export interface PlaybookRecord {
  readonly [root: string]: { readonly [name: string]: Json };
}

/** What is known before a step. */
export async function recordOf(
  { incident, subject, findings }: Pick<PlaybookWorld, 'incident' | 'subject' | 'findings'>,
  inputs: Readonly<Record<string, Json>>,
  results: readonly StepResult[],
): Promise<PlaybookRecord> {
  const found = (await findings()).findings.map(({ rule }) => rule);
  const levels = found.map(({ level }) => LEVELS.indexOf(level));
  const { id, mode, playbook = '', openedAt, firstSeen, lastSeen } = incident;
  return {
    incident: {
      id,
      mode,
      playbook,
      openedAt: new Date(openedAt).toISOString(),
      firstSeen: new Date(firstSeen).toISOString(),
      lastSeen: new Date(lastSeen).toISOString(),
      rules: found.map((rule) => rule.id),
      level: LEVELS[Math.max(0, ...levels)] ?? 'informational',
    },
    subject: { ...subject },
    inputs,
    steps: Object.fromEntries(results.map((result) => [result.id, result.output])),
  };
}
