import type { AwsClients } from '../../aws/clients.ts';
import { awsErrorCode, describeAwsError, isRefused } from '../../aws/errors.ts';
import { toJson } from '../../model/json.ts';
import { INSTANCE } from '../../model/subject.ts';
import { defineAction, done } from '../action.ts';
import { NO_INPUT } from '../no-input.ts';

export const captureConsole = defineAction({
  name: 'capture-console',
  title: 'Capture the console',
  group: 'instance',
  subjects: [INSTANCE],
  effect: 'read',
  needs: [],
  permissions: ['ec2:GetConsoleOutput', 'ec2:GetConsoleScreenshot'],
  about: {
    precondition: 'none; what EC2 has no picture of, such as an instance that is stopped, is said so',
    effect: 'writes the newest console output and a picture of the screen into the case',
    proof: 'the sizes of what EC2 answered',
    idempotency: 'it only reads, and writes the same files again',
  },
  input: NO_INPUT,
  undo: { kind: 'nothing', why: 'it only reads' },
  plan: ({ id }) => `capture the console of ${id}: its output and a JPEG of its screen`,
  async run({ aws, subject, caseFile }) {
    const output = await consoleOutput(aws, subject.id);
    caseFile.write('console-latest.txt', output);
    const screen = await screenshot(aws, subject.id);
    if (typeof screen === 'string') {
      const proof = `console output of ${output.length} bytes; no picture: ${screen}`;
      return done({ outputBytes: output.length, noScreenshot: screen }, proof);
    }
    caseFile.write('console-screenshot.jpg', screen);
    return done(
      toJson({ outputBytes: output.length, screenshotBytes: screen.length }),
      `console output of ${output.length} bytes, picture of ${screen.length} bytes`,
    );
  },
});

/** The newest output; only instances on the Nitro System have that, others what was posted last. */
async function consoleOutput({ ec2 }: AwsClients, InstanceId: string): Promise<Buffer> {
  const { Output } = await ec2.getConsoleOutput({ InstanceId, Latest: true }).catch((error: unknown) => {
    if (awsErrorCode(error) !== 'UnsupportedOperation') throw error;
    return ec2.getConsoleOutput({ InstanceId });
  });
  return Buffer.from(Output ?? '', 'base64');
}

/** The picture, or why there is none: not every instance has one, and the output is worth keeping alone. */
async function screenshot({ ec2 }: AwsClients, InstanceId: string): Promise<Buffer | string> {
  try {
    const { ImageData } = await ec2.getConsoleScreenshot({ InstanceId });
    return ImageData === undefined ? 'EC2 answered none' : Buffer.from(ImageData, 'base64');
  } catch (error) {
    if (!isRefused(error)) throw error;
    return describeAwsError(error);
  }
}
