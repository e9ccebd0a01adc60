import { judgingBy } from '../gate/enforce/setup.ts';
import { answerHook, type Hook, type HookAnswer } from '../gate/hook/answer.ts';
import { objectOf, textOf } from '../gate/hook/request.ts';
import { hookSettings } from '../gate/hook/settings.ts';
import { usePackagedCache } from './lambda-cache.ts';

usePackagedCache();
const setup = setUp();

/** AWS Lambda function of a CloudFormation Lambda Hook. */
export async function handler(event: unknown): Promise<HookAnswer> {
  if ('reason' in setup) {
    const root = objectOf(event);
    const token = textOf(root.clientRequestToken ?? root.clientRequesttoken) ?? '';
    return {
      hookStatus: 'FAILED',
      errorCode: 'InternalFailure',
      message: `Cordon: the settings of the hook are wrong: ${setup.reason}`,
      clientRequestToken: token,
    };
  }
  const answer = await answerHook(event, setup);
  process.stdout.write(`${JSON.stringify({ request: summaryOf(event), ...answer })}\n`);
  return answer;
}

/** Whose change it was; not the properties, which may hold secrets. */
function summaryOf(event: unknown): object {
  const { stackId, changeSetId, awsAccountId, actionInvocationPoint, requestData } = objectOf(event);
  const { targetName, targetType, targetLogicalId } = objectOf(requestData);
  return {
    stackId,
    changeSetId,
    awsAccountId,
    actionInvocationPoint,
    targetName,
    targetType,
    targetLogicalId,
  };
}

function setUp(): Hook | { readonly reason: string } {
  const read = hookSettings(process.env);
  if (!read.ok) return { reason: read.problems.map(({ file, message }) => `${file} ${message}`).join('; ') };
  const { files, ...settings } = read.value;
  return { settings, judging: judgingBy(files, settings.rules) };
}
