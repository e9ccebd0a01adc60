import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lockdown } from '../src/gate/door/lockdown.ts';
import { simulatedClock } from '../src/range/clock.ts';
import { type Range, startRange } from '../src/range/range.ts';
import { newBucket } from '../src/range/s3/bucket.ts';

const TEMPLATE = `Resources: {Orders: {Type: AWS::SQS::Queue, Properties: {SqsManagedSseEnabled: true}}}`;
const DEPLOY_ROLE = 'arn:aws:iam::123456789012:role/cordon-deploy';
const CONTEXT = {
  invokedFunctionArn: 'arn:aws:lambda:us-east-1:123456789012:function:cordon-door',
  getRemainingTimeInMillis: () => 60_000,
};

let range: Range;
let handler: typeof import('../src/hosts/lambda-door.ts').handler;

beforeAll(async () => {
  range = await startRange({ clock: simulatedClock({ speed: 3_600 }) });
  newBucket(range.account, 'door');
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: range.endpoint,
    AWS_REGION: 'us-east-1',
    CORDON_DOOR_ROLE: DEPLOY_ROLE,
    CORDON_DOOR_UPLOAD_BUCKET: 'door',
  });
  ({ handler } = await import('../src/hosts/lambda-door.ts'));
});
afterAll(async () => {
  for (const name of ['AWS_ENDPOINT_URL', 'AWS_REGION', 'CORDON_DOOR_ROLE', 'CORDON_DOOR_UPLOAD_BUCKET'])
    delete process.env[name];
  await range.close();
});

describe('the function of the door', { timeout: 30_000 }, () => {
  const request = (more: object = {}): object => ({
    stackName: 'shop',
    template: TEMPLATE,
    token: randomUUID(),
    wait: 30,
    ...more,
  });

  it('deploys with the role of its settings', async () => {
    expect(await handler(request(), CONTEXT)).toMatchObject({ outcome: 'deployed' });
    const made = range.calls.find(({ operation }) => operation === 'CreateChangeSet');
    expect(made?.input).toMatchObject({ RoleARN: DEPLOY_ROLE });
  });

  it('answers before its time is over', async () => {
    (range.account.settings as { stackStepDuration: number }).stackStepDuration = 1_000_000;
    const begin = performance.now();
    const context = { ...CONTEXT, getRemainingTimeInMillis: () => 10_000 };
    const template = TEMPLATE.replace('SqsManagedSseEnabled', 'VisibilityTimeout: 60, SqsManagedSseEnabled');
    const first = request({ template });
    expect((await handler(first, context)).outcome).toBe('in-progress');
    expect(performance.now() - begin).toBeLessThan(5_000);
    expect(await handler(first, CONTEXT)).toMatchObject({ outcome: 'deployed' });
  });

  it('answers what is no request', async () => {
    expect(await handler('deploy!', CONTEXT)).toMatchObject({ outcome: 'invalid' });
  });

  it('calls nothing that its policy does not allow, and all that it allows', async () => {
    const large = `${TEMPLATE}\n${`# ${'x'.repeat(1_000)}\n`.repeat(60)}`.replace(
      'true',
      'true, DelaySeconds: 1',
    );
    expect(await handler(request({ template: large }), CONTEXT)).toMatchObject({ outcome: 'deployed' });
    // One that is refused by its change set, for a stack that is taken back.
    const lost = request({ template: TEMPLATE.replace('Orders', 'Others') });
    expect(await handler(lost, CONTEXT)).toMatchObject({ outcome: 'refused' });
    const exporting = `${TEMPLATE.replace('Orders', 'Exporting')}\nOutputs: {Open: {Value: 0.0.0.0/0, Export: {Name: open}}}`;
    await handler(request({ stackName: 'network', template: exporting }), CONTEXT);
    const open =
      'Resources: {Web: {Type: AWS::EC2::SecurityGroup, Properties: {GroupDescription: web, SecurityGroupIngress: [{IpProtocol: tcp, FromPort: 22, ToPort: 22, CidrIp: !ImportValue open}]}}}';
    expect(await handler(request({ stackName: 'new', template: open }), CONTEXT)).toMatchObject({
      outcome: 'refused',
    });

    const called = new Set(range.calls.map(({ service, operation }) => `${service}:${operation}`));
    const made = lockdown({
      account: '123456789012',
      region: 'us-east-1',
      partition: 'aws',
      door: 'cordon-door',
      hook: undefined,
      doorRole: 'cordon-door',
      deployRole: 'cordon-deploy',
      breakGlassRole: 'break-glass',
      exempt: [],
      uploadBucket: 'door',
      templateBuckets: [],
    });
    const policy = (made.ok ? made.value : []).find(({ name }) => name === 'cordon-door');
    const allowed = new Set(policy?.statements.flatMap(({ statement: { Action } }) => Action));
    for (const action of called) expect(allowed, action).toContain(action);
    // AWS asks for these on behalf of the call that creates the change set.
    const implied = ['cloudformation:TagResource', 'iam:PassRole', 's3:GetObject'];
    expect([...allowed].filter((action) => !called.has(action)).sort()).toEqual(implied);
  });
});
