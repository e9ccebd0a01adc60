import type { Action, ActionOutcome, EarlierTry } from '../src/actions/action.ts';
import type { AwsClients } from '../src/aws/clients.ts';
import type { Json } from '../src/model/json.ts';
import type { Subject } from '../src/model/subject.ts';
import type { SimulationSettings } from '../src/range/account.ts';
import { type Acting, acting } from './acting.ts';

export { ACCOUNT, CASE, subjectOf } from './acting.ts';
export const REGION = 'us-east-1';

export interface ActionOptions {
  readonly input?: unknown;
  readonly earlierTry?: EarlierTry;
  /** Who does it; the owner of the range without it. */
  readonly aws?: AwsClients;
}

/** {@link Acting}, for actions that each have another subject. */
export interface ActionStage extends Pick<Acting, 'range' | 'clock' | 'aws' | 'made'> {
  run(action: Action, subject: Subject, options?: ActionOptions): Promise<ActionOutcome>;
  done(action: Action, subject: Subject, options?: ActionOptions): Promise<Json>;
  undo(action: Action, subject: Subject, options?: ActionOptions): Promise<ActionOutcome>;
  restore(action: Action): string[];
  [Symbol.asyncDispose](): Promise<void>;
}

export async function actionStage(settings?: Partial<SimulationSettings>): Promise<ActionStage> {
  const world = await acting(settings);
  const given = (subject: Subject, { input, ...rest }: ActionOptions = {}) => ({
    subject,
    ...(input === undefined ? {} : { with: input }),
    ...rest,
  });
  return {
    ...world,
    run: (action, subject, options) => world.act(action, given(subject, options)),
    done: (action, subject, options) => world.done(action, given(subject, options)),
    undo: (action, subject, options) => world.undo(action, given(subject, options)),
  };
}
