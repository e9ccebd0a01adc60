import { setTimeout as sleep } from 'node:timers/promises';
import type {
  CloudFormation,
  PropertyDifference,
  ResourceChange,
  Stack,
  StackResourceDrift,
} from '@aws-sdk/client-cloudformation';
import { failed, problemOfFile, type Result } from '../../model/problem.ts';
import { templateSubject } from '../check.ts';
import { describeWhole } from '../door/change-set.ts';
import { type Loss, lossesOf } from '../door/losses.ts';
import { type ChangedResource, subjectOfChanges } from '../enforce/changes.ts';
import type { NotJudged } from '../finding.ts';
import { changedResource, PayloadError } from '../hook/payload.ts';
import type { Subject } from '../subject.ts';
import type { Node } from '../template/node.ts';

/** A resource that is not as the template of its stack says. */
export interface DriftedResource {
  readonly logicalId: string;
  readonly type: string;
  readonly state: 'modified' | 'deleted';
  readonly differences: readonly {
    /** `/SecurityGroupIngress/1` */
    readonly path: string;
    readonly expected: string;
    readonly actual: string;
  }[];
}

export interface LiveStack {
  readonly subject: Subject;
  readonly drifted: readonly DriftedResource[];
  /** Only of a change set. */
  readonly changes: readonly ResourceChange[];
  readonly losses: readonly Loss[];
  /** Of a change set: the resources that it changes. */
  readonly changed: ReadonlySet<string> | undefined;
}

export interface LiveOptions {
  readonly cloudformation: CloudFormation;
  readonly region: string;
  readonly stack: string;
  readonly changeSet: string | undefined;
  /** Ask CloudFormation to look for drift, which takes it a minute or more. */
  readonly drift: boolean;
  /** Milliseconds between two looks, and how long to look. */
  readonly poll: number;
  readonly timeout: number;
}

/** A stack as it is in the account: its template with the values that it has, and what was changed beside it. */
export async function readLiveStack(options: LiveOptions): Promise<Result<LiveStack>> {
  const { cloudformation, stack: name, changeSet } = options;
  const described =
    changeSet === undefined
      ? undefined
      : await describeWhole(cloudformation, changeSet, changeSet.startsWith('arn:') ? undefined : name);
  const { Stacks } = await cloudformation.describeStacks({ StackName: name });
  const stack: Stack = Stacks?.[0] ?? { StackName: name, CreationTime: undefined, StackStatus: undefined };
  const template = await cloudformation.getTemplate({
    StackName: name,
    TemplateStage: 'Processed',
    ...(described === undefined ? {} : { ChangeSetName: described.ChangeSetId }),
  });
  const parameters = new Map<string, Node>();
  for (const { ParameterKey = '', ParameterValue = '', ResolvedValue } of described?.Parameters ??
    stack.Parameters ??
    []) {
    if (ParameterValue !== '****')
      parameters.set(ParameterKey, {
        kind: 'scalar',
        value: ResolvedValue ?? ParameterValue,
        start: 0,
        end: 1,
      });
  }
  const account = stack.StackId?.split(':')[4];
  const read = templateSubject(
    { file: `<stack ${name}>`, text: template.TemplateBody ?? '' },
    { parameters, region: options.region, account },
  );
  if (!read.ok) return read;
  if (described !== undefined) {
    if (described.Status !== 'CREATE_COMPLETE')
      return failed([
        problemOfFile(changeSet ?? '', `is ${described.Status}: ${described.StatusReason ?? 'wait'}`),
      ]);
    return ofChangeSet(read.value, described.resourceChanges, name);
  }
  const drifts = options.drift ? await driftsOf(options) : [];
  const { changes, notJudged } = actualOf(drifts, name);
  const subject = subjectOfChanges(read.value, changes);
  return {
    ok: true,
    value: {
      subject: { ...subject, fixable: false, notJudged: [...subject.notJudged, ...notJudged] },
      drifted: drifts.flatMap(driftedResource),
      changes: [],
      losses: [],
      changed: undefined,
    },
  };
}

function ofChangeSet(template: Subject, changes: readonly ResourceChange[], name: string): Result<LiveStack> {
  try {
    const changed = changes.map((change) =>
      changedResource({
        logicalId: change.LogicalResourceId,
        type: change.ResourceType,
        removed: change.Action === 'Remove',
        after: change.AfterContext,
      }),
    );
    const subject = { ...subjectOfChanges(template, changed), fixable: false };
    const ids = new Set(changed.map(({ logicalId }) => logicalId));
    return { ok: true, value: { subject, drifted: [], changes, losses: lossesOf(changes), changed: ids } };
  } catch (error) {
    if (error instanceof PayloadError) return failed([problemOfFile(name, error.message)]);
    throw error;
  }
}

async function driftsOf({
  cloudformation,
  stack,
  poll,
  timeout,
}: LiveOptions): Promise<StackResourceDrift[]> {
  const { StackDriftDetectionId } = await cloudformation.detectStackDrift({ StackName: stack });
  const until = Date.now() + timeout;
  for (;;) {
    const now = await cloudformation.describeStackDriftDetectionStatus({ StackDriftDetectionId });
    // Also when it failed for some resources, the others are known.
    if (now.DetectionStatus !== 'DETECTION_IN_PROGRESS') break;
    if (Date.now() >= until)
      throw new Error('CloudFormation did not finish looking for drift; try --no-drift');
    await sleep(poll);
  }
  const drifts: StackResourceDrift[] = [];
  let NextToken: string | undefined;
  do {
    const page = await cloudformation.describeStackResourceDrifts({ StackName: stack, NextToken });
    drifts.push(...(page.StackResourceDrifts ?? []));
    NextToken = page.NextToken;
  } while (NextToken !== undefined);
  return drifts;
}

/** What takes the place of the template's resources: those that were changed or deleted beside it. */
function actualOf(
  drifts: readonly StackResourceDrift[],
  stack: string,
): { readonly changes: ChangedResource[]; readonly notJudged: NotJudged[] } {
  const changes: ChangedResource[] = [];
  const notJudged: NotJudged[] = [];
  for (const drift of drifts) {
    const { LogicalResourceId: logicalId = '', ResourceType: type = '', ActualProperties } = drift;
    const status = drift.StackResourceDriftStatus;
    if (status === 'DELETED') changes.push({ logicalId, type, removed: true, properties: undefined });
    else if (status === 'MODIFIED' && ActualProperties !== undefined) {
      const change = changedResource({
        logicalId,
        type,
        removed: false,
        after: `{"Properties": ${ActualProperties}}`,
      });
      changes.push(change);
    } else if (status === 'UNKNOWN') {
      const reason = `whether it has drifted is not known: ${drift.DriftStatusReason ?? 'CloudFormation gives no reason'}`;
      notJudged.push({ file: `<stack ${stack}>`, resource: logicalId, reason });
    }
  }
  return { changes, notJudged };
}

function driftedResource(drift: StackResourceDrift): DriftedResource[] {
  const {
    StackResourceDriftStatus: status,
    LogicalResourceId: logicalId = '',
    ResourceType: type = '',
  } = drift;
  if (status !== 'MODIFIED' && status !== 'DELETED') return [];
  const differences = (drift.PropertyDifferences ?? []).map((one: PropertyDifference) => ({
    path: one.PropertyPath ?? '',
    expected: one.ExpectedValue ?? '',
    actual: one.ActualValue ?? '',
  }));
  return [{ logicalId, type, state: status === 'MODIFIED' ? 'modified' : 'deleted', differences }];
}
