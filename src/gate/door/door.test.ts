import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type DoorStage, doorStage, settingsFor } from '../../../test/door.ts';
import { settleStacks } from '../../range/cloudformation/stack.ts';
import { newBucket } from '../../range/s3/bucket.ts';
import { judgeChanges, judgeTemplate } from './change-set.ts';
import { digestOf, readDoorRequest } from './request.ts';

let stage: DoorStage;

beforeEach(async () => {
  stage = await doorStage();
});
afterEach(() => stage.close());

const group = (cidr: string, more = ''): string => `
Resources:
  Web:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: web
      VpcId: vpc-1
      SecurityGroupIngress:
        - {IpProtocol: tcp, FromPort: 22, ToPort: 22, CidrIp: ${cidr}, Description: administration}
${more}`;
const QUEUE = `  Orders:
    Type: AWS::SQS::Queue
    Properties: {SqsManagedSseEnabled: true}
`;
const PARAMETRIZED = `
Parameters:
  Network: {Type: String}
${group('!Ref Network')}`;

const request = (template: string, more: object = {}): object => ({
  stackName: 'shop',
  token: randomUUID(),
  template,
  wait: 30,
  ...more,
});

/** What the door asked AWS to change. */
const writes = (): string[] =>
  stage.range.calls.map(({ operation }) => operation).filter((name) => !/^(Describe|Get|List)/.test(name));

describe('a template that the gate has nothing against', () => {
  it('is deployed by a change set; what happens is told as it happens', async () => {
    const answer = await stage.deploy(request(group('10.0.0.0/8')));
    expect(answer).toMatchObject({
      outcome: 'deployed',
      message: 'Deployed: shop is CREATE_COMPLETE.',
      stackStatus: 'CREATE_COMPLETE',
      findings: [],
      changes: [{ action: 'Add', logicalId: 'Web', type: 'AWS::EC2::SecurityGroup' }],
    });
    expect(writes()).toEqual(['CreateChangeSet', 'ExecuteChangeSet']);
    expect(stage.heard.map(({ logicalId, status }) => `${logicalId} ${status}`)).toEqual([
      'shop CREATE_IN_PROGRESS',
      'Web CREATE_IN_PROGRESS',
      'Web CREATE_COMPLETE',
      'shop CREATE_COMPLETE',
    ]);
    expect([...stage.range.account.securityGroups.values()][0]?.ingress).toEqual([
      {
        IpProtocol: 'tcp',
        FromPort: 22,
        ToPort: 22,
        IpRanges: [{ CidrIp: '10.0.0.0/8', Description: 'administration' }],
      },
    ]);
  });

  it('is deployed with the role of the settings, not one that is asked for', async () => {
    const deployRole = 'arn:aws:iam::123456789012:role/deploy';
    await stage.deploy(request(group('10.0.0.0/8')), {
      settings: settingsFor({ CORDON_DOOR_ROLE: deployRole }),
    });
    const made = stage.range.calls.find(({ operation }) => operation === 'CreateChangeSet');
    expect(made?.input).toMatchObject({ RoleARN: deployRole });
    const asking = await stage.deploy(
      request(group('10.0.0.0/8'), { roleArn: 'arn:aws:iam::123456789012:role/admin' }),
    );
    expect(asking).toMatchObject({ outcome: 'invalid', message: expect.stringContaining('roleArn') });
  });

  it('updates the stack that is there, and keeps the parameters that are not given', async () => {
    await stage.deploy(request(PARAMETRIZED, { parameters: { Network: '10.1.0.0/16' } }));
    const answer = await stage.deploy(request(`${PARAMETRIZED}${QUEUE}`));
    expect(answer).toMatchObject({ outcome: 'deployed', stackStatus: 'UPDATE_COMPLETE' });
    expect([...stage.range.account.securityGroups.values()][0]?.ingress[0]?.IpRanges).toEqual([
      { CidrIp: '10.1.0.0/16', Description: 'administration' },
    ]);
  });

  it('and changes nothing leaves everything as it is', async () => {
    await stage.deploy(request(group('10.0.0.0/8')));
    const answer = await stage.deploy(request(group('10.0.0.0/8')));
    expect(answer).toMatchObject({ outcome: 'unchanged', message: 'Nothing is to be changed.' });
    expect(writes().at(-1)).toBe('DeleteChangeSet');
  });

  it('may come from a bucket that the door reads, and be larger than a request', async () => {
    const bucket = newBucket(stage.range.account, 'templates');
    newBucket(stage.range.account, 'door');
    const s3 = await stage.door.s3();
    const { PutObjectCommand } = await import('@aws-sdk/client-s3');
    const large = `${group('10.0.0.0/8')}${`# ${'x'.repeat(1_000)}\n`.repeat(60)}`;
    await s3.send(new PutObjectCommand({ Bucket: 'templates', Key: 'shop.yaml', Body: large }));
    const settings = settingsFor({
      CORDON_DOOR_TEMPLATE_BUCKETS: 'templates',
      CORDON_DOOR_UPLOAD_BUCKET: 'door',
    });
    const from = { template: undefined, templateLocation: 's3://templates/shop.yaml' };
    expect(await stage.deploy(request('', from))).toMatchObject({ outcome: 'refused' });
    expect(await stage.deploy(request('', from), { settings })).toMatchObject({ outcome: 'deployed' });
    expect(bucket.objects.size).toBe(1);
    const made = stage.range.calls.findLast(({ operation }) => operation === 'CreateChangeSet');
    // What was judged is what is deployed: not the caller's object, which may change.
    expect(made?.input).toMatchObject({
      TemplateURL: expect.stringMatching(
        /^https:\/\/door\.s3\.us-east-1\.amazonaws\.com\/templates\/[0-9a-f]{64}$/,
      ),
    });
  });
});

