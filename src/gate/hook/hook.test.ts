import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { folderWith, guardPolicy } from '../../../test/gate.ts';
import { judgeBy } from '../check.ts';
import { judgingBy } from '../enforce/setup.ts';
import { POLICIES_FOLDER } from '../policies.ts';
import { answerHook, type Hook } from './answer.ts';
import { fetchPayload } from './payload.ts';
import { hookSettings } from './settings.ts';

const TOKEN = 'f8da6d11-b23f-48f4-814c-0fb6a667f50e';
const STACK =
  'arn:aws:cloudformation:us-west-2:123456789012:stack/MyStack/1a2345b6-0000-00a0-a123-00abc0abc000';
const CHANGE_SET =
  'arn:aws:cloudformation:us-west-2:123456789012:changeSet/SampleChangeSet/1a2345b6-0000-00a0-a123-00abc0abc000';
const MODEL = { LambdaFunction: 'arn:aws:lambda:us-west-2:123456789012:function:MyFunction' };
const CONTEXT = { invocation: 1, callbackContext: null };
const BLOCKED = {
  BlockPublicAcls: true,
  BlockPublicPolicy: true,
  IgnorePublicAcls: true,
  RestrictPublicBuckets: true,
};

/** What the URLs of the server answer. */
const answers = new Map<string, { status?: number; body?: string; location?: string; delay?: number }>();
let server: Server;
let origin: string;

