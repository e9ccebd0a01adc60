import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  ACCOUNT,
  type ActionStage,
  actionStage,
  CASE,
  REGION,
  subjectOf,
} from '../../../test/action-stage.ts';
import { type AwsClients, awsClients } from '../../aws/clients.ts';
import { newTrail, trailsOf } from '../../range/cloudtrail/trail.ts';
import { configOf } from '../../range/config/recorder.ts';
import { detectorsOf } from '../../range/guardduty/detectors.ts';
import { createHoneypot } from '../../range/honeypot.ts';
import { flowLogsOf } from '../../range/operations/flow-logs.ts';
import { newBucket } from '../../range/s3/bucket.ts';
import type { Action } from '../action.ts';
import { enableConfig } from './enable-config.ts';
import { enableGuardDuty } from './enable-guardduty.ts';
import { recreateFlowLog } from './recreate-flow-log.ts';
import { startLogging, TRAIL } from './start-logging.ts';

let stage: ActionStage;
const opened: AwsClients[] = [];
beforeEach(async () => {
  stage = await actionStage();
  newBucket(stage.range.account, 'logs');
});
afterEach(async () => {
  for (const one of opened.splice(0)) one.close();
  await stage[Symbol.asyncDispose]();
});

/** The clients of a user who may do what the action says that it needs, and nothing else. */
async function asNeeded(permissions: readonly string[]): Promise<AwsClients> {
  const iam = await stage.aws.use('iam');
  const UserName = `cordon-${opened.length}`;
  await iam.createUser({ UserName });
  const PolicyDocument = JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: permissions, Resource: '*' }],
  });
  await iam.putUserPolicy({ UserName, PolicyName: 'needed', PolicyDocument });
  const { AccessKey } = await iam.createAccessKey({ UserName });
  const clients = awsClients({
    region: REGION,
    endpoint: stage.range.endpoint,
    simulatedCredentials: {
      accessKeyId: AccessKey?.AccessKeyId ?? '',
      secretAccessKey: AccessKey?.SecretAccessKey ?? '',
    },
  });
  opened.push(clients);
  return clients;
}

const undoPermissions = ({ undo }: Action): readonly string[] => (undo.kind === 'by' ? undo.permissions : []);
const USER = subjectOf('AWS::IAM::User', `arn:aws:iam::${ACCOUNT}:user/mallory`);
/** An answer that never came: the call may have had its effect. */
const LOST = { earlierTry: 'unknown' } as const;

describe('start-logging', () => {
  const MAIN = subjectOf(TRAIL, 'main');
  const isLogging = () => trailsOf(stage.range.account).get('main')?.isLogging;
  beforeEach(() => {
    newTrail(stage.range.account, 'main', 'logs', { isLogging: false, startedAt: undefined });
  });

  it('starts a trail that was stopped, and stops it again, with no more than it says it needs', async () => {
    const aws = await asNeeded(startLogging.permissions);
    expect(await stage.run(startLogging, MAIN, { aws })).toMatchObject({
      status: 'done',
      output: { trail: 'main', startedAt: expect.any(Number) },
    });
    expect(isLogging()).toBe(true);
    const undo = { aws: await asNeeded(undoPermissions(startLogging)) };
    expect(await stage.undo(startLogging, MAIN, undo)).toMatchObject({ status: 'done' });
    expect(isLogging()).toBe(false);
    await stage.undo(startLogging, MAIN, undo);
    expect(stage.made('StopLogging')).toBe(1);
  });

  it('leaves a trail alone that is on, and its undo does too', async () => {
    const cloudtrail = await stage.aws.use('cloudtrail');
    await cloudtrail.startLogging({ Name: 'main' });
    expect(await stage.done(startLogging, MAIN)).toEqual({ trail: 'main', startedAt: null });
    expect(stage.made('StartLogging')).toBe(1);
    await stage.undo(startLogging, MAIN);
    expect(isLogging()).toBe(true);
  });

  it('knows as its own what a try began whose answer was lost', async () => {
    stage.range.faults.add({ operation: 'StartLogging', fault: { kind: 'drop-after' }, times: 6 });
    await expect(stage.run(startLogging, MAIN)).rejects.toThrow();
    await stage.done(startLogging, MAIN, LOST);
    expect(stage.made('StartLogging')).toBe(6);
    await stage.undo(startLogging, MAIN);
    expect(isLogging()).toBe(false);
  });

  it('does not stop what somebody started anew', async () => {
    await stage.done(startLogging, MAIN);
    const cloudtrail = await stage.aws.use('cloudtrail');
    await cloudtrail.stopLogging({ Name: 'main' });
    stage.clock.advance(60_000);
    await cloudtrail.startLogging({ Name: 'main' });
    expect(await stage.undo(startLogging, MAIN)).toMatchObject({ proof: expect.stringMatching(/stays on/) });
    expect(isLogging()).toBe(true);
  });

  it('is told which trail when the subject is who stopped it', async () => {
    const arn = `arn:aws:cloudtrail:${REGION}:${ACCOUNT}:trail/main`;
    expect(await stage.run(startLogging, USER)).toMatchObject({ status: 'ask' });
    await stage.done(startLogging, USER, { input: { trail: arn } });
    expect(isLogging()).toBe(true);
  });

  it('asks about a trail that is gone, and throws what AWS refuses', async () => {
    expect(await stage.run(startLogging, subjectOf(TRAIL, 'gone'))).toMatchObject({
      status: 'ask',
      reason: expect.stringMatching(/there is no trail gone/),
    });
    stage.range.faults.add({ operation: 'StartLogging', fault: { kind: 'unauthorized' } });
    await expect(stage.run(startLogging, MAIN)).rejects.toMatchObject({ name: 'AccessDeniedException' });
    expect(isLogging()).toBe(false);
  });
});

