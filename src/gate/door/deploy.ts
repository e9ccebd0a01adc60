import { awsErrorCode, describeAwsError } from '../../aws/errors.ts';
import { type Judgement, unreadable } from '../enforce/judgement.ts';
import type { Subject } from '../subject.ts';
import type { Given } from '../template/worlds.ts';
import { type DoorAnswer, toldOf } from './answer.ts';
import { hasTransforms, judgeChanges, judgeTemplate } from './change-set.ts';
import { createChangeSet } from './create-change-set.ts';
import type { Door } from './door.ts';
import { Ended, sentence } from './ended.ts';
import { type Ending, execute, follow, whenReady, withdraw } from './follow.ts';
import { type Loss, lossesOf, lossText } from './losses.ts';
import { type DoorRequest, digestOf, readDoorRequest, shortHash } from './request.ts';
import { notAllowed } from './settings.ts';
import {
  becomesNew,
  describeStack,
  earlierOperation,
  givenOf,
  inReview,
  liveTemplate,
} from './stack-state.ts';
import { templateText } from './template-text.ts';

const NO_CHANGES = /didn't contain changes|No updates are to be performed/;

/**
 * Deploys a template when the gate has nothing against it, and goes on where an earlier call with the
 * same token has stopped. Nothing that the caller says decides what may be done; the settings do.
 */
export async function deployThroughDoor(value: unknown, door: Door): Promise<DoorAnswer> {
  const request = readDoorRequest(value);
  const nothing = { findings: [], remarks: [], losses: [], gaps: [], changes: [], events: [] };
  if ('reasons' in request) {
    const message = `The request cannot be read: ${request.reasons.join('; ')}`;
    return { ...nothing, outcome: 'invalid', message, token: '', stackName: '' };
  }
  const { stackName, token } = request;
  const common = { ...nothing, token, stackName };
  try {
    return { ...common, ...(await deploy(request, door)) };
  } catch (error) {
    if (error instanceof Ended)
      return { ...common, outcome: error.outcome, message: error.message, ...error.more };
    if (awsErrorCode(error) === '' || awsErrorCode(error) === 'Error') throw error;
    const message = `AWS refused what the door asked: ${describeAwsError(error)}`;
    return { ...common, outcome: 'failed', message };
  }
}

async function deploy(request: DoorRequest, door: Door): Promise<Ending> {
  const { settings, cloudformation } = door;
  const { stackName, token } = request;
  const until = Date.now() + request.wait * 1_000;
  const reasons = notAllowed(request, settings);
  if (reasons.length > 0) throw new Ended('refused', sentence(reasons.join('; ')), { gaps: reasons });
  const text = await templateText(request, door.s3);
  if (typeof text !== 'string') throw new Ended('invalid', sentence(text.reason));
  const digest = digestOf(request, text);
  const name = `cordon-${shortHash(`${stackName} ${token}`)}`;
  const operation = `${name}-${digest}`;
  const stack = await describeStack(cloudformation, stackName);
  const earlier = await earlierOperation(name, digest, stack, door);
  if (earlier !== undefined) return follow(stackName, operation, until, {}, door);

  const given = givenOf(request, stack, door);
  const before = await liveTemplate(stack, door);
  const first = judgeTemplate(text, given, before, door.judging);
  if ('reasons' in first)
    throw new Ended('invalid', `The template cannot be read: ${first.reasons.join('; ')}`);
  if (first.judgement.refusals.length > 0) throw refused(first.judgement, []);

  const isNew = await becomesNew(stack, until, door);
  const changeSetId = await createChangeSet(
    { request, text, subject: first.subject, name, digest, isNew },
    door,
  );
  const takeBack = (): Promise<void> => withdraw(stackName, changeSetId, isNew && !inReview(stack), door);
  const described = await whenReady(changeSetId, until, door);
  if (described.Status !== 'CREATE_COMPLETE') {
    await takeBack();
    const reason = described.StatusReason ?? 'CloudFormation gives no reason';
    if (NO_CHANGES.test(reason)) return { outcome: 'unchanged', message: 'Nothing is to be changed.' };
    throw new Ended('invalid', sentence(`the change set could not be made: ${reason}`));
  }
  const told = {
    changes: described.resourceChanges.map((change) => ({
      action: change.Action ?? '',
      logicalId: change.LogicalResourceId ?? '',
      type: change.ResourceType ?? '',
      replacement: change.Replacement,
    })),
  };
  if (described.ExecutionStatus === 'AVAILABLE') {
    const subject = await deployedSubject(first.subject, changeSetId, given, door);
    const judgement = Array.isArray(subject)
      ? unreadable(subject, door.judging)
      : judgeChanges(subject as Subject, described.resourceChanges, door.judging);
    const losses = lossesOf(described.resourceChanges);
    const lost = losses.filter(({ logicalId }) => !request.allowReplacement.includes(logicalId));
    if (judgement.outcome !== 'allowed' || lost.length > 0) {
      await takeBack();
      throw refused(judgement, lost, told);
    }
    await execute(changeSetId, operation, door);
    return follow(stackName, operation, until, { ...told, ...toldOf(judgement), losses }, door);
  }
  return follow(stackName, operation, until, told, door);
}

function refused(judgement: Judgement, losses: readonly Loss[], more: Partial<DoorAnswer> = {}): Ended {
  const { refusals, outcome } = judgement;
  const reasons = [
    ...(refusals.length === 0
      ? []
      : [`${refusals.length} ${refusals.length === 1 ? 'finding' : 'findings'}`]),
    ...(outcome === 'not-judged' ? ['not everything could be judged'] : []),
    ...losses.map(lossText),
  ];
  const hint =
    losses.length === 0
      ? ''
      : `. To accept that, name it in allowReplacement: ${losses.map(({ logicalId }) => logicalId).join(' ')}`;
  const message = `Refused, nothing was changed: ${reasons.join('; ')}${hint}.`;
  return new Ended('refused', message, { ...more, ...toldOf(judgement), losses });
}

/** What CloudFormation works with: where there are macros, what they have made of the template. */
async function deployedSubject(
  subject: Subject,
  changeSetId: string,
  given: Given,
  { cloudformation, judging }: Door,
): Promise<Subject | readonly string[]> {
  if (!hasTransforms(subject)) return subject;
  const { TemplateBody = '' } = await cloudformation.getTemplate({
    ChangeSetName: changeSetId,
    TemplateStage: 'Processed',
  });
  const read = judgeTemplate(TemplateBody, given, undefined, judging);
  return 'reasons' in read ? read.reasons : read.subject;
}