beforeAll(async () => {
  server = createServer((request, response) => {
    const answer = answers.get(request.url ?? '') ?? { status: 404 };
    const headers = answer.location === undefined ? {} : { location: answer.location };
    setTimeout(() => response.writeHead(answer.status ?? 200, headers).end(answer.body), answer.delay ?? 0);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const boxed = judgingBy({ policies: [], defaultPolicies: true, suppressions: [] }, settings({}).rules);

function settings(environment: Record<string, string>) {
  const read = hookSettings(environment);
  if (!read.ok) throw new Error(read.problems.map(({ file, message }) => `${file} ${message}`).join('; '));
  return read.value;
}

function hook(environment: Record<string, string> = {}, changes: Partial<Hook['judging']> = {}): Hook {
  const given = settings(environment);
  return {
    settings: given,
    judging: { ...boxed, ...changes, rules: given.rules },
    fetch: { origins: [origin], timeout: 2_000 },
  };
}

function resourceEvent(type: string, resourceProperties: unknown, changes: object = {}): object {
  return {
    clientRequestToken: TOKEN,
    awsAccountId: '123456789012',
    stackId: STACK,
    hookTypeName: 'my::lambda::resourcehookfunction',
    hookTypeVersion: '00000008',
    hookModel: MODEL,
    actionInvocationPoint: 'CREATE_PRE_PROVISION',
    requestData: {
      targetName: type,
      targetType: type,
      targetLogicalId: 'Uploads',
      targetModel: { resourceProperties },
    },
    requestContext: CONTEXT,
    ...changes,
  };
}

function payloadEvent(targetType: 'STACK' | 'CHANGE_SET', payload: unknown, changes: object = {}): object {
  const path = `/payload-${answers.size}`;
  answers.set(path, { body: typeof payload === 'string' ? payload : JSON.stringify(payload) });
  return {
    // As the shape of the input has it; the examples write clientRequestToken.
    clientRequesttoken: TOKEN,
    awsAccountId: '123456789012',
    stackID: STACK,
    changeSetId: targetType === 'STACK' ? null : CHANGE_SET,
    hookTypeName: 'my::lambda::hook',
    hookTypeVersion: '00000008',
    hookModel: MODEL,
    actionInvocationPoint: 'UPDATE_PRE_PROVISION',
    requestData: {
      targetName: targetType,
      targetType,
      targetLogicalId: targetType === 'STACK' ? 'my-cloudformation-stack' : CHANGE_SET,
      payload: `${origin}${path}`,
    },
    requestContext: CONTEXT,
    ...changes,
  };
}

describe('a resource of CloudFormation', () => {
  it('is refused with the words of the policy, its severity and how it is put right', async () => {
    const answer = await answerHook(resourceEvent('AWS::S3::Bucket', { BucketName: 'uploads' }), hook());
    expect(answer).toMatchObject({
      hookStatus: 'FAILED',
      errorCode: 'NonCompliant',
      clientRequestToken: TOKEN,
      message: expect.stringMatching(
        /^Cordon: Refused: 1 finding\nhigh: Uploads: BlockPublicAcls is not on: .* \(s3-bucket-blocks-public-access\)\nremark, medium: /,
      ),
    });
    expect(answer.annotations?.[0]).toEqual({
      annotationName: 's3-bucket-blocks-public-access',
      status: 'FAILED',
      statusMessage: expect.stringContaining('BlockPublicAcls'),
      remediationMessage: expect.stringContaining('RestrictPublicBuckets'),
      severityLevel: 'HIGH',
    });
  });

  it('passes where nothing severe is wrong, and lesser findings are told', async () => {
    const event = resourceEvent('AWS::S3::Bucket', { PublicAccessBlockConfiguration: BLOCKED });
    const answer = await answerHook(event, hook());
    expect(answer).toMatchObject({
      hookStatus: 'SUCCESS',
      message: expect.stringContaining('remark, medium'),
    });
    expect(answer).not.toHaveProperty('errorCode');
  });

  it('may have truth values as text', async () => {
    const asText = Object.fromEntries(Object.keys(BLOCKED).map((key) => [key, 'true']));
    const event = resourceEvent('AWS::S3::Bucket', { PublicAccessBlockConfiguration: asText });
    expect(await answerHook(event, hook())).toMatchObject({ hookStatus: 'SUCCESS' });
  });

  it('of the documented example is judged', async () => {
    const properties = {
      AttributeDefinitions: [{ AttributeType: 'S', AttributeName: 'Album' }],
      ProvisionedThroughput: { WriteCapacityUnits: 5, ReadCapacityUnits: 10 },
      KeySchema: [{ KeyType: 'HASH', AttributeName: 'Album' }],
    };
    const event = resourceEvent('AWS::DynamoDB::Table', properties, {
      actionInvocationPoint: 'UPDATE_PRE_PROVISION',
    });
    const { message } = await answerHook(event, hook({ CORDON_FAIL_ON: 'medium' }));
    expect(message).toContain('dynamodb-');
  });

  it('is not judged when it is deleted', async () => {
    const event = resourceEvent('AWS::S3::Bucket', null, { actionInvocationPoint: 'DELETE_PRE_PROVISION' });
    expect(await answerHook(event, hook())).toMatchObject({
      hookStatus: 'SUCCESS',
      message: 'Cordon: nothing is deployed that could be judged',
    });
  });
});

describe('a resource of Cloud Control', () => {
  const event = (resourceProperties: unknown): object => ({
    ...resourceEvent('AWS::S3::Bucket', resourceProperties),
    stackId: '',
    requestData: {
      targetName: 'AWS::S3::Bucket',
      targetType: 'RESOURCE',
      targetLogicalId: 'c2Nvcmc=',
      targetModel: { resourceProperties },
    },
  });

  it('is judged by its type, in 1,024 characters', async () => {
    const rules = Array.from(
      { length: 40 },
      (_, index) =>
        `rule number_${index} {\n Resources.*[ Type == 'AWS::S3::Bucket' ].Properties.Nothing${index} exists << Property ${index} of this bucket is not there >>\n}`,
    );
    const judge = judgeBy([guardPolicy(`# severity: high\n${rules.join('\n')}`)]);
    const answer = await answerHook(event({}), hook({}, { judge }));
    expect(answer.hookStatus).toBe('FAILED');
    expect(answer.message.length).toBeLessThanOrEqual(1024);
    const shown = answer.message.split('\n').length - 2;
    expect(answer.message).toMatch(new RegExp(`\nand ${40 - shown} more$`));
  });
});

describe('a stack', () => {
  const template = (acl: string): string =>
    `Resources:\n  Web:\n    Type: AWS::S3::Bucket\n    Properties:\n      AccessControl: ${acl}\n      PublicAccessBlockConfiguration: ${JSON.stringify(BLOCKED)}\n`;

  it('is judged by the template behind the URL, with the line', async () => {
    const event = payloadEvent('STACK', { template: template('PublicRead'), previousTemplate: '' });
    expect(await answerHook(event, hook())).toMatchObject({
      hookStatus: 'FAILED',
      errorCode: 'NonCompliant',
      clientRequestToken: TOKEN,
      message: expect.stringMatching(/critical: Web line 5: .*\(s3-bucket-acl-not-public\)/),
    });
  });

  it('of the documented example is judged', async () => {
    const payload = {
      template:
        '{"Resources":{"S3Bucket":{"Type":"AWS::S3::Bucket","Properties":{"ObjectLockEnabled":true}},"SQSQueue":{"Type":"AWS::SQS::Queue","Properties":{"QueueName":"NewQueue"}}}}',
      previousTemplate:
        '{"Resources":{"S3Bucket":{"Type":"AWS::S3::Bucket","Properties":{"ObjectLockEnabled":false}}}}',
    };
    const answer = await answerHook(payloadEvent('STACK', payload), hook());
    expect(answer.message).toMatch(/high: S3Bucket line 1: .*s3-bucket-blocks-public-access/);
  });

  it('is not stopped by what the update does not touch, unless all of it is to be judged', async () => {
    const before = template('PublicRead');
    const payload = { template: `${before}  Queue: {Type: AWS::SQS::Queue}\n`, previousTemplate: before };
    expect(await answerHook(payloadEvent('STACK', payload), hook())).toMatchObject({ hookStatus: 'SUCCESS' });
    expect(
      await answerHook(payloadEvent('STACK', payload), hook({ CORDON_SCOPE: 'template' })),
    ).toMatchObject({ hookStatus: 'FAILED' });
  });

  it('cannot accept its own findings, unless that is allowed', async () => {
    const accepting = `Metadata: {Cordon: {suppress: [{id: s3-bucket-acl-not-public, reason: a web site, until: 2999-12-31}]}}\n${template('PublicRead')}`;
    const event = () => payloadEvent('STACK', { template: accepting });
    expect((await answerHook(event(), hook())).hookStatus).toBe('FAILED');
    const allowing = hook({ CORDON_TEMPLATE_SUPPRESSIONS: 'allow' });
    expect((await answerHook(event(), allowing)).hookStatus).toBe('SUCCESS');
  });

  it('with a macro is let through or stopped, as it is set', async () => {
    const text = `Transform: Company::Macro\n${template('Private')}`;
    const event = () => payloadEvent('STACK', { template: text });
    expect(await answerHook(event(), hook())).toMatchObject({
      hookStatus: 'SUCCESS',
      message: expect.stringContaining('not judged: Transform: what the transform Company::Macro makes'),
    });
    expect(await answerHook(event(), hook({ CORDON_ON_NOT_JUDGED: 'refuse' }))).toMatchObject({
      hookStatus: 'FAILED',
      errorCode: 'InternalFailure',
    });
  });
});

describe('a change set', () => {
  const text = [
    'Parameters: {Open: {Type: String}, Network: {Type: String}}',
    'Resources:',
    '  Old: {Type: AWS::S3::Bucket}',
    '  Group:',
    '    Type: AWS::EC2::SecurityGroup',
    '    Properties:',
    '      GroupDescription: web',
    '      SecurityGroupIngress:',
    '        - IpProtocol: tcp',
    '          FromPort: !Ref Open',
    '          ToPort: 22',
    '          CidrIp: !Ref Network',
  ].join('\n');
  const change = (properties: object): object => ({
    logicalResourceId: 'Group',
    resourceType: 'AWS::EC2::SecurityGroup',
    action: 'CREATE',
    lineNumber: 4,
    beforeContext: null,
    afterContext: JSON.stringify({ Properties: properties }),
  });
  const ingress = (CidrIp: string): object => ({
    GroupDescription: 'web',
    SecurityGroupIngress: [{ IpProtocol: 'tcp', FromPort: '22', ToPort: '22', CidrIp }],
  });

  it('is judged with the values of its parameters, at their place in the template', async () => {
    const payload = { template: text, changedResources: [change(ingress('0.0.0.0/0'))] };
    const answer = await answerHook(payloadEvent('CHANGE_SET', payload), hook());
    expect(answer.hookStatus).toBe('FAILED');
    expect(answer.message).toMatch(
      /Group line \d+: SSH \(22\) is open .*ec2-security-group-no-ssh-from-world\)/,
    );
    expect(answer.message).not.toContain('undecided');
  });

  it('passes with other values; what stays as it was is no reason to stop it', async () => {
    const payload = { template: text, changedResources: [change(ingress('10.0.0.0/8'))] };
    const answer = await answerHook(payloadEvent('CHANGE_SET', payload), hook());
    expect(answer.hookStatus).toBe('SUCCESS');
    expect(answer.message).not.toContain('Old');
  });

  it('leaves open what is known only later', async () => {
    const payload = {
      template: text,
      changedResources: [change(ingress('{{changeSet:KNOWN_AFTER_APPLY}}'))],
    };
    const event = () => payloadEvent('CHANGE_SET', payload);
    expect(await answerHook(event(), hook())).toMatchObject({
      hookStatus: 'SUCCESS',
      message: expect.stringMatching(/remark, high, undecided: Group .*ec2-security-group-no-ssh-from-world/),
    });
    const strict = hook({ CORDON_ON_UNDECIDED: 'refuse' });
    expect(await answerHook(event(), strict)).toMatchObject({ hookStatus: 'FAILED' });
  });

  it('of the documented example is judged; what it removes is not', async () => {
    const payload = {
      template:
        'Resources:\n  DynamoDBTable:\n    Type: AWS::DynamoDB::Table\n    Properties:\n      AttributeDefinitions:\n        - AttributeName: "PK"\n          AttributeType: "S"\n      BillingMode: "PAY_PER_REQUEST"\n      KeySchema:\n        - AttributeName: "PK"\n          KeyType: "HASH"\n      PointInTimeRecoverySpecification:\n        PointInTimeRecoveryEnabled: false\n  NewSQSQueue:\n    Type: AWS::SQS::Queue\n    Properties:\n      QueueName: "NewCoolQueue"',
      changedResources: [
        {
          logicalResourceId: 'SQSQueue',
          resourceType: 'AWS::SQS::Queue',
          action: 'DELETE',
          lineNumber: null,
          beforeContext: '{"Properties":{"QueueName":"CoolQueue"}}',
          afterContext: null,
        },
        {
          logicalResourceId: 'NewSQSQueue',
          resourceType: 'AWS::SQS::Queue',
          action: 'CREATE',
          lineNumber: 14,
          beforeContext: null,
          afterContext: '{"Properties":{"QueueName":"NewCoolQueue"}}',
        },
        {
          logicalResourceId: 'DynamoDBTable',
          resourceType: 'AWS::DynamoDB::Table',
          action: 'UPDATE',
          lineNumber: 2,
          beforeContext: '{"Properties":{"BillingMode":"PAY_PER_REQUEST"}}',
          afterContext:
            '{"Properties":{"BillingMode":"PAY_PER_REQUEST","PointInTimeRecoverySpecification":{"PointInTimeRecoveryEnabled":"false"},"AttributeDefinitions":[{"AttributeType":"S","AttributeName":"PK"}],"KeySchema":[{"KeyType":"HASH","AttributeName":"PK"}]}}',
        },
      ],
    };
    const answer = await answerHook(
      payloadEvent('CHANGE_SET', payload, { actionInvocationPoint: 'CREATE_PRE_PROVISION' }),
      hook({ CORDON_FAIL_ON: 'medium' }),
    );
    expect(answer.hookStatus).toBe('FAILED');
    expect(answer.message).toMatch(/DynamoDBTable line 13: .*dynamodb-point-in-time/);
    expect(answer.message).not.toMatch(/: SQSQueue/);
  });
});

describe('what cannot be judged', () => {
  const broken = { judge: judgeBy([guardPolicy('rule r { Resources.*.Properties.Count !empty }')]) };
  const event = (): object => resourceEvent('AWS::S3::Bucket', { Count: 7 });

  it('stops the change with InternalFailure, or is told, as it is set', async () => {
    expect(await answerHook(event(), hook({}, broken))).toMatchObject({
      hookStatus: 'FAILED',
      errorCode: 'InternalFailure',
      message: expect.stringMatching(
        /^Cordon: Refused: not everything could be judged\nnot judged: own on Uploads/,
      ),
    });
    expect(await answerHook(event(), hook({ CORDON_ON_ERROR: 'allow' }, broken))).toMatchObject({
      hookStatus: 'SUCCESS',
      message: expect.stringContaining('not judged: own on Uploads'),
    });
  });

  it('does not hide what is bad', async () => {
    const both = guardPolicy(
      "# severity: high\nrule r { Resources.*.Properties.Count !empty }\nrule bad { Resources.*.Properties.Name == 'good' << The name is bad >> }",
    );
    const answer = await answerHook(event(), hook({ CORDON_ON_ERROR: 'allow' }, { judge: judgeBy([both]) }));
    expect(answer).toMatchObject({ hookStatus: 'FAILED', errorCode: 'NonCompliant' });
    expect(answer.message).toContain('The name is bad');
  });

  it('includes a policy file that is wrong, while the others judge', async () => {
    const folder = folderWith({ 'wrong.guard': 'rule {', 'right.guard': 'rule right { Resources exists }' });
    const judging = judgingBy({ policies: [folder], defaultPolicies: false, suppressions: [] }, boxed.rules);
    const answer = await answerHook(event(), hook({}, judging));
    expect(answer).toMatchObject({ hookStatus: 'FAILED', errorCode: 'InternalFailure' });
    expect(answer.message).toContain('wrong.guard');
  });

  it('is told and not stopped in the mode observe', async () => {
    const answer = await answerHook(event(), hook({ CORDON_MODE: 'observe' }, broken));
    expect(answer).toMatchObject({
      hookStatus: 'SUCCESS',
      message: expect.stringMatching(/^Observed only, nothing is stopped\. Cordon: Refused/),
    });
  });
});

describe('which targets are judged', () => {
  const bucket = resourceEvent('AWS::S3::Bucket', {});

  it.each([
    [{ CORDON_SKIP_TYPES: 'AWS::S3::*' }, 'SUCCESS'],
    [{ CORDON_SKIP_TYPES: 'AWS::EC2::*' }, 'FAILED'],
    [{ CORDON_ONLY_TYPES: 'AWS::EC2::* AWS::S3::Bucket' }, 'FAILED'],
    [{ CORDON_ONLY_TYPES: 'AWS::EC2::*' }, 'SUCCESS'],
    [{ CORDON_SKIP_STACKS: 'My*' }, 'SUCCESS'],
    [{ CORDON_SKIP_STACKS: 'Your*' }, 'FAILED'],
  ])('%j: %s', async (environment, hookStatus) => {
    expect(await answerHook(bucket, hook(environment as Record<string, string>))).toMatchObject({
      hookStatus,
    });
  });

  it('settings that are no settings are refused', () => {
    expect(hookSettings({ CORDON_FAIL_ON: 'severe' }).ok).toBe(false);
    expect(hookSettings({ CORDON_FAILON: 'high' })).toMatchObject({
      problems: [{ file: 'CORDON_FAILON', message: 'is no setting' }],
    });
  });
});

describe('hostile input', () => {
  it.each([
    ['nothing', undefined],
    ['a text', 'STACK'],
    ['a list', [[]]],
    ['no target', { clientRequestToken: TOKEN, actionInvocationPoint: 'CREATE_PRE_PROVISION' }],
    ['an unknown point', resourceEvent('AWS::S3::Bucket', {}, { actionInvocationPoint: 'LATER' })],
    ['no properties', resourceEvent('AWS::S3::Bucket', 'none')],
    ['a stack without a payload', payloadEventWithout()],
  ])('%s is answered and not let through', async (_, event) => {
    expect(await answerHook(event, hook())).toMatchObject({
      hookStatus: 'FAILED',
      errorCode: 'InternalFailure',
    });
  });

  function payloadEventWithout(): object {
    return { ...resourceEvent('STACK', {}), requestData: { targetName: 'STACK', targetType: 'STACK' } };
  }

  it('properties that are nested without end do not fill the stack', async () => {
    let deep: unknown = {};
    for (let depth = 0; depth < 50_000; depth++) deep = { a: deep };
    const answer = await answerHook(resourceEvent('AWS::S3::Bucket', { deep }), hook());
    expect(answer).toMatchObject({ hookStatus: 'FAILED', message: expect.stringContaining('too deeply') });
  });

  it('control characters do not reach the message', async () => {
    const judge = judgeBy([guardPolicy('# severity: high\nrule r { Resources.*.Properties.Name exists }')]);
    const event = {
      ...resourceEvent('AWS::S3::Bucket', {}),
      requestData: {
        targetName: 'AWS::S3::Bucket',
        targetType: 'AWS::S3::Bucket',
        targetLogicalId: 'Up\u001b[31m\u202eloads',
        targetModel: { resourceProperties: {} },
      },
    };
    const { message } = await answerHook(event, hook({}, { judge }));
    expect(message).toContain('Up\\u{1b}[31m\\u{202e}loads');
  });

  it('names of JavaScript objects are names', async () => {
    const properties = JSON.parse('{"__proto__": {"polluted": true}, "constructor": {}}') as object;
    const answer = await answerHook(resourceEvent('AWS::S3::Bucket', properties), hook());
    expect(answer.hookStatus).toBe('FAILED');
    expect({}).not.toHaveProperty('polluted');
  });

  it.each([
    ['not JSON', '<html>', 'not JSON'],
    ['no template', '{}', 'line 1'],
    ['a template that is none', { template: '- 1' }, 'line 1'],
    [
      'a change without a resource',
      { template: 'Resources: {}', changedResources: [{}] },
      'names no resource',
    ],
    [
      'a change that is not JSON',
      {
        template: 'Resources: {}',
        changedResources: [{ logicalResourceId: 'A', resourceType: 'T', afterContext: '{' }],
      },
      'what A will be is not JSON',
    ],
  ])('a payload with %s is not let through', async (_, payload, reason) => {
    const answer = await answerHook(payloadEvent('CHANGE_SET', payload), hook());
    expect(answer).toMatchObject({
      hookStatus: 'FAILED',
      errorCode: 'InternalFailure',
      message: expect.stringContaining(reason),
    });
  });

  it('a template of 500 resources is judged within the time that a hook has', {
    timeout: 30_000,
  }, async () => {
    const Resources = Object.fromEntries(
      Array.from({ length: 500 }, (_, index) => [
        `Bucket${index}`,
        { Type: 'AWS::S3::Bucket', Properties: { BucketName: `b-${index}`, Note: 'x'.repeat(1_500) } },
      ]),
    );
    const begin = performance.now();
    const answer = await answerHook(
      payloadEvent('STACK', { template: JSON.stringify({ Resources }) }),
      hook(),
    );
    expect(performance.now() - begin).toBeLessThan(20_000);
    expect(answer.message.length).toBeLessThanOrEqual(4096);
    expect(answer.message).toMatch(/^Cordon: Refused: 500 findings/);
    expect(answer.message).toMatch(/\nand \d+ more$/);
    expect(answer.annotations).toHaveLength(50);
  });
});

describe('the payload', () => {
  it.each([
    'http://s3.us-west-2.amazonaws.com/bucket/key',
    'https://s3.us-west-2.amazonaws.com.evil.example/key',
    'https://evil.example/s3.amazonaws.com',
    'https://user@bucket.s3.us-west-2.amazonaws.com/key',
    'https://bucket.s3.us-west-2.amazonaws.com:8443/key',
    'https://169.254.169.254/latest/meta-data/',
    'https://ec2.us-west-2.amazonaws.com/',
    'https://s3.us-west-2.vpce.amazonaws.com.attacker.io/',
    'file:///etc/passwd',
    'not a URL',
    '',
  ])('is not fetched from %s', async (url) => {
    await expect(fetchPayload(url, { timeout: 500 })).rejects.toThrow(/not at Amazon S3|no URL/);
  });

  it('does not follow a redirection', async () => {
    answers.set('/moved', { status: 302, location: `${origin}/elsewhere` });
    answers.set('/elsewhere', { body: '{"template":"Resources: {}"}' });
    await expect(fetchPayload(`${origin}/moved`, { origins: [origin] })).rejects.toThrow('HTTP 302');
  });

  it('is bounded in size and time', async () => {
    answers.set('/large', { body: 'x'.repeat(2_000) });
    await expect(fetchPayload(`${origin}/large`, { origins: [origin], maxBytes: 1_000 })).rejects.toThrow(
      'larger than 1000 bytes',
    );
    answers.set('/late', { body: '{}', delay: 1_000 });
    await expect(fetchPayload(`${origin}/late`, { origins: [origin], timeout: 50 })).rejects.toThrow(
      'no answer within 0.05 s',
    );
  });

  it('that has run out is told as such', async () => {
    answers.set('/expired', { status: 403, body: '<Error><Code>AccessDenied</Code></Error>' });
    await expect(fetchPayload(`${origin}/expired`, { origins: [origin] })).rejects.toThrow('HTTP 403');
  });
});

describe('the function', () => {
  it('answers as the policies in the box say', async () => {
    const { handler } = await import('../../hosts/lambda-hook.ts');
    expect(POLICIES_FOLDER).toContain('policies');
    expect(await handler(resourceEvent('AWS::S3::Bucket', {}))).toMatchObject({
      hookStatus: 'FAILED',
      errorCode: 'NonCompliant',
      clientRequestToken: TOKEN,
    });
  });
});
