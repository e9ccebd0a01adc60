import type { AwsClients, SimulatedCredentials } from '../../aws/clients.ts';
import type { Actor } from './changes.ts';

/** Those who change things in the drill, each with clients of its own. */
export interface Actors extends Readonly<Record<Actor, AwsClients>> {
  readonly pipelineArn: string;
  readonly breakGlassArn: string;
}

const ADMINISTRATOR = 'arn:aws:iam::aws:policy/AdministratorAccess';

export async function stageActors(
  owner: AwsClients,
  account: string,
  open: (credentials: SimulatedCredentials) => AwsClients,
): Promise<Actors> {
  const iam = await owner.use('iam');
  await iam.createUser({ UserName: 'mallory' });
  await iam.attachUserPolicy({ UserName: 'mallory', PolicyArn: ADMINISTRATOR });
  const { AccessKey } = await iam.createAccessKey({ UserName: 'mallory' });
  const pipeline = await role(owner, account, 'deploy-pipeline');
  const breakGlass = await role(owner, account, 'break-glass');
  return {
    mallory: open({
      accessKeyId: AccessKey?.AccessKeyId ?? '',
      secretAccessKey: AccessKey?.SecretAccessKey ?? '',
    }),
    pipeline: open(pipeline.credentials),
    breakGlass: open(breakGlass.credentials),
    pipelineArn: pipeline.arn,
    breakGlassArn: breakGlass.arn,
  };
}

/** A role that may do everything, and a session of it. */
async function role(
  owner: AwsClients,
  account: string,
  name: string,
): Promise<{ arn: string; credentials: SimulatedCredentials }> {
  const iam = await owner.use('iam');
  const { Role } = await iam.createRole({
    RoleName: name,
    AssumeRolePolicyDocument: JSON.stringify({
      Version: '2012-10-17',
      Statement: [
        { Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${account}:root` }, Action: 'sts:AssumeRole' },
      ],
    }),
  });
  await iam.attachRolePolicy({ RoleName: name, PolicyArn: ADMINISTRATOR });
  const sts = await owner.use('sts');
  const arn = Role?.Arn ?? '';
  const { Credentials } = await sts.assumeRole({ RoleArn: arn, RoleSessionName: 'drill' });
  return {
    arn,
    credentials: {
      accessKeyId: Credentials?.AccessKeyId ?? '',
      secretAccessKey: Credentials?.SecretAccessKey ?? '',
      sessionToken: Credentials?.SessionToken ?? '',
    },
  };
}
