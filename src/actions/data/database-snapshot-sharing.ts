import type { DBClusterSnapshotAttribute, DBSnapshotAttribute } from '@aws-sdk/client-rds';
import type { SharingOf } from './sharing.ts';

export const DATABASE_SNAPSHOT = 'AWS::RDS::DBSnapshot';
export const CLUSTER_SNAPSHOT = 'AWS::RDS::ClusterSnapshot';

const AttributeName = 'restore';

/** Of a database or a cluster. Source: Amazon RDS API Reference, "ModifyDBSnapshotAttribute". */
export const databaseSnapshotSharing: SharingOf = (aws, subject) => {
  const id = identifier(subject.id);
  if (subject.type === CLUSTER_SNAPSHOT) {
    const DBClusterSnapshotIdentifier = id;
    const modify = async (change: { ValuesToAdd: string[] } | { ValuesToRemove: string[] }) => {
      const rds = await aws.use('rds');
      await rds.modifyDBClusterSnapshotAttribute({
        DBClusterSnapshotIdentifier,
        AttributeName,
        ...change,
      });
    };
    return {
      async read() {
        const rds = await aws.use('rds');
        const answer = await rds.describeDBClusterSnapshotAttributes({ DBClusterSnapshotIdentifier });
        return restorers(answer.DBClusterSnapshotAttributesResult?.DBClusterSnapshotAttributes);
      },
      add: (whom) => modify({ ValuesToAdd: [...whom] }),
      remove: (whom) => modify({ ValuesToRemove: [...whom] }),
    };
  }
  const DBSnapshotIdentifier = id;
  const modify = async (change: { ValuesToAdd: string[] } | { ValuesToRemove: string[] }) => {
    const rds = await aws.use('rds');
    await rds.modifyDBSnapshotAttribute({ DBSnapshotIdentifier, AttributeName, ...change });
  };
  return {
    async read() {
      const rds = await aws.use('rds');
      const answer = await rds.describeDBSnapshotAttributes({ DBSnapshotIdentifier });
      return restorers(answer.DBSnapshotAttributesResult?.DBSnapshotAttributes);
    },
    add: (whom) => modify({ ValuesToAdd: [...whom] }),
    remove: (whom) => modify({ ValuesToRemove: [...whom] }),
  };
};

function restorers(
  attributes: readonly (DBSnapshotAttribute | DBClusterSnapshotAttribute)[] | undefined,
): string[] {
  return attributes?.find((one) => one.AttributeName === AttributeName)?.AttributeValues ?? [];
}

/** CloudTrail names a snapshot by its ARN, the API by its identifier, which may have colons. */
function identifier(id: string): string {
  return id.replace(/^arn:[\w-]+:rds:[\w-]*:\d*:(cluster-)?snapshot:/, '');
}
