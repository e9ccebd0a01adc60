import type {
  GetConsoleOutputRequest,
  GetConsoleOutputResult,
  GetConsoleScreenshotRequest,
  GetConsoleScreenshotResult,
} from '@aws-sdk/client-ec2';
import type { Account } from '../account.ts';
import { AwsError } from '../aws-error.ts';
import { stateOf } from './instances.ts';
import { NO_INSTANCE, one } from './query.ts';

/** A JPEG of 8 black pixels by 8: nobody has logged in on the screen. */
const BLACK_SCREEN =
  '/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQH/wAALCAAIAAgBAREA/8QAFAABAAAAAAAAAAAAAAAAAAAAC//EABQQAQAAAAAAAAAAAAAAAAAAAAD/2gAIAQEAAD8AP/f/2Q==';

export function getConsoleOutput(
  account: Account,
  { InstanceId }: GetConsoleOutputRequest,
): GetConsoleOutputResult {
  const { consoleOutput } = one(account.instances, InstanceId, NO_INSTANCE);
  return {
    InstanceId,
    Timestamp: new Date(account.clock.now()),
    Output: Buffer.from(consoleOutput).toString('base64'),
  };
}

/** Source: Amazon EC2 API Reference, "GetConsoleScreenshot": a JPEG, in Base64; only of what runs. */
export function getConsoleScreenshot(
  account: Account,
  { InstanceId }: GetConsoleScreenshotRequest,
): GetConsoleScreenshotResult {
  const simulated = one(account.instances, InstanceId, NO_INSTANCE);
  const state = stateOf(account, simulated);
  if (state !== 'running')
    throw new AwsError(
      'IncorrectInstanceState',
      `The instance '${InstanceId}' is not in a valid state: ${state}`,
    );
  return { InstanceId, ImageData: BLACK_SCREEN };
}
