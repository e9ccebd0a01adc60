import { REVOCATION } from '../../src/actions/identity/revoke-role-sessions.ts';
import { ACCESS_KEY, ROLE, USER } from '../../src/model/subject.ts';
import { ACCOUNT, type Acting, subjectOf } from '../acting.ts';
import type { ActionScenario, ActionScenarios, Prepared } from './scenario.ts';

const POLICY = 'arn:aws:iam::aws:policy/AmazonS3FullAccess';
const ALLOW = document({ Effect: 'Allow', Action: 's3:*', Resource: '*' });
const TRUST = document({
  Effect: 'Allow',
  Principal: { Service: 'ec2.amazonaws.com' },
  Action: 'sts:AssumeRole',
});

function document(statement: object): string {
  return JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
}

async function user(world: Acting): Promise<Prepared> {
  const iam = await world.aws.use('iam');
  await iam.createUser({ UserName: 'ada', Path: '/eng/' });
  await iam.attachUserPolicy({ UserName: 'ada', PolicyArn: POLICY });
  await iam.putUserPolicy({ UserName: 'ada', PolicyName: 'own', PolicyDocument: ALLOW });
  await iam.createGroup({ GroupName: 'ops' });
  await iam.addUserToGroup({ UserName: 'ada', GroupName: 'ops' });
  await iam.createLoginProfile({ UserName: 'ada', Password: 'correct horse battery' });
  await iam.createAccessKey({ UserName: 'ada' });
  return { subject: subjectOf(USER, `arn:aws:iam::${ACCOUNT}:user/eng/ada`) };
}

async function role(world: Acting): Promise<Prepared> {
  const iam = await world.aws.use('iam');
  await iam.createRole({ RoleName: 'web', AssumeRolePolicyDocument: TRUST });
  await iam.attachRolePolicy({ RoleName: 'web', PolicyArn: POLICY });
  await iam.putRolePolicy({ RoleName: 'web', PolicyName: 'own', PolicyDocument: ALLOW });
  return { subject: subjectOf(ROLE, `arn:aws:iam::${ACCOUNT}:role/web`) };
}

const ofUser: ActionScenario = { name: 'a user', prepare: user };
const ofRole: ActionScenario = { name: 'a role', prepare: role };
const ofKey: ActionScenario = {
  name: 'an access key',
  async prepare(world) {
    await user(world);
    const { AccessKeyMetadata } = await (await world.aws.use('iam')).listAccessKeys({ UserName: 'ada' });
    return { subject: subjectOf(ACCESS_KEY, AccessKeyMetadata?.[0]?.AccessKeyId ?? '') };
  },
};
const ofSession: ActionScenario = {
  name: 'a session of a role',
  async prepare(world) {
    await role(world);
    return { subject: subjectOf(ROLE, `arn:aws:sts::${ACCOUNT}:assumed-role/web/i-0123456789abcdef0`) };
  },
};
const ofRevokedRole: ActionScenario = {
  name: 'a role whose sessions were revoked before',
  async prepare(world) {
    const prepared = await role(world);
    const iam = await world.aws.use('iam');
    await iam.putRolePolicy({ RoleName: 'web', PolicyName: REVOCATION, PolicyDocument: ALLOW });
    return prepared;
  },
};
const detaching = (one: ActionScenario): ActionScenario => ({
  ...one,
  prepare: async (world) => ({ ...(await one.prepare(world)), with: { policyArn: POLICY } }),
});

export const IDENTITY_SCENARIOS: ActionScenarios = {
  'record-identity': [ofUser, ofRole, ofKey],
  'deactivate-access-key': [ofUser, ofKey],
  'revoke-role-sessions': [ofSession, ofRevokedRole],
  'quarantine-principal': [ofUser, ofRole, ofKey],
  'detach-policy': [ofUser, ofRole, ofKey].map(detaching),
  'remove-from-group': [ofUser, ofKey],
  'delete-login-profile': [ofUser, ofKey].map((one) => ({ ...one, first: [] })),
};
