import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { guardPolicy } from '../../../test/gate.ts';
import { judgeBy } from '../check.ts';
import type { Judgement } from '../enforce/judgement.ts';
import { wordsOf } from '../enforce/words.ts';
import type { GateFinding } from '../finding.ts';
import { answerHook, type Hook } from './answer.ts';
import { hookSettings } from './settings.ts';

const settings = hookSettings({});
if (!settings.ok) throw new Error('the defaults are no settings');
const hook: Hook = {
  settings: settings.value,
  judging: {
    judge: judgeBy([
      guardPolicy(
        "# severity: high\nrule r { Resources.*[ Type == 'AWS::S3::Bucket' ].Properties.Safe == true }",
      ),
    ]),
    rules: settings.value.rules,
    suppressions: [],
    problems: [],
    today: () => '2026-01-01',
  },
};

const target = fc.record(
  {
    targetName: fc.oneof(fc.constant('AWS::S3::Bucket'), fc.anything()),
    targetType: fc.oneof(
      fc.constantFrom('AWS::S3::Bucket', 'RESOURCE', 'STACK', 'CHANGE_SET'),
      fc.anything(),
    ),
    targetLogicalId: fc.oneof(fc.string({ unit: 'binary' }), fc.anything()),
    targetModel: fc.oneof(fc.record({ resourceProperties: fc.object() }), fc.anything()),
    payload: fc.oneof(fc.webUrl(), fc.constant(''), fc.anything()),
  },
  { requiredKeys: [] },
);
const event = fc.oneof(
  fc.anything(),
  fc.record(
    {
      clientRequestToken: fc.anything(),
      stackId: fc.oneof(fc.string(), fc.anything()),
      actionInvocationPoint: fc.oneof(
        fc.constantFrom('CREATE_PRE_PROVISION', 'UPDATE_PRE_PROVISION'),
        fc.anything(),
      ),
      requestData: fc.oneof(target, fc.anything()),
    },
    { requiredKeys: [] },
  ),
);

describe('whatever the event is', () => {
  it('there is an answer in bounds, and only a resource that is safe gets through', async () => {
    await fc.assert(
      fc.asyncProperty(event, async (value) => {
        const answer = await answerHook(value, hook);
        expect(answer.message.length).toBeLessThanOrEqual(4096);
        expect(typeof answer.clientRequestToken).toBe('string');
        if (answer.hookStatus === 'FAILED') return;
        const { requestData } = value as { requestData: { targetName: string; targetModel: unknown } };
        const { resourceProperties } = requestData.targetModel as { resourceProperties: { Safe?: unknown } };
        expect(
          requestData.targetName !== 'AWS::S3::Bucket' || String(resourceProperties.Safe) === 'true',
        ).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});

describe('however many findings there are', () => {
  const finding = fc
    .record({ message: fc.string({ unit: 'binary', maxLength: 400 }), id: fc.string({ maxLength: 40 }) })
    .map(
      ({ message, id }): GateFinding => ({
        policy: { id, title: '', why: '', fix: '', references: [] },
        rule: 'r',
        verdict: 'fail',
        severity: 'high',
        message,
        file: '<resource>',
        place: { line: 1, column: 1, length: 1 },
        resource: { logicalId: 'A', type: 'T' },
        path: '',
        when: [],
        dependsOn: [],
      }),
    );

  it('the words fit, and say how many are left out', () => {
    fc.assert(
      fc.property(
        fc.array(finding, { maxLength: 60 }),
        fc.integer({ min: 64, max: 4096 }),
        (refusals, limit) => {
          const judgement: Judgement = { outcome: 'refused', refusals, remarks: [], gaps: [] };
          const words = wordsOf(judgement, limit);
          expect(words.length).toBeLessThanOrEqual(limit);
          const lines = words.split('\n');
          const [, left] = /^and (\d+) more$/.exec(lines.at(-1) ?? '') ?? [];
          const shown = lines.length - 1 - (left === undefined ? 0 : 1);
          expect(shown + Number(left ?? 0)).toBe(refusals.length);
        },
      ),
    );
  });
});
