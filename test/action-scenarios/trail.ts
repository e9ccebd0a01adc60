import { TRAIL } from '../../src/actions/trail/start-logging.ts';
import { newTrail } from '../../src/range/cloudtrail/trail.ts';
import { newBucket } from '../../src/range/s3/bucket.ts';
import { ACCOUNT, type Acting, subjectOf } from '../acting.ts';
import type { ActionScenario, ActionScenarios } from './scenario.ts';

function flowLog(name: string, destination: (world: Acting) => object): ActionScenario {
  return {
    name,
    async prepare(world) {
      newBucket(world.account, 'logs');
      const { honeypot, subject } = world;
      const wanted = { resourceId: honeypot.vpcId, trafficType: 'ALL', interval: 60, ...destination(world) };
      return { subject, with: wanted };
    },
  };
}

export const TRAIL_SCENARIOS: ActionScenarios = {
  'start-logging': [
    {
      name: 'a trail that was stopped',
      async prepare({ account }) {
        newBucket(account, 'logs');
        newTrail(account, 'main', 'logs', { isLogging: false, startedAt: undefined });
        return { subject: subjectOf(TRAIL, 'main') };
      },
    },
  ],
  'recreate-flow-log': [
    flowLog('to S3', () => ({ destinationType: 's3', destination: 'arn:aws:s3:::logs/vpc' })),
    flowLog('to CloudWatch Logs', () => ({
      destinationType: 'cloud-watch-logs',
      logGroup: '/vpc/flow',
      role: `arn:aws:iam::${ACCOUNT}:role/flow-logs`,
    })),
  ],
  'enable-guardduty': [
    { name: 'no detector', prepare: async ({ subject }) => ({ subject }) },
    {
      name: 'a detector that is suspended',
      async prepare({ aws, subject }) {
        await (await aws.use('guardduty')).createDetector({ Enable: false });
        return { subject };
      },
    },
  ],
  'enable-config': [
    {
      name: 'a recorder that is stopped',
      async prepare({ account, aws, subject }) {
        newBucket(account, 'logs');
        const config = await aws.use('config');
        const roleARN = `arn:aws:iam::${ACCOUNT}:role/config`;
        await config.putConfigurationRecorder({ ConfigurationRecorder: { name: 'default', roleARN } });
        const DeliveryChannel = { name: 'default', s3BucketName: 'logs' };
        await config.putDeliveryChannel({ DeliveryChannel });
        return { subject };
      },
    },
  ],
};