describe('a template with findings', () => {
  it('is refused with them, and AWS is asked to change nothing', async () => {
    const answer = await stage.deploy(request(group('0.0.0.0/0')));
    expect(answer).toMatchObject({
      outcome: 'refused',
      message: 'Refused, nothing was changed: 1 finding.',
      findings: [
        {
          policy: 'ec2-security-group-no-ssh-from-world',
          severity: 'high',
          resource: 'Web',
          line: 9,
          text: expect.stringContaining('SSH (22) is open to the internet'),
        },
      ],
    });
    expect(writes()).toEqual([]);
  });

  it('is refused for the value that a parameter has', async () => {
    const answer = await stage.deploy(request(PARAMETRIZED, { parameters: { Network: '0.0.0.0/0' } }));
    expect(answer).toMatchObject({ outcome: 'refused', findings: [{ resource: 'Web' }] });
  });

  it('is refused for what only the change set tells; the change set and the empty stack are taken back', async () => {
    const exporting = `${QUEUE}Outputs: {Open: {Value: 0.0.0.0/0, Export: {Name: open}}}\n`;
    await stage.deploy(request(`Resources:\n${exporting}`, { stackName: 'network' }));
    const before = writes().length;
    const answer = await stage.deploy(request(group('!ImportValue open')));
    expect(answer).toMatchObject({
      outcome: 'refused',
      findings: [{ policy: 'ec2-security-group-no-ssh-from-world', line: 9 }],
    });
    expect(writes().slice(before)).toEqual(['CreateChangeSet', 'DeleteChangeSet', 'DeleteStack']);
    await expect(stage.door.cloudformation.describeStacks({ StackName: 'shop' })).rejects.toThrow(
      'does not exist',
    );
  });

  it('that were there before does not stop a change of something else', async () => {
    await stage.door.cloudformation.createStack({ StackName: 'shop', TemplateBody: group('0.0.0.0/0') });
    await stackIs('CREATE_COMPLETE');
    expect(await stage.deploy(request(group('0.0.0.0/0', QUEUE)))).toMatchObject({ outcome: 'deployed' });
  });

  it('cannot accept them itself', async () => {
    const accepting = `Metadata: {Cordon: {suppress: [{id: ec2-security-group-no-ssh-from-world, reason: needed, until: 2999-12-31}]}}${group('0.0.0.0/0')}`;
    expect(await stage.deploy(request(accepting))).toMatchObject({ outcome: 'refused' });
  });

  it('that nests a stack is not let through, as nobody can look into it', () => {
    const text =
      'Resources: {Inner: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: ./inner.yaml}}}';
    const read = judgeTemplate(text, { parameters: new Map() }, undefined, stage.door.judging);
    if ('reasons' in read) throw new Error(read.reasons.join());
    const change = {
      Action: 'Add' as const,
      LogicalResourceId: 'Inner',
      ResourceType: 'AWS::CloudFormation::Stack',
      AfterContext: '{"Properties":{"TemplateURL":"./inner.yaml"}}',
    };
    expect(judgeChanges(read.subject, [change], stage.door.judging)).toMatchObject({
      outcome: 'not-judged',
      gaps: ['Inner: what the nested stack makes is not known'],
    });
  });
});

