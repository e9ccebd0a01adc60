import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Range, startRange } from '../range/range.ts';
import { enqueue, inFlight, newQueue } from '../range/sqs/queue.ts';
import { openQueue, regionOfQueue } from './queue.ts';
import { sourceClients } from './source-clients.ts';

const { signal } = new AbortController();
let world: Range;
let close: () => void;

beforeEach(async () => {
  world = await startRange();
});
afterEach(async () => {
  close();
  await world.close();
});

async function opened(onHoldFailed: (error: unknown) => void = () => {}) {
  const clients = sourceClients({ region: 'us-east-1', endpoint: world.endpoint });
  close = () => clients.close();
  const simulated = newQueue(world.account, 'q');
  const queue = await openQueue(await clients.sqs(), { url: simulated.url, visibility: 1, onHoldFailed });
  enqueue(world.account, simulated, 'a');
  const [message] = await queue.receive(10, 0, signal);
  if (message === undefined) throw new Error('no message came');
  return { queue, simulated, message };
}

describe('a message', () => {
  it('stays hidden for as long as it is held', async () => {
    const { queue, simulated, message } = await opened();
    const letGo = queue.hold(message);
    await new Promise((resolve) => setTimeout(resolve, 1_600));
    expect(inFlight(world.account, simulated)).toBe(1);
    letGo();
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    expect(await queue.receive(10, 0, signal)).toMatchObject([
      { id: message.id, receiveCount: 2, body: 'a' },
    ]);
  });

  it('is heard of when it cannot be hidden any longer', async () => {
    const failures: unknown[] = [];
    const { queue, simulated, message } = await opened((error) => failures.push(error));
    simulated.messages = [];
    const letGo = queue.hold(message);
    await expect.poll(() => failures.length).toBeGreaterThan(0);
    letGo();
    expect(failures[0]).toMatchObject({ name: 'InvalidParameterValue' });
  });
});

describe('the URL of a queue', () => {
  it.each([
    ['https://sqs.eu-west-1.amazonaws.com/123456789012/q', 'eu-west-1'],
    ['https://sqs-fips.us-gov-west-1.amazonaws.com/123456789012/q', 'us-gov-west-1'],
    ['https://sqs.cn-north-1.amazonaws.com.cn/123456789012/q', 'cn-north-1'],
    ['https://us-east-2.queue.amazonaws.com/123456789012/q', 'us-east-2'],
    ['http://localhost:9324/q', undefined],
  ])('%s says the region %s', (url, region) => {
    close = () => {};
    expect(regionOfQueue(url)).toBe(region);
  });
});
