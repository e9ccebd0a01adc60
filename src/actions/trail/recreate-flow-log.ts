import { createHash } from 'node:crypto';
import type { CreateFlowLogsRequest, FlowLog } from '@aws-sdk/client-ec2';
import { z } from 'zod';
import type { AwsClients } from '../../aws/clients.ts';
import { type ActionContext, type ActionOutcome, defineAction, done, type UndoContext } from '../action.ts';
import { CASE_TAG } from '../instance/instance.ts';

const arn = z.string().regex(/^arn:aws[\w-]*:/, 'an ARN');

/** A flow log as DescribeFlowLogs showed it, or as CreateFlowLogs was asked for it. */
const input = z
  .strictObject({
    resourceId: z
      .string()
      .regex(/^(vpc|subnet|eni|tgw|tgw-attach)-[0-9a-f]+$/, 'the id of a VPC, subnet or network interface'),
    trafficType: z.enum(['ACCEPT', 'REJECT', 'ALL']).default('ALL'),
    destinationType: z.enum(['cloud-watch-logs', 's3', 'kinesis-data-firehose']).default('cloud-watch-logs'),
    /** Of a bucket, with a folder where one is wanted, or of a delivery stream. */
    destination: arn.optional(),
    logGroup: z.string().min(1).max(512).optional(),
    role: arn.optional(),
    format: z.string().min(1).max(2_048).optional(),
    /** Seconds. */
    interval: z.union([z.literal(60), z.literal(600)]).default(600),
    tags: z.record(z.string().min(1).max(128), z.string().max(256)).default({}),
  })
  .refine(({ destination, logGroup }) => (destination === undefined) !== (logGroup === undefined), {
    message: 'either destination or logGroup',
  });

type Description = z.output<typeof input>;

interface Made {
  readonly flowLogId: string;
  /** Whether Cordon made it for this case. */
  readonly ours: boolean;
}

export const recreateFlowLog = defineAction({
  name: 'recreate-flow-log',
  title: 'Create the flow log again',
  group: 'trail',
  subjects: [],
  effect: 'reversible',
  needs: [],
  permissions: [
    'ec2:CreateFlowLogs',
    'ec2:CreateTags',
    'ec2:DescribeFlowLogs',
    'iam:PassRole',
    'logs:CreateLogDelivery',
  ],
  about: {
    precondition: 'the playbook says what the flow log was like: the request to delete one names only its id',
    effect: 'CreateFlowLogs with the same resource, traffic, destination and format, tagged with the case',
    proof: 'EC2 shows an active flow log of the resource to that destination',
    idempotency: 'a client token of the case; a flow log that is like it is taken as it is',
  },
  input,
  undo: {
    kind: 'by',
    how: 'delete the flow log that it made',
    permissions: ['ec2:DeleteFlowLogs', 'ec2:DescribeFlowLogs', 'logs:DeleteLogDelivery'],
    run: deleteOurs,
  },
  plan: (_, { resourceId, destination, logGroup }) =>
    `create the flow log of ${resourceId} to ${destination ?? logGroup} again (CreateFlowLogs)`,
  async run(context) {
    const { aws, incident, input: wanted } = context;
    const found = (await flowLogsOf(aws, wanted)) ?? (await create(context));
    if (typeof found === 'string') return { status: 'ask', reason: found };
    const made = found ?? (await flowLogsOf(aws, wanted));
    if (made === undefined)
      return { status: 'waiting', progress: `the flow log of ${wanted.resourceId} is not visible yet` };
    if (made.FlowLogStatus !== 'ACTIVE')
      return { status: 'waiting', progress: `${made.FlowLogId} is ${made.FlowLogStatus}` };
    const ours = isOf(made, incident.id);
    const output: Made = { flowLogId: made.FlowLogId ?? '', ours };
    return done({ ...output }, `${made.FlowLogId} of ${wanted.resourceId} is active`);
  },
});

