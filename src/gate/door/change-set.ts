import type { CloudFormation, DescribeChangeSetOutput, ResourceChange } from '@aws-sdk/client-cloudformation';
import { templateSubject, touchedOf } from '../check.ts';
import { subjectOfChanges } from '../enforce/changes.ts';
import { type Judgement, type Judging, judgementOf, unreadable } from '../enforce/judgement.ts';
import type { GateFinding } from '../finding.ts';
import { changedResource, PayloadError } from '../hook/payload.ts';
import type { Subject } from '../subject.ts';
import { member, textOf } from '../template/node.ts';
import type { Given } from '../template/worlds.ts';

/** Pages of a change set; AWS has 500 resources in a stack. */
const MAX_PAGES = 100;

/** A change set with all its changes and their values. */
export async function describeWhole(
  cloudformation: CloudFormation,
  changeSet: string,
  stackName?: string,
): Promise<DescribeChangeSetOutput & { readonly resourceChanges: readonly ResourceChange[] }> {
  const describe = (NextToken?: string) =>
    cloudformation.describeChangeSet({
      ChangeSetName: changeSet,
      StackName: stackName,
      IncludePropertyValues: true,
      NextToken,
    });
  const first = await describe();
  const changes = [...(first.Changes ?? [])];
  let { NextToken } = first;
  for (let page = 1; NextToken !== undefined && page < MAX_PAGES; page++) {
    const next = await describe(NextToken);
    changes.push(...(next.Changes ?? []));
    NextToken = next.NextToken;
  }
  if (NextToken !== undefined) throw new Error('the change set has too many pages');
  const resourceChanges = changes.flatMap(({ ResourceChange }) =>
    ResourceChange === undefined ? [] : [ResourceChange],
  );
  return { ...first, resourceChanges };
}

/** What stands in the template, before anything is asked of CloudFormation. */
export function judgeTemplate(
  text: string,
  given: Given,
  before: { readonly text: string; readonly given: Given } | undefined,
  judging: Judging,
): { readonly subject: Subject; readonly judgement: Judgement } | { readonly reasons: readonly string[] } {
  const read = templateSubject({ file: 'template', text }, given);
  if (!read.ok) return { reasons: read.problems.map(({ line, message }) => `line ${line}: ${message}`) };
  const subject = read.value;
  const earlier =
    before === undefined ? undefined : templateSubject({ file: 'template', text: before.text }, before.given);
  const touched = (findings: readonly GateFinding[]): readonly GateFinding[] =>
    earlier?.ok === true ? touchedOf(subject, findings, earlier.value, judging.judge) : findings;
  return { subject, judgement: judgementOf(subject, judging, touched) };
}

/** What CloudFormation says that it will make of the template, with every value that it knows. */
export function judgeChanges(
  subject: Subject,
  changes: readonly ResourceChange[],
  judging: Judging,
): Judgement {
  try {
    const changed = changes.map((change) =>
      changedResource({
        logicalId: change.LogicalResourceId,
        type: change.ResourceType,
        removed: change.Action === 'Remove',
        after: change.AfterContext,
      }),
    );
    const ids = new Set(changed.map(({ logicalId }) => logicalId));
    const nested = changes
      .filter(
        ({ Action, ResourceType }) => Action !== 'Remove' && ResourceType === 'AWS::CloudFormation::Stack',
      )
      .map(({ LogicalResourceId = '' }) => ({
        file: 'template',
        resource: LogicalResourceId,
        reason: 'what the nested stack makes is not known',
      }));
    const seen = subjectOfChanges(subject, changed);
    return judgementOf({ ...seen, notJudged: [...seen.notJudged, ...nested] }, judging, (findings) =>
      findings.filter(({ resource }) => resource === undefined || ids.has(resource.logicalId)),
    );
  } catch (error) {
    if (error instanceof PayloadError) return unreadable([error.message], judging);
    throw error;
  }
}

/** Whether CloudFormation works on the template before it looks at its resources. */
export function hasTransforms({ source, sections, worlds }: Subject): boolean {
  if (member(sections, 'Transform') !== undefined || /Fn::Transform|!Transform/.test(source.text))
    return true;
  return worlds.some(({ resources }) =>
    resources.some(({ value }) => textOf(member(value, 'Type'))?.endsWith('::MODULE') === true),
  );
}