describe('recreate-flow-log', () => {
  const VPC = () => subjectOf('AWS::EC2::VPC', vpcId);
  let vpcId: string;
  beforeEach(() => {
    vpcId = createHoneypot(stage.range.account).vpcId;
  });
  const input = () => ({
    resourceId: vpcId,
    destinationType: 's3',
    destination: 'arn:aws:s3:::logs/vpc',
    tags: { team: 'net' },
  });
  const flowLogs = async () => (await stage.aws.ec2.describeFlowLogs({})).FlowLogs ?? [];

  it('makes the flow log as it was, once, and deletes it again, with no more than it says it needs', async () => {
    const given = { input: input(), aws: await asNeeded(recreateFlowLog.permissions) };
    await stage.done(recreateFlowLog, VPC(), given);
    await stage.done(recreateFlowLog, VPC(), given);
    expect(await flowLogs()).toMatchObject([
      {
        ResourceId: vpcId,
        TrafficType: 'ALL',
        LogDestination: 'arn:aws:s3:::logs/vpc',
        Tags: [
          { Key: 'team', Value: 'net' },
          { Key: 'cordon:case', Value: CASE },
        ],
      },
    ]);
    expect(stage.made('CreateFlowLogs')).toBe(1);
    const undo = { input: input(), aws: await asNeeded(undoPermissions(recreateFlowLog)) };
    await stage.undo(recreateFlowLog, VPC(), undo);
    expect(await flowLogs()).toEqual([]);
    await stage.undo(recreateFlowLog, VPC(), undo);
    expect(stage.made('DeleteFlowLogs')).toBe(1);
  });

  it('makes one to a log group, with the role that writes to it', async () => {
    const role = `arn:aws:iam::${ACCOUNT}:role/flow-logs`;
    const given = { resourceId: vpcId, trafficType: 'REJECT', logGroup: '/flow', role, interval: 60 };
    await stage.done(recreateFlowLog, VPC(), {
      input: given,
      aws: await asNeeded(recreateFlowLog.permissions),
    });
    expect(await flowLogs()).toMatchObject([
      {
        LogGroupName: '/flow',
        DeliverLogsPermissionArn: role,
        TrafficType: 'REJECT',
        MaxAggregationInterval: 60,
      },
    ]);
  });

  it('makes one when the answer of a try was lost', async () => {
    stage.range.faults.add({ operation: 'CreateFlowLogs', fault: { kind: 'drop-after' } });
    await stage.done(recreateFlowLog, VPC(), { input: input() });
    await stage.done(recreateFlowLog, VPC(), { input: input(), ...LOST });
    expect(flowLogsOf(stage.range.account).size).toBe(1);
    await stage.undo(recreateFlowLog, VPC(), { input: input() });
    expect(flowLogsOf(stage.range.account).size).toBe(0);
  });

  it('takes one that is there as it is, and its undo leaves it', async () => {
    await stage.aws.ec2.createFlowLogs({
      ResourceIds: [vpcId],
      ResourceType: 'VPC',
      TrafficType: 'ALL',
      LogDestinationType: 's3',
      LogDestination: 'arn:aws:s3:::logs/vpc',
    });
    expect(await stage.done(recreateFlowLog, VPC(), { input: input() })).toMatchObject({ ours: false });
    await stage.undo(recreateFlowLog, VPC(), { input: input() });
    expect(flowLogsOf(stage.range.account).size).toBe(1);
  });

  it('asks when the resource is gone, and is told where to write', async () => {
    const gone = { ...input(), resourceId: 'vpc-0123456789abcdef0' };
    expect(await stage.run(recreateFlowLog, VPC(), { input: gone })).toMatchObject({
      status: 'ask',
      reason: expect.stringMatching(/InvalidVpcId.NotFound/),
    });
    expect(recreateFlowLog.input.safeParse({ resourceId: vpcId }).success).toBe(false);
    expect(recreateFlowLog.input.safeParse({ ...input(), logGroup: '/flow' }).success).toBe(false);
    expect(recreateFlowLog.input.safeParse({ ...input(), resourceId: 'x; rm -rf /' }).success).toBe(false);
  });
});

