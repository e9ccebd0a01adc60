import { type AwsSettings, connectionOf } from '../aws/clients.ts';
import { cloudFormationClient } from '../aws/cloudformation.ts';
import { sourceClients } from '../aws/source-clients.ts';
import type { DoorAnswer } from '../gate/door/answer.ts';
import { deployThroughDoor } from '../gate/door/deploy.ts';
import type { Progress } from '../gate/door/events.ts';
import { doorSettings } from '../gate/door/settings.ts';
import type { Environment } from '../gate/enforce/rules.ts';
import { judgingBy } from '../gate/enforce/setup.ts';
import { ok, type Result } from '../model/problem.ts';
import { simulatedClock } from '../range/clock.ts';
import { startRange } from '../range/range.ts';

/** Something that takes requests: the function on AWS, or the door in this process. */
export interface Knock {
  ask(request: object): Promise<DoorAnswer>;
  close(): Promise<void>;
}

const POLL = 1_000;
/** A minute of the simulated account passes in a second. */
const SIMULATED_SPEED = 60;

/** The door in this process, with the credentials that it finds: for pipelines, and for simulated accounts. */
export function directDoor(aws: AwsSettings, environment: Environment): Result<Knock> {
  const read = doorSettings(environment);
  if (!read.ok) return read;
  const { files, ...settings } = read.value;
  const cloudformation = cloudFormationClient(aws);
  const sources = sourceClients(aws);
  const door = {
    settings,
    judging: judgingBy(files, settings.rules),
    cloudformation,
    s3: sources.s3,
    region: aws.region,
    account: undefined,
    poll: aws.endpoint === undefined ? POLL : 50,
  };
  return ok({
    ask: (request) => deployThroughDoor(request, door),
    async close() {
      cloudformation.destroy();
      sources.close();
    },
  });
}

/** A door before an account that is made for it and gone afterwards. */
export async function rehearsedDoor(region: string, environment: Environment): Promise<Result<Knock>> {
  const range = await startRange({ region, clock: simulatedClock({ speed: SIMULATED_SPEED }) });
  range.account.vpcs.set('vpc-simulated', { id: 'vpc-simulated', cidr: '10.0.0.0/16' });
  const made = directDoor({ region, endpoint: range.endpoint }, environment);
  if (!made.ok) {
    await range.close();
    return made;
  }
  const { ask, close } = made.value;
  return ok({
    ask,
    async close() {
      await close();
      await range.close();
    },
  });
}

/** The function of the door on AWS. */
export async function remoteDoor(aws: AwsSettings, functionName: string): Promise<Knock> {
  const { Lambda } = await import('@aws-sdk/client-lambda');
  const lambda = new Lambda({ ...connectionOf(aws), maxAttempts: 3 });
  return {
    async ask(request) {
      const answer = await lambda.invoke({
        FunctionName: functionName,
        Payload: Buffer.from(JSON.stringify(request)),
      });
      const text = Buffer.from(answer.Payload ?? []).toString('utf8');
      if (answer.FunctionError !== undefined) {
        const { errorMessage = text } = JSON.parse(text) as { errorMessage?: string };
        throw new Error(`the function ${functionName} failed: ${errorMessage}`);
      }
      return JSON.parse(text) as DoorAnswer;
    },
    async close() {
      lambda.destroy();
    },
  };
}

/** Asks until there is an end, or the time is over; every event is told once. */
export async function askUntilDone(
  { ask }: Knock,
  request: object,
  timeout: number,
  onProgress: (event: Progress) => void,
): Promise<DoorAnswer> {
  const until = Date.now() + timeout;
  const told = new Set<string>();
  for (;;) {
    const left = Math.max(0, until - Date.now());
    const answer = await ask({ ...request, wait: Math.min(2, left / 1_000) });
    for (const event of answer.events.filter(({ id }) => !told.has(id))) {
      told.add(event.id);
      onProgress(event);
    }
    if (answer.outcome !== 'in-progress' || left === 0) return answer;
  }
}