/** How long CloudFormation takes for a step, in simulated milliseconds; 3,600 pass in one. */
function steps(duration: number): void {
  (stage.range.account.settings as { stackStepDuration: number }).stackStepDuration = duration;
}

async function stackIs(status: string, name = 'shop'): Promise<void> {
  await expect
    .poll(
      async () =>
        (await stage.door.cloudformation.describeStacks({ StackName: name })).Stacks?.[0]?.StackStatus,
    )
    .toBe(status);
}

describe('what would be lost', () => {
  const table = (name: string, more = ''): string =>
    `Resources:\n  Sessions:\n    Type: AWS::SQS::Queue\n${more}    Properties: {QueueName: ${name}, SqsManagedSseEnabled: true}\n`;

  it('stops a change that replaces or removes it, until that is allowed for this resource', async () => {
    await stage.deploy(request(table('one')));
    const answer = await stage.deploy(request(table('two')));
    expect(answer).toMatchObject({
      outcome: 'refused',
      message:
        'Refused, nothing was changed: Sessions (AWS::SQS::Queue) would be replaced by a new one, because QueueName changes: what it holds would be lost. To accept that, name it in allowReplacement: Sessions.',
      losses: [{ logicalId: 'Sessions', how: 'replaced', because: ['QueueName'] }],
    });
    expect([...stage.range.account.queues.keys()]).toEqual(['one']);
    expect(await stage.deploy(request(table('two'), { allowReplacement: ['Other'] }))).toMatchObject({
      outcome: 'refused',
    });
    expect(await stage.deploy(request(group('10.0.0.0/8')))).toMatchObject({
      outcome: 'refused',
      losses: [{ logicalId: 'Sessions', how: 'removed' }],
    });
    expect(await stage.deploy(request(table('two'), { allowReplacement: ['Sessions'] }))).toMatchObject({
      outcome: 'deployed',
    });
    expect([...stage.range.account.queues.keys()]).toEqual(['two']);
  });

  it('is not lost where the stack keeps it', async () => {
    await stage.deploy(
      request(table('one', '    DeletionPolicy: Retain\n    UpdateReplacePolicy: Retain\n')),
    );
    expect(await stage.deploy(request(group('10.0.0.0/8')))).toMatchObject({
      outcome: 'deployed',
      losses: [],
    });
    expect([...stage.range.account.queues.keys()]).toEqual(['one']);
  });
});