describe('enable-guardduty', () => {
  const status = () => [...detectorsOf(stage.range.account).values()].map(({ enabled }) => enabled);
  const guardduty = () => stage.aws.use('guardduty');

  it('creates a detector where there is none, and deletes it again, with no more than it says it needs', async () => {
    const aws = await asNeeded(enableGuardDuty.permissions);
    const given = { input: { features: ['S3_DATA_EVENTS'] }, aws };
    await stage.done(enableGuardDuty, USER, given);
    await stage.done(enableGuardDuty, USER, given);
    expect(status()).toEqual([true]);
    const [detector] = detectorsOf(stage.range.account).values();
    expect(detector?.features.get('S3_DATA_EVENTS')).toBe(true);
    const undo = { aws: await asNeeded(undoPermissions(enableGuardDuty)) };
    await stage.undo(enableGuardDuty, USER, undo);
    expect(status()).toEqual([]);
    await stage.undo(enableGuardDuty, USER, undo);
    expect(stage.made('DeleteDetector')).toBe(1);
  });

  it('enables the detector that was suspended, and suspends it again', async () => {
    const { DetectorId } = await (await guardduty()).createDetector({ Enable: false });
    expect(await stage.done(enableGuardDuty, USER)).toEqual({ detectorId: DetectorId, did: 'enabled' });
    expect(status()).toEqual([true]);
    await stage.undo(enableGuardDuty, USER);
    expect(status()).toEqual([false]);
  });

  it('leaves a detector alone that is on, and its undo does too', async () => {
    await (await guardduty()).createDetector({ Enable: true });
    expect(await stage.done(enableGuardDuty, USER)).toMatchObject({ did: null });
    await stage.undo(enableGuardDuty, USER);
    expect(status()).toEqual([true]);
    expect(stage.made('UpdateDetector')).toBe(0);
  });

  it('makes one detector when the answer of a try was lost', async () => {
    stage.range.faults.add({ operation: 'CreateDetector', fault: { kind: 'drop-after' } });
    await stage.done(enableGuardDuty, USER);
    expect(await stage.done(enableGuardDuty, USER, LOST)).toMatchObject({ did: 'created' });
    expect(status()).toEqual([true]);
  });

  it('throws what GuardDuty refuses', async () => {
    stage.range.faults.add({ operation: 'CreateDetector', fault: { kind: 'unauthorized' } });
    await expect(stage.run(enableGuardDuty, USER)).rejects.toMatchObject({ name: 'AccessDeniedException' });
    expect(status()).toEqual([]);
  });
});

describe('enable-config', () => {
  const isRecording = () => configOf(stage.range.account).recorder?.recording;
  const byName = { ConfigurationRecorderName: 'default' };
  const recorder = async () => {
    const config = await stage.aws.use('config');
    await config.putConfigurationRecorder({
      ConfigurationRecorder: { name: 'default', roleARN: `arn:aws:iam::${ACCOUNT}:role/config` },
    });
    return config;
  };
  const ready = async () => {
    const config = await recorder();
    await config.putDeliveryChannel({ DeliveryChannel: { name: 'default', s3BucketName: 'logs' } });
    return config;
  };

  it('starts the recorder, and stops it again, with no more than it says it needs', async () => {
    await ready();
    await stage.done(enableConfig, USER, { aws: await asNeeded(enableConfig.permissions) });
    await stage.done(enableConfig, USER, LOST);
    expect(isRecording()).toBe(true);
    expect(stage.made('StartConfigurationRecorder')).toBe(1);
    const undo = { aws: await asNeeded(undoPermissions(enableConfig)) };
    await stage.undo(enableConfig, USER, undo);
    expect(isRecording()).toBe(false);
    await stage.undo(enableConfig, USER, undo);
    expect(stage.made('StopConfigurationRecorder')).toBe(1);
  });

  it('leaves a recorder alone that is on, and its undo does too', async () => {
    await (await ready()).startConfigurationRecorder(byName);
    expect(await stage.done(enableConfig, USER)).toEqual({ recorder: 'default', startedAt: null });
    await stage.undo(enableConfig, USER);
    expect(isRecording()).toBe(true);
  });

  it('does not stop what somebody started anew', async () => {
    const config = await ready();
    await stage.done(enableConfig, USER);
    await config.stopConfigurationRecorder(byName);
    stage.clock.advance(60_000);
    await config.startConfigurationRecorder(byName);
    await stage.undo(enableConfig, USER);
    expect(isRecording()).toBe(true);
  });

  it('asks where there is no recorder, and throws what AWS Config refuses', async () => {
    expect(await stage.run(enableConfig, USER)).toMatchObject({ status: 'ask' });
    await recorder();
    await expect(stage.run(enableConfig, USER)).rejects.toMatchObject({
      name: 'NoAvailableDeliveryChannelException',
    });
  });
});
