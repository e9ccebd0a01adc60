import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { readYaml } from '../yaml/read.ts';
import { validate } from '../yaml/validate.ts';
import { sourceSchema } from './sources.ts';

const QUEUE = 'https://sqs.eu-west-1.amazonaws.com/123456789012/logs';

function read(text: string) {
  const documents = readYaml({ file: 'cordon.yaml', text });
  const [document] = documents.ok ? documents.value : [];
  if (document === undefined) throw new Error('no YAML');
  return validate(document, z.strictObject({ sources: z.array(sourceSchema) }));
}

describe('the sources of cordon.yaml', () => {
  it('have their defaults', () => {
    const found = read(`sources:\n  - files: logs\n  - queue: ${QUEUE}\n  - kinesis: logs\n`);
    expect(found).toMatchObject({
      ok: true,
      value: {
        sources: [
          { files: 'logs' },
          {
            queue: QUEUE,
            buckets: [],
            prefix: '',
            suffix: '',
            visibility: 120,
            receives: 5,
            poison: undefined,
          },
          { kinesis: 'logs', from: 'oldest' },
        ],
      },
    });
  });

  it('take a time to begin at, and an ARN', () => {
    const arn = 'arn:aws:kinesis:eu-west-1:123456789012:stream/logs';
    expect(read(`sources:\n  - kinesis: ${arn}\n    from: '2026-11-24T00:00:00Z'\n`)).toMatchObject({
      value: { sources: [{ kinesis: arn, from: Date.UTC(2026, 10, 24) }] },
    });
  });

  it.each([
    [`- queu: ${QUEUE}`, 2, 'unknown key queu', 'queue'],
    [`- queue: ${QUEUE}\n    prefx: a`, 3, 'unknown key prefx', 'prefix'],
    ['- files: a\n    prefix: b', 3, 'sources.0.prefix: only a source with queue has it', undefined],
    [
      `- queue: ${QUEUE}\n    from: oldest`,
      3,
      'sources.0.from: only a source with kinesis has it',
      undefined,
    ],
    [
      `- files: a\n    queue: ${QUEUE}`,
      3,
      'sources.0.queue: a source is one of files, queue, kinesis',
      undefined,
    ],
    ['- prefix: a', 2, 'sources.0.prefix: a source is one of files, queue, kinesis', undefined],
    [
      '- queue: arn:aws:sqs:eu-west-1:123456789012:logs',
      2,
      'sources.0.queue: an ARN, where the URL of a queue is wanted: https://sqs.eu-west-1.amazonaws.com/123456789012/NAME',
      undefined,
    ],
    ['- kinesis: "a b"', 2, 'sources.0.kinesis: no name and no ARN of a Kinesis stream', undefined],
    [
      '- kinesis: a\n    from: now',
      3,
      'sources.0.from: expected oldest, latest or a time as 2026-11-24T00:00:00Z',
      undefined,
    ],
    [
      `- queue: ${QUEUE}\n    poison: { queue: ${QUEUE} }`,
      3,
      'sources.0.poison.queue: the queue itself',
      undefined,
    ],
    [`- queue: ${QUEUE}\n    visibility: 1`, 3, expect.stringContaining('sources.0.visibility'), undefined],
  ])('say what is wrong with %j', (source, line, message, fix) => {
    const found = read(`sources:\n  ${source}\n`);
    expect(found).toMatchObject({ ok: false, problems: [{ line, message, ...(fix ? { fix } : {}) }] });
  });
});