describe('a request with the same token', () => {
  it('joins the first, whether it goes on or is done', async () => {
    const same = request(group('10.0.0.0/8'));
    const [one, two] = await Promise.all([stage.deploy(same), stage.deploy(same)]);
    expect([one?.outcome, two?.outcome]).toEqual(['deployed', 'deployed']);
    const third = await stage.deploy(same);
    expect(third).toMatchObject({ outcome: 'deployed', stackStatus: 'CREATE_COMPLETE' });
    const starts = third.events.filter(({ status }) => status === 'CREATE_IN_PROGRESS' && status);
    expect(starts).toHaveLength(2);
    expect(stage.range.account.securityGroups.size).toBe(1);
  });

  it('goes on where one without time has stopped', async () => {
    steps(100_000);
    const same = { ...request(group('10.0.0.0/8')), wait: 0 };
    const outcomes: string[] = [];
    for (let tries = 0; tries < 2_000 && outcomes.at(-1) !== 'deployed'; tries++)
      outcomes.push((await stage.deploy(same)).outcome);
    expect(new Set(outcomes)).toEqual(new Set(['in-progress', 'deployed']));
    expect(writes()).toEqual(['CreateChangeSet', 'ExecuteChangeSet']);
  });

  it('tells what became of the first also after others', async () => {
    const first = request(group('10.0.0.0/8'));
    await stage.deploy(first);
    await stage.deploy(request(group('10.0.0.0/8', QUEUE)));
    expect(await stage.deploy(first)).toMatchObject({ outcome: 'deployed', stackStatus: 'CREATE_COMPLETE' });
    expect(stage.range.account.queues.size).toBe(1);
  });

  it('and another template is refused', async () => {
    const first = request(group('10.0.0.0/8'));
    await stage.deploy(first);
    expect(await stage.deploy({ ...first, template: group('10.9.0.0/16') })).toMatchObject({
      outcome: 'invalid',
      message: 'The token was used for another request.',
    });
  });

  it('leaves nothing in the account from which its parameters could be guessed', () => {
    const read = (token: string) => {
      const one = readDoorRequest({ stackName: 'shop', template: 'x', token, parameters: { Pin: '1234' } });
      if ('reasons' in one) throw new Error(one.reasons.join());
      return digestOf(one, 'x');
    };
    expect(read('a')).not.toBe(read('b'));
    expect(read('a')).toBe(read('a'));
  });

  it.each(['CreateChangeSet', 'ExecuteChangeSet', 'DescribeChangeSet'])(
    'goes on when the answer to %s was lost',
    async (operation) => {
      stage.range.faults.add({ operation, fault: { kind: 'drop-after' }, times: 1 });
      expect(await stage.deploy(request(group('10.0.0.0/8')))).toMatchObject({ outcome: 'deployed' });
      expect(stage.range.account.securityGroups.size).toBe(1);
    },
  );
});

describe('a deployment that fails', () => {
  const failing = (more = ''): string => `${group('10.0.0.0/8', more)}  Taken:
    Type: AWS::SQS::Queue
    DependsOn: Web
    Properties: {QueueName: taken, SqsManagedSseEnabled: true}
`;
  const take = (): void => {
    stage.range.account.queues.set('taken', { name: 'taken' } as never);
  };

  it('is rolled back, and the reason of the first failed event is told', async () => {
    take();
    const answer = await stage.deploy(request(failing()));
    expect(answer).toMatchObject({
      outcome: 'rolled-back',
      message:
        'Rolled back: shop is ROLLBACK_COMPLETE. Taken (AWS::SQS::Queue) failed: Resource handler returned message: "taken already exists" (HandlerErrorCode: AlreadyExists)',
      failure: { logicalId: 'Taken', status: 'CREATE_FAILED' },
    });
    expect(stage.range.account.securityGroups.size).toBe(0);
  });

  it('makes place for the next when nothing is left of it', async () => {
    take();
    await stage.deploy(request(failing()));
    stage.range.account.queues.delete('taken');
    expect(await stage.deploy(request(failing()))).toMatchObject({ outcome: 'deployed' });
  });

  it('leaves an update as it was before', async () => {
    await stage.deploy(request(group('10.0.0.0/8')));
    take();
    expect(await stage.deploy(request(failing()))).toMatchObject({
      outcome: 'rolled-back',
      stackStatus: 'UPDATE_ROLLBACK_COMPLETE',
    });
    expect(await stage.deploy(request(group('10.0.0.0/8', QUEUE)))).toMatchObject({ outcome: 'deployed' });
  });

  it('is not begun while something else is under way', async () => {
    const slow = group('10.0.0.0/8');
    steps(100_000_000);
    await stage.door.cloudformation.createStack({ StackName: 'shop', TemplateBody: slow });
    settleStacks(stage.range.account);
    expect(await stage.deploy(request(slow))).toMatchObject({
      outcome: 'busy',
      message: 'The stack shop is CREATE_IN_PROGRESS: something else is under way.',
    });
  });

  it('is told when AWS does not allow it', async () => {
    stage.range.faults.add({ operation: 'CreateChangeSet', fault: { kind: 'unauthorized' } });
    expect(await stage.deploy(request(group('10.0.0.0/8')))).toMatchObject({
      outcome: 'failed',
      message: expect.stringContaining('AccessDenied'),
    });
  });
});

