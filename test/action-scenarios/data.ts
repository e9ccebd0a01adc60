import { BUCKET } from '../../src/actions/data/bucket.ts';
import { KEY } from '../../src/actions/data/cancel-key-deletion.ts';
import { DATABASE } from '../../src/actions/data/database.ts';
import { CLUSTER_SNAPSHOT, DATABASE_SNAPSHOT } from '../../src/actions/data/database-snapshot-sharing.ts';
import { IMAGE } from '../../src/actions/data/image-sharing.ts';
import { SECRET } from '../../src/actions/data/rotate-secret.ts';
import { SNAPSHOT } from '../../src/actions/data/snapshot-sharing.ts';
import { newBucket } from '../../src/range/s3/bucket.ts';
import { ACCOUNT, type Acting, subjectOf } from '../acting.ts';
import type { ActionScenario, ActionScenarios, Prepared } from './scenario.ts';

const STRANGER = '210987654321';

function policyFor(principal: unknown): string {
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', Principal: principal, Action: 's3:GetObject', Resource: 'arn:aws:s3:::shop/*' },
    ],
  });
}
const PRIVATE = policyFor({ AWS: `arn:aws:iam::${ACCOUNT}:root` });

function bucket(world: Acting, policy: string | undefined): Prepared {
  const made = newBucket(world.account, 'shop');
  made.publicAccessBlock = undefined;
  made.policy = policy;
  return { subject: subjectOf(BUCKET, 'shop') };
}
const publicBucket: ActionScenario = {
  name: 'a public bucket',
  prepare: async (world) => bucket(world, policyFor('*')),
};

const inAccount: ActionScenario = {
  name: 'an account without a block',
  prepare: async ({ subject }) => ({ subject }),
};

const sharedSnapshot: ActionScenario = {
  name: 'a snapshot that is shared',
  async prepare({ aws, honeypot }) {
    const { SnapshotId = '' } = await aws.ec2.createSnapshot({ VolumeId: honeypot.volumeIds[0] });
    const CreateVolumePermission = { Add: [{ UserId: STRANGER }, { Group: 'all' as const }] };
    await aws.ec2.modifySnapshotAttribute({ SnapshotId, CreateVolumePermission });
    return { subject: subjectOf(SNAPSHOT, SnapshotId) };
  },
};

const sharedImage: ActionScenario = {
  name: 'an image that is shared',
  async prepare({ aws, honeypot, clock }) {
    const { ImageId = '' } = await aws.ec2.createImage({ InstanceId: honeypot.instanceId, Name: 'golden' });
    clock.advance(600_000);
    const LaunchPermission = { Add: [{ UserId: STRANGER }, { Group: 'all' as const }] };
    await aws.ec2.modifyImageAttribute({ ImageId, LaunchPermission });
    return { subject: subjectOf(IMAGE, ImageId) };
  },
};

async function database(world: Acting): Promise<Prepared> {
  const rds = await world.aws.use('rds');
  await rds.createDBInstance({
    DBInstanceIdentifier: 'orders',
    DBInstanceClass: 'db.t4g.small',
    Engine: 'postgres',
    PubliclyAccessible: true,
  });
  world.clock.advance(600_000);
  return { subject: subjectOf(DATABASE, 'orders') };
}
const publicDatabase: ActionScenario = { name: 'a public database', prepare: database };

const RESTORE = { AttributeName: 'restore', ValuesToAdd: [STRANGER, 'all'] };
const databaseSnapshots: readonly ActionScenario[] = [
  {
    name: 'a snapshot of a database',
    async prepare(world) {
      await database(world);
      const rds = await world.aws.use('rds');
      const DBSnapshotIdentifier = 'before';
      await rds.createDBSnapshot({ DBInstanceIdentifier: 'orders', DBSnapshotIdentifier });
      world.clock.advance(600_000);
      await rds.modifyDBSnapshotAttribute({ DBSnapshotIdentifier, ...RESTORE });
      return { subject: subjectOf(DATABASE_SNAPSHOT, DBSnapshotIdentifier) };
    },
  },
  {
    name: 'a snapshot of a cluster',
    async prepare(world) {
      const rds = await world.aws.use('rds');
      const DBClusterSnapshotIdentifier = 'before';
      await rds.createDBCluster({ DBClusterIdentifier: 'carts', Engine: 'aurora-postgresql' });
      world.clock.advance(600_000);
      await rds.createDBClusterSnapshot({ DBClusterIdentifier: 'carts', DBClusterSnapshotIdentifier });
      world.clock.advance(600_000);
      await rds.modifyDBClusterSnapshotAttribute({ DBClusterSnapshotIdentifier, ...RESTORE });
      return { subject: subjectOf(CLUSTER_SNAPSHOT, DBClusterSnapshotIdentifier) };
    },
  },
];

export const DATA_SCENARIOS: ActionScenarios = {
  'record-bucket': [publicBucket],
  'block-public-bucket': [publicBucket],
  'restore-bucket-policy': [
    {
      name: 'a public policy gives way to another',
      prepare: async (world) => ({ ...bucket(world, policyFor('*')), with: { policy: PRIVATE } }),
    },
    {
      name: 'a public policy is taken away',
      prepare: async (world) => ({ ...bucket(world, policyFor('*')), with: { delete: true } }),
    },
    {
      name: 'a policy is put where none was',
      prepare: async (world) => ({ ...bucket(world, undefined), with: { policy: PRIVATE } }),
    },
  ],
  'record-public-access': [inAccount],
  'block-public-account': [inAccount],
  'record-snapshot-sharing': [sharedSnapshot],
  'unshare-snapshot': [sharedSnapshot],
  'record-image-sharing': [sharedImage],
  'unshare-image': [sharedImage],
  'record-database-snapshot-sharing': databaseSnapshots,
  'unshare-database-snapshot': databaseSnapshots,
  'record-database': [publicDatabase],
  'make-database-private': [publicDatabase],
  'cancel-key-deletion': [
    {
      name: 'a key that waits for its deletion',
      async prepare({ aws }) {
        const kms = await aws.use('kms');
        const { KeyId = '' } = (await kms.createKey({})).KeyMetadata ?? {};
        await kms.scheduleKeyDeletion({ KeyId });
        return { subject: subjectOf(KEY, KeyId) };
      },
    },
  ],
  'rotate-secret': [
    {
      name: 'a secret with a rotation function',
      first: [],
      async prepare({ aws }) {
        const secrets = await aws.use('secretsmanager');
        await secrets.createSecret({ Name: 'prod/database', SecretString: 'leaked' });
        await secrets.rotateSecret({
          SecretId: 'prod/database',
          RotationLambdaARN: `arn:aws:lambda:us-east-1:${ACCOUNT}:function:rotate`,
          RotateImmediately: false,
        });
        return { subject: subjectOf(SECRET, 'prod/database') };
      },
    },
  ],
};
