import { cloudFormationClient } from '../aws/cloudformation.ts';
import { sourceClients } from '../aws/source-clients.ts';
import type { DoorAnswer } from '../gate/door/answer.ts';
import { deployThroughDoor } from '../gate/door/deploy.ts';
import type { Door } from '../gate/door/door.ts';
import { doorSettings } from '../gate/door/settings.ts';
import { judgingBy } from '../gate/enforce/setup.ts';
import { objectOf } from '../gate/hook/request.ts';
import { usePackagedCache } from './lambda-cache.ts';

interface LambdaContext {
  readonly invokedFunctionArn?: string;
  getRemainingTimeInMillis?(): number;
}

/** Kept for the answer, milliseconds. */
const RESERVE = 10_000;
const POLL = 2_000;

usePackagedCache();
const setup = setUp();

/** AWS Lambda function of the deploy door; the event is the request. */
export async function handler(event: unknown, context: LambdaContext = {}): Promise<DoorAnswer> {
  if (typeof setup === 'string') throw new Error(`The settings of the door are wrong: ${setup}`);
  const account = context.invokedFunctionArn?.split(':')[4];
  const left = (context.getRemainingTimeInMillis?.() ?? Number.POSITIVE_INFINITY) - RESERVE;
  const answer = await deployThroughDoor(withinTime(event, left), { ...setup, account });
  const { outcome, message, token, stackName, findings } = answer;
  process.stdout.write(
    `${JSON.stringify({ outcome, message, token, stackName, policies: findings.map(({ policy }) => policy) })}\n`,
  );
  return answer;
}

/** A request does not wait longer than the function has. */
function withinTime(event: unknown, left: number): unknown {
  const request = objectOf(event);
  const wait = typeof request.wait === 'number' ? request.wait : 20;
  return event === request && wait * 1_000 > left ? { ...request, wait: Math.max(0, left / 1_000) } : event;
}

function setUp(): Omit<Door, 'account'> | string {
  const read = doorSettings(process.env);
  if (!read.ok) return read.problems.map(({ file, message }) => `${file} ${message}`).join('; ');
  const { files, ...settings } = read.value;
  const region = process.env.AWS_REGION ?? 'us-east-1';
  // The endpoint of a simulated account.
  const aws = { region, endpoint: process.env.AWS_ENDPOINT_URL };
  return {
    settings,
    judging: judgingBy(files, settings.rules),
    cloudformation: cloudFormationClient(aws),
    s3: sourceClients(aws).s3,
    region,
    poll: POLL,
  };
}