describe('a request', () => {
  it.each([
    ['nothing', undefined],
    ['a list', []],
    ['without a token', { stackName: 'shop', template: 'x' }],
    ['with a token that is none', { stackName: 'shop', template: 'x', token: '../../x' }],
    ['with a name that is none', { stackName: 'shop; rm -rf', template: 'x', token: 't' }],
    ['with two templates', { stackName: 'shop', template: 'x', templateLocation: 's3://abc/k', token: 't' }],
    [
      'with a place that is none',
      { stackName: 'shop', templateLocation: 'https://evil.example/t', token: 't' },
    ],
    ['with a tag of AWS', { stackName: 'shop', template: 'x', token: 't', tags: { 'aws:x': 'y' } }],
    ['with more than a stack takes', { stackName: 'shop', template: 'x'.repeat(1_048_577), token: 't' }],
  ])('%s is invalid', async (_, value) => {
    const { outcome, message } = await stage.deploy(value as object);
    expect(outcome).toBe('invalid');
    expect(message).toMatch(/^The request cannot be read: /);
    expect(stage.range.calls).toEqual([]);
  });

  it.each([
    ['{', /^The template cannot be read: line 1/],
    ['Resources: {A: {Type: AWS::Nothing::Known}}', /Unrecognized resource types/],
    [PARAMETRIZED, /Parameters: \[Network\] must have values/],
  ])('with the template %# is answered by what is wrong with it', async (template, message) => {
    const answer = await stage.deploy(request(template));
    expect(answer).toMatchObject({ outcome: 'invalid', message: expect.stringMatching(message) });
    await expect(stage.door.cloudformation.describeStacks({ StackName: 'shop' })).rejects.toThrow(
      'does not exist',
    );
  });

  it.each([
    [{ CORDON_DOOR_STACKS: 'app-*' }, {}, 'the stack shop is not deployed through this door'],
    [{ CORDON_DOOR_PROTECTED_STACKS: 'sh*' }, {}, 'the stack shop is not deployed through this door'],
    [{}, { capabilities: ['CAPABILITY_NAMED_IAM'] }, 'CAPABILITY_NAMED_IAM is not given through this door'],
  ])('for what the settings %j do not allow is refused', async (environment, more, reason) => {
    const settings = settingsFor(environment as Record<string, string>);
    const answer = await stage.deploy(request(group('10.0.0.0/8'), more), { settings });
    expect(answer).toMatchObject({ outcome: 'refused', gaps: [reason] });
    expect(stage.range.calls).toEqual([]);
  });

  it('with roles is deployed where that is allowed', async () => {
    const settings = settingsFor({ CORDON_DOOR_CAPABILITIES: 'CAPABILITY_IAM' });
    const role =
      'Resources: {Role: {Type: AWS::IAM::Role, Properties: {AssumeRolePolicyDocument: {Version: "2012-10-17", Statement: [{Effect: Allow, Action: sts:AssumeRole, Principal: {Service: lambda.amazonaws.com}}]}}}}';
    const without = await stage.deploy(request(role), { settings });
    expect(without).toMatchObject({
      outcome: 'invalid',
      message: expect.stringContaining('Requires capabilities'),
    });
    expect(
      await stage.deploy(request(role, { capabilities: ['CAPABILITY_IAM'] }), { settings }),
    ).toMatchObject({ outcome: 'deployed' });
  });
});