/** Why it cannot be made, where AWS says so; nothing when it was. */
async function create({
  aws,
  incident,
  input: wanted,
}: ActionContext<Description>): Promise<string | undefined> {
  const { Unsuccessful = [] } = await aws.ec2.createFlowLogs(requestOf(wanted, incident.id));
  const [failed] = Unsuccessful;
  return failed === undefined
    ? undefined
    : `EC2 makes no flow log of ${wanted.resourceId}: ${failed.Error?.Code}: ${failed.Error?.Message}`;
}

function requestOf(wanted: Description, caseId: string): CreateFlowLogsRequest {
  const tags = Object.entries({ ...wanted.tags, [CASE_TAG]: caseId });
  const token = createHash('sha256')
    .update(JSON.stringify([caseId, wanted]))
    .digest('hex');
  return {
    ResourceIds: [wanted.resourceId],
    ResourceType: typeOf(wanted.resourceId),
    TrafficType: wanted.trafficType,
    LogDestinationType: wanted.destinationType,
    MaxAggregationInterval: wanted.interval,
    ...(wanted.destination === undefined ? {} : { LogDestination: wanted.destination }),
    ...(wanted.logGroup === undefined ? {} : { LogGroupName: wanted.logGroup }),
    ...(wanted.role === undefined ? {} : { DeliverLogsPermissionArn: wanted.role }),
    ...(wanted.format === undefined ? {} : { LogFormat: wanted.format }),
    TagSpecifications: [{ ResourceType: 'vpc-flow-log', Tags: tags.map(([Key, Value]) => ({ Key, Value })) }],
    ClientToken: token,
  };
}

function typeOf(resourceId: string): NonNullable<CreateFlowLogsRequest['ResourceType']> {
  if (resourceId.startsWith('vpc-')) return 'VPC';
  if (resourceId.startsWith('subnet-')) return 'Subnet';
  if (resourceId.startsWith('eni-')) return 'NetworkInterface';
  return resourceId.startsWith('tgw-attach-') ? 'TransitGatewayAttachment' : 'TransitGateway';
}

/** The flow log of the resource that does what is wanted. */
async function flowLogsOf(aws: AwsClients, wanted: Description): Promise<FlowLog | undefined> {
  const Filter = [{ Name: 'resource-id', Values: [wanted.resourceId] }];
  for await (const { FlowLogs = [] } of aws.ec2.paginateDescribeFlowLogs({ Filter })) {
    const found = FlowLogs.find(
      ({ TrafficType, LogDestination, LogGroupName, LogFormat }) =>
        TrafficType === wanted.trafficType &&
        (wanted.destination === undefined || LogDestination === wanted.destination) &&
        (wanted.logGroup === undefined || LogGroupName === wanted.logGroup) &&
        (wanted.format === undefined || LogFormat === wanted.format),
    );
    if (found !== undefined) return found;
  }
  return undefined;
}

function isOf({ Tags = [] }: FlowLog, caseId: string): boolean {
  return Tags.some(({ Key, Value }) => Key === CASE_TAG && Value === caseId);
}

async function deleteOurs({ aws, undone, incident }: UndoContext): Promise<ActionOutcome> {
  const { flowLogId, ours } = undone as unknown as Made;
  if (!ours) return done(null, `${flowLogId} was there before`);
  const Filter = [{ Name: 'flow-log-id', Values: [flowLogId] }];
  const { FlowLogs = [] } = await aws.ec2.describeFlowLogs({ Filter });
  const [made] = FlowLogs;
  if (made === undefined) return done(null, `${flowLogId} is gone`);
  if (!isOf(made, incident.id)) return done(null, `${flowLogId} has lost the tag of the case: it stays`);
  const { Unsuccessful = [] } = await aws.ec2.deleteFlowLogs({ FlowLogIds: [flowLogId] });
  const [failed] = Unsuccessful;
  if (failed !== undefined && failed.Error?.Code !== 'InvalidFlowLogId.NotFound')
    return { status: 'ask', reason: `${flowLogId} cannot be deleted: ${failed.Error?.Message}` };
  return done(null, `${flowLogId} is deleted`);
}
