import {
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { simulatedClock } from '../clock.ts';
import { type Range, startRange } from '../range.ts';

const clock = simulatedClock({ start: 1_800_000_000_000, speed: 0 });
let world: Range;
let client: SQSClient;
let QueueUrl: string;

beforeEach(async () => {
  world = await startRange({ clock });
  client = new SQSClient({
    endpoint: world.endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'AKIA', secretAccessKey: 'x' },
    maxAttempts: 1,
  });
  QueueUrl = (await client.send(new CreateQueueCommand({ QueueName: 'q' }))).QueueUrl ?? '';
});
afterEach(async () => {
  client.destroy();
  await world.close();
});

const send = (MessageBody: string) => client.send(new SendMessageCommand({ QueueUrl, MessageBody }));
const receive = async (more: object = {}) => {
  const { Messages } = await client.send(
    new ReceiveMessageCommand({
      QueueUrl,
      MaxNumberOfMessages: 10,
      MessageSystemAttributeNames: ['All'],
      ...more,
    }),
  );
  return Messages ?? [];
};

describe('SQS, through the real SDK', () => {
  it('hides what was received, and gives it again when it is not deleted', async () => {
    await send('<a>&"ü');
    const [first] = await receive();
    expect(first).toMatchObject({ Body: '<a>&"ü', Attributes: { ApproximateReceiveCount: '1' } });
    expect(await receive()).toEqual([]);
    clock.advance(30_000);
    const [second] = await receive();
    expect(second).toMatchObject({
      MessageId: first?.MessageId,
      Attributes: { ApproximateReceiveCount: '2' },
    });
    await client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: second?.ReceiptHandle }));
    clock.advance(30_000);
    expect(await receive()).toEqual([]);
  });

  it('hides for as long as it is told, and no longer than it allows', async () => {
    await send('a');
    const [message] = await receive({ VisibilityTimeout: 5 });
    const change = (VisibilityTimeout: number) =>
      client.send(
        new ChangeMessageVisibilityCommand({
          QueueUrl,
          ReceiptHandle: message?.ReceiptHandle,
          VisibilityTimeout,
        }),
      );
    await change(60);
    clock.advance(50_000);
    expect(await receive()).toEqual([]);
    await change(0);
    expect(await receive()).toHaveLength(1);
    await expect(change(43_201)).rejects.toMatchObject({ name: 'InvalidParameterValue' });
    await expect(change(10)).rejects.toMatchObject({ name: 'InvalidParameterValue' });
  });

  it('waits for a message that comes', async () => {
    const waiting = receive({ WaitTimeSeconds: 20 });
    await new Promise((resolve) => setTimeout(resolve, 30));
    await send('late');
    expect(await waiting).toMatchObject([{ Body: 'late' }]);
  });

  it('gives nothing to somebody who waits no longer', async () => {
    const waiting = client.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 20 }), {
      abortSignal: AbortSignal.timeout(50),
    });
    await expect(waiting).rejects.toThrow();
    await new Promise((resolve) => setTimeout(resolve, 30));
    await send('late');
    expect(await receive()).toMatchObject([{ Attributes: { ApproximateReceiveCount: '1' } }]);
  });

  it('moves what was received too often to the dead-letter queue', async () => {
    const dead = await client.send(new CreateQueueCommand({ QueueName: 'dead' }));
    const policy = { deadLetterTargetArn: 'arn:aws:sqs:us-east-1:123456789012:dead', maxReceiveCount: 2 };
    const other = await client.send(
      new CreateQueueCommand({ QueueName: 'r', Attributes: { RedrivePolicy: JSON.stringify(policy) } }),
    );
    await client.send(new SendMessageCommand({ QueueUrl: other.QueueUrl, MessageBody: 'bad' }));
    for (let time = 0; time < 3; time++) {
      expect(await receive({ QueueUrl: other.QueueUrl })).toHaveLength(time < 2 ? 1 : 0);
      clock.advance(30_000);
    }
    const [message] = await receive({ QueueUrl: dead.QueueUrl });
    expect(message).toMatchObject({
      Body: 'bad',
      Attributes: { DeadLetterQueueSourceArn: 'arn:aws:sqs:us-east-1:123456789012:r' },
    });
  });

  it('takes batches, each entry by itself, and counts', async () => {
    await client.send(
      new SendMessageBatchCommand({
        QueueUrl,
        Entries: ['a', 'b', 'c'].map((MessageBody) => ({ Id: MessageBody, MessageBody })),
      }),
    );
    const messages = await receive({ MaxNumberOfMessages: 2 });
    const { Successful, Failed } = await client.send(
      new DeleteMessageBatchCommand({
        QueueUrl,
        Entries: [
          { Id: 'good', ReceiptHandle: messages[0]?.ReceiptHandle },
          { Id: 'bad', ReceiptHandle: 'nonsense' },
        ],
      }),
    );
    expect(Successful).toMatchObject([{ Id: 'good' }]);
    expect(Failed).toMatchObject([{ Id: 'bad', Code: 'ReceiptHandleIsInvalid' }]);
    const { Attributes } = await client.send(
      new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }),
    );
    expect(Attributes).toMatchObject({
      ApproximateNumberOfMessages: '1',
      ApproximateNumberOfMessagesNotVisible: '1',
      QueueArn: 'arn:aws:sqs:us-east-1:123456789012:q',
    });
  });

  it.each([
    ['throttle', 'RequestThrottled'],
    ['internal-error', 'InternalFailure'],
    ['unauthorized', 'AccessDeniedException'],
  ] as const)('%s is answered as %s', async (kind, name) => {
    world.faults.add({ operation: 'ReceiveMessage', fault: { kind } });
    await expect(receive()).rejects.toMatchObject({ name });
  });

  it('answers errors as AWS does', async () => {
    await expect(receive({ QueueUrl: `${QueueUrl}x` })).rejects.toMatchObject({
      name: 'QueueDoesNotExist',
      $metadata: { httpStatusCode: 400 },
    });
    const answer = await fetch(world.endpoint, {
      method: 'POST',
      headers: { 'x-amz-target': 'AmazonSQS.SendMessage' },
      body: '{"QueueUrl":',
    });
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ __type: 'com.amazonaws.sqs#SerializationException' });
  });
});
