import { describe, expect, it } from 'vitest';
import { policyOf } from '../src/actions/policy.ts';
import { AUDIT_ACTIONS } from '../src/audit/actions/actions.ts';
import { rollBackChange } from '../src/audit/actions/roll-back-change.ts';
import { INVERSES } from '../src/audit/inverses/inverse-of.ts';
import { type AwsClients, awsClients } from '../src/aws/clients.ts';
import { OWN_READERS } from '../src/aws/resources/own-readers.ts';
import { INSIDE } from './audit-case.ts';
import { auditOnce, eventsOf } from './audit-process.ts';
import { type AuditStage, auditStage } from './audit-stage.ts';
import { openTemporaryStore } from './temporary-store.ts';

const READ = 'ec2:DescribeSecurityGroups';
const ALL = [...new Set(AUDIT_ACTIONS.flatMap(({ permissions }) => permissions))];

/** Somebody who may do this and nothing else. */
async function cordonWith({ owner, range }: AuditStage, actions: readonly string[]): Promise<AwsClients> {
  const iam = await owner.use('iam');
  const UserName = 'cordon-audit';
  await iam.createUser({ UserName });
  const PolicyDocument = JSON.stringify(policyOf([{ sid: 'Only', actions }]));
  const { Policy } = await iam.createPolicy({ PolicyName: UserName, PolicyDocument });
  await iam.attachUserPolicy({ UserName, PolicyArn: Policy?.Arn });
  const { AccessKey } = await iam.createAccessKey({ UserName });
  return awsClients({
    region: owner.region,
    endpoint: range.endpoint,
    simulatedCredentials: {
      accessKeyId: AccessKey?.AccessKeyId ?? '',
      secretAccessKey: AccessKey?.SecretAccessKey ?? '',
    },
  });
}

/** How a case ends when Cordon has these rights. */
async function endWith(
  actions: readonly string[],
): Promise<[state: string | undefined, reason: string | undefined]> {
  await using stage = await auditStage();
  const aws = await cordonWith(stage, actions);
  stage.records();
  await stage.open(stage.actors.mallory, 22);
  const store = openTemporaryStore();
  try {
    await auditOnce(stage, store, eventsOf(stage.records()), aws);
    const [incident] = await store.incidents();
    if (incident?.state === 'closed') expect(await stage.rules()).toEqual([INSIDE]);
    return [incident?.state, incident?.reason];
  } finally {
    aws.close();
    await store.close();
  }
}

describe('the permissions of an audit', () => {
  it('are enough, with those to read the services', async () => {
    expect((await endWith([...ALL, READ]))[0]).toBe('closed');
  });

  it.each(['ec2:RevokeSecurityGroupIngress', 'cloudformation:GetResource', READ])(
    'are needed: without %s a person is asked',
    async (missing) => {
      const [state, reason] = await endWith([...ALL, READ].filter((one) => one !== missing));
      expect(state).toBe('needs-decision');
      expect(reason).toContain(missing);
    },
  );

  it('name what every way back and every reader needs, once', () => {
    const { permissions } = rollBackChange;
    for (const line of INVERSES) expect(permissions).toEqual(expect.arrayContaining([...line.permissions]));
    for (const { permissions: read } of OWN_READERS.values())
      for (const action of AUDIT_ACTIONS)
        expect(action.permissions).toEqual(expect.arrayContaining([...read]));
    for (const action of AUDIT_ACTIONS)
      expect(new Set(action.permissions).size).toBe(action.permissions.length);
  });
});
