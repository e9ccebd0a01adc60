import { describe, expect, it } from 'vitest';
import { ACTIONS } from '../actions/registry.ts';
import { chain, GENESIS } from '../evidence/ledger.ts';
import type { EvidenceVerdict } from '../evidence/verify-evidence.ts';
import type { LedgerEntry, LedgerKind } from '../model/journal.ts';
import { type Json, toJson } from '../model/json.ts';
import { shellWord } from '../model/shell-word.ts';
import { casePage } from './case-page.ts';
import { type CaseFacts, caseReport } from './case-report.ts';

const HOSTILE = `</td><script>alert(1)</script><img src=x onerror=alert(1)> " ' \u202e\u0007`;
const OPENED = 1_795_500_000_000;
const INSTANCE_ID = 'i-0123456789abcdef0';
const SNAPSHOT = 'snap-0123456789abcdef0';

function ledgerOf(...told: readonly [LedgerKind, unknown][]): LedgerEntry[] {
  const entries: LedgerEntry[] = [];
  for (const [index, [kind, body]] of told.entries()) {
    const head = entries.at(-1) ?? { seq: 0, hash: GENESIS };
    entries.push(chain(head, { at: OPENED + index * 1_000, kind, caseId: 'case-1', body: toJson(body) }));
  }
  return entries;
}

const call = {
  at: OPENED,
  service: 'ec2',
  operation: 'TerminateInstances',
  status: 200,
  requestId: 'req-42',
};
const started = (step: string, effect: string): [LedgerKind, unknown] => [
  'step.started',
  { step, title: ACTIONS.get(step)?.title, effect, attempt: 1 },
];
const done = (step: string, output: Json = {}, calls: unknown[] = []): [LedgerKind, unknown] => [
  'step.done',
  { step, title: ACTIONS.get(step)?.title, proof: `${step} is proven`, output, calls },
];

const RECORDED = {
  volumes: [{ id: 'vol-1', device: '/dev/xvda', availabilityZone: 'eu-west-1a', type: 'gp3' }],
  networkInterfaces: [{ groupIds: ['sg-1'] }],
  launch: {
    instanceType: 't3.micro',
    architecture: 'x86_64',
    virtualizationType: 'hvm',
    rootDeviceName: '/dev/xvda',
    subnetId: 'subnet-1',
  },
};

const ANSWERED = ledgerOf(
  ['incident.opened', { subject: { id: INSTANCE_ID } }],
  ['guardrail.asked', { answers: [{ guardrail: 'protected-tag', allowed: true, reason: 'no tag' }] }],
  ['response.started', { playbook: 'contain-and-terminate', mode: 'enforce' }],
  started('record-instance', 'read'),
  done('record-instance', toJson(RECORDED)),
  started('isolate-instance', 'reversible'),
  done('isolate-instance'),
  started('snapshot-volumes', 'read'),
  done('snapshot-volumes', [{ snapshotId: SNAPSHOT, volumeId: 'vol-1' }]),
  started('terminate-instance', 'irreversible'),
  ['step.failed', { step: 'terminate-instance', reason: 'InternalError', calls: [call], tryAgain: true }],
  done('terminate-instance', { state: 'shutting-down' }, [call]),
  ['incident.closed', { playbook: 'contain-and-terminate', manifest: 'abc' }],
);

const EVIDENCE: EvidenceVerdict = {
  caseId: 'case-1',
  folder: '/cases/case-1',
  whole: true,
  faults: [],
  files: [{ name: 'instance.json', bytes: 10, sha256: 'a'.repeat(64), part: 1 }],
  signatures: [{ file: 'manifest.json.sig', part: 1, at: OPENED, key: 'b'.repeat(64) }],
  timestamps: [],
};

function facts(changes: Partial<CaseFacts> = {}): CaseFacts {
  const branch = {
    selections: ['selection'],
    because: [{ selection: 'selection', field: 'action', pattern: 'REJECT', value: 'REJECT' }],
  };
  return {
    incident: {
      id: 'case-1',
      subject: { type: 'AWS::EC2::Instance', id: INSTANCE_ID, account: '123456789012', region: 'eu-west-1' },
      state: 'closed',
      mode: 'enforce',
      playbook: 'contain-and-terminate',
      openedAt: OPENED,
      firstSeen: OPENED,
      lastSeen: OPENED,
      version: 3,
    },
    findings: [
      {
        id: 'case-1/rule',
        caseId: 'case-1',
        rule: { id: 'rejected-outbound-traffic', title: 'Rejected Outbound Traffic', level: 'high' },
        count: 1_136,
        firstSeen: OPENED,
        lastSeen: OPENED,
        branch,
      },
    ],
    samples: [
      { findingId: 'case-1/rule', origin: { source: 'a.log', offset: 7, line: 2 }, raw: '2 1234 eni-1' },
    ],
    ledger: ANSWERED,
    evidence: EVIDENCE,
    file: (name) =>
      name === 'instance.json'
        ? { ImageId: 'ami-1', IamInstanceProfile: { Arn: 'arn:aws:iam::123456789012:instance-profile/web' } }
        : undefined,
    actions: ACTIONS,
    now: OPENED + 60_000,
    ...changes,
  };
}

describe('the report of a case', () => {
  it('says what was done, how fast, and with which calls', () => {
    const report = caseReport(facts());
    expect(report).toMatchObject({ timeToDecide: 2_000, timeToContain: 6_000, timeToEnd: 11_000, calls: 2 });
    expect(report.steps.map(({ step, state }) => [step, state])).toEqual([
      ['record-instance', 'done'],
      ['isolate-instance', 'done'],
      ['snapshot-volumes', 'done'],
      ['terminate-instance', 'done'],
    ]);
    expect(report.summary).toEqual({
      headline: 'was answered, and is closed',
      happened: `1,136 records on ${INSTANCE_ID} matched: Rejected Outbound Traffic.`,
      done: 'Isolate the instance, Terminate the instance. 4 of 4 steps are done.',
      notDone: 'Nothing was left out. Cannot be undone: terminate the instance.',
      evidence: 'The one file is as it was sealed, signed.',
    });
    expect(report.decisions).toMatchObject([
      { by: 'guardrail protected-tag', answer: 'yes' },
      { by: 'binding', answer: 'yes', reason: 'contain-and-terminate in mode enforce' },
    ]);
  });

  it('says what to do next, from what was found and done here', () => {
    const { next, limits } = caseReport(facts());
    const text = next.map(({ phase, what, commands }) => [phase, what, ...commands].join(' ')).join('\n');
    expect(text).toMatch(new RegExp(`analysis .*--snapshot-id ${SNAPSHOT}`));
    expect(text).toMatch(/eradication Revoke the sessions of the role in \S+instance-profile\/web/);
    expect(text).toMatch(/eradication .*ami-1/);
    expect(text).not.toContain('take back “Isolate the instance”');
    expect(text).toMatch(new RegExp(`recovery “Terminate the instance” cannot be taken back.*${SNAPSHOT}`));
    expect(text).toContain(`delete ${SNAPSHOT} after that`);
    expect(limits.map(({ kind, what }) => [kind, what])).toEqual([
      ['undoable', 'Isolate the instance'],
      ['not-undoable', 'Terminate the instance'],
    ]);
  });

  it('of an instance that was only isolated says that it can be given back', () => {
    const { next } = caseReport(facts({ ledger: ANSWERED.slice(0, 7) }));
    expect(next.map(({ what }) => what).join()).toContain(
      'When it is clean: take back “Isolate the instance”',
    );
  });

  it('knows steps that stand in a branch, that were left out, and that were taken back', () => {
    const told = (kind: string, body: unknown) => [kind as LedgerKind, body] as [LedgerKind, unknown];
    const ledger = ledgerOf(
      told('step.started', {
        step: 'cut/isolate-instance',
        title: 'Isolate the instance',
        effect: 'reversible',
      }),
      told('step.done', { step: 'cut/isolate-instance', proof: 'isolated', output: {}, calls: [] }),
      told('step.skipped', { step: 'memory', title: 'Take the memory', reason: 'no agent' }),
      told('undo.step-done', { step: 'cut/isolate-instance', proof: 'groups are back', calls: [call] }),
    );
    const report = caseReport(facts({ ledger }));
    expect(report.steps).toMatchObject([
      { action: 'isolate-instance', group: 'instance', state: 'undone', proof: 'groups are back' },
      { step: 'memory', state: 'skipped', reason: 'no agent' },
    ]);
    expect(report.limits).toMatchObject([{ kind: 'not-done', what: 'Take the memory', why: 'no agent' }]);
    expect(casePage(report)).toContain('taken back');
  });

  it('of a case where nothing was done says what would have been, and that it waits', () => {
    const ledger = ledgerOf(
      ['incident.opened', {}],
      [
        'response.awaiting-approval',
        { playbook: 'p', would: ['isolate i-1', 'terminate i-1'], reason: 'protected' },
      ],
    );
    const { incident } = facts();
    const waiting = { ...incident, state: 'awaiting-approval' as const, reason: 'protected' };
    const report = caseReport(facts({ incident: waiting, ledger, evidence: undefined }));
    expect(report.summary.done).toBe('Nothing was changed in the account.');
    expect(report.summary.notDone).toBe('isolate i-1; terminate i-1.');
    expect(report.next.flatMap(({ commands }) => commands)).toContain('cordon approve case-1 --reason TEXT');
    expect(casePage(report)).toContain('Nothing was sealed');
  });

  it('of evidence that is not whole begins with that', () => {
    const faults = [{ file: 'records.jsonl', fault: 'was changed' }];
    const report = caseReport(facts({ evidence: { ...EVIDENCE, whole: false, faults } }));
    expect(report.summary.evidence).toBe('1 fault: records.jsonl was changed.');
    expect(report.next[0]).toMatchObject({
      commands: ['cordon evidence verify case-1', 'cordon ledger verify'],
    });
    expect(casePage(report)).toContain('Not as it was sealed');
  });
});

const POLICY = 'arn:aws:iam::123456789012:policy/app-reads';
const MALLORY = 'arn:aws:iam::123456789012:user/mallory';
const READS = { Effect: 'Allow', Action: 's3:GetObject', Resource: '*' };
const LISTS = { Effect: 'Allow', Action: 's3:ListBucket', Resource: '*' };
const EVERYTHING = { Effect: 'Allow', Action: '*', Resource: '*' };

/** A change that was taken back; `output` is what record-change returned. */
function changed(output: unknown, back: readonly [LedgerKind, unknown][]): Partial<CaseFacts> {
  const { incident, findings } = facts();
  const [finding] = findings;
  if (finding === undefined) throw new Error('no finding');
  const branch = { selections: [], because: [], advice: ['This statement allows everything.'] };
  return {
    incident: { ...incident, subject: { ...incident.subject, type: 'AWS::IAM::ManagedPolicy', id: POLICY } },
    // One call breaks two policies.
    findings: ['one', 'two'].map((id) => ({
      ...finding,
      id,
      count: 1,
      rule: { ...finding.rule, title: id },
      branch,
    })),
    samples: ['one', 'two'].map((findingId) => ({
      findingId,
      origin: { source: 'a.json', offset: 0, line: 1 },
      raw: '{}',
    })),
    ledger: ledgerOf(
      ['step.started', { step: 'record', action: 'record-change', title: 'Record', effect: 'read' }],
      ['step.done', { step: 'record', action: 'record-change', title: 'Record', output, calls: [] }],
      ...back,
    ),
    file: (name) =>
      name === 'callers.json'
        ? [{ at: OPENED, call: 'iam:CreatePolicyVersion', by: MALLORY, from: '203.0.113.7' }]
        : undefined,
  };
}

const WIDENED = {
  attributes: ['Statement', 'Description'],
  before: { Statement: [LISTS, READS], Description: 'reads' },
  after: { Statement: [EVERYTHING, LISTS] },
  does: 'make v1 the default version again and delete v2',
};
const TAKEN_BACK: [LedgerKind, unknown][] = [
  [
    'step.done',
    { step: 'back', action: 'roll-back-change', title: 'Take the change back', output: {}, calls: [call] },
  ],
  [
    'step.done',
    { step: 'look', action: 'verify-way-back', title: 'Verify', proof: 'it is as before', output: {} },
  ],
];

describe('the report of a change', () => {
  it('says who changed what, how it was, and that it was taken back', () => {
    const report = caseReport(facts(changed(WIDENED, TAKEN_BACK)));
    expect(report.change).toEqual({
      callers: [{ at: OPENED, call: 'iam:CreatePolicyVersion', by: MALLORY, from: '203.0.113.7' }],
      properties: [
        { name: 'Description', before: 'reads', same: 0 },
        { name: 'Statement', before: [READS], after: [EVERYTHING], same: 1 },
      ],
      known: true,
      state: 'taken-back',
      text: WIDENED.does,
      proof: 'it is as before',
    });
    expect(report.summary.happened).toBe(
      `${POLICY} was changed: iam:CreatePolicyVersion by ${MALLORY}. Against it: one; two.`,
    );
    const page = casePage(report);
    for (const part of [
      '1 item as before',
      '&quot;Action&quot;: &quot;*&quot;,\n',
      'This statement allows everything.',
    ])
      expect(page).toContain(part);
  });

  it('counts a record once that several policies are against', () => {
    expect(caseReport(facts(changed(WIDENED, TAKEN_BACK))).matched).toBe(1);
  });

  it('asks the person who made it, and never says that the bad change be taken up again when it is clean', () => {
    const { next } = caseReport(facts(changed(WIDENED, TAKEN_BACK)));
    const text = next.map(({ what }) => what).join('\n');
    expect(text).toContain(`Ask ${MALLORY} what it was for`);
    expect(text).not.toContain('When it is clean');
  });

  it('that could not be taken back says why, and that it is in force', () => {
    const failed: [LedgerKind, unknown] = [
      'step.failed',
      { step: 'back', action: 'roll-back-change', reason: 'somebody changed it since', calls: [] },
    ];
    const report = caseReport(facts(changed(WIDENED, [failed])));
    expect(report.change).toMatchObject({ state: 'there', text: 'somebody changed it since' });
    expect(report.next).toContainEqual(expect.objectContaining({ phase: 'containment' }));
  });

  it('takes whatever the files of the case hold', () => {
    for (const value of [null, [], 'x', [null, { by: 1 }], { attributes: 3, before: [1], after: 'x' }]) {
      const report = caseReport({ ...facts(changed(value, TAKEN_BACK)), file: () => toJson(value) });
      expect(casePage(report)).toContain('The change');
    }
  });
});

describe('the page of a case', () => {
  it('shows request ids, records and hashes, and loads nothing', () => {
    const page = casePage(caseReport(facts()));
    for (const part of ['req-42', '2 1234 eni-1', 'a'.repeat(64), 'b'.repeat(64), 'Recovery'])
      expect(page).toContain(part);
    expect(page).not.toMatch(/<script|<link|<img|<iframe|@import|url\(|\son[a-z]+=|\sstyle=|https?:/i);
  });

  it('shows hostile text as text, wherever it stands', () => {
    const { incident, findings, samples } = facts();
    const [finding] = findings;
    const [sample] = samples;
    if (finding === undefined || sample === undefined) throw new Error('no finding');
    const body = {
      reason: HOSTILE,
      by: HOSTILE,
      step: HOSTILE,
      title: HOSTILE,
      would: [HOSTILE],
      playbook: HOSTILE,
    };
    const calls = [{ ...call, operation: HOSTILE, requestId: HOSTILE, error: HOSTILE }];
    const kinds: LedgerKind[] = [
      'guardrail.asked',
      'response.denied',
      'response.needs-decision',
      'response.awaiting-approval',
      'step.failed',
      'step.waiting',
    ];
    const answers = [{ guardrail: HOSTILE, allowed: false, reason: HOSTILE }];
    const page = casePage(
      caseReport({
        ...facts(),
        incident: {
          ...incident,
          id: HOSTILE,
          reason: HOSTILE,
          subject: { ...incident.subject, id: HOSTILE, region: HOSTILE },
        },
        findings: [
          {
            ...finding,
            rule: { ...finding.rule, title: HOSTILE, id: HOSTILE },
            branch: {
              selections: [],
              because: [
                { selection: HOSTILE, field: HOSTILE, pattern: HOSTILE, value: HOSTILE, entry: HOSTILE },
              ],
            },
          },
        ],
        samples: [{ ...sample, raw: HOSTILE, origin: { ...sample.origin, source: HOSTILE } }],
        ledger: ledgerOf(...kinds.map((kind): [LedgerKind, unknown] => [kind, { ...body, calls, answers }])),
        evidence: {
          ...EVIDENCE,
          faults: [{ file: HOSTILE, fault: HOSTILE }],
          files: [{ name: HOSTILE, bytes: 1, sha256: HOSTILE, part: 1 }],
        },
        file: () => ({ ImageId: HOSTILE, IamInstanceProfile: { Arn: HOSTILE }, KeyName: HOSTILE }),
      }),
    );
    for (const part of ['<script', '<img', '\u202e', '\u0007']) expect(page).not.toContain(part);
    expect(page).toContain('&lt;script&gt;');
  });
});

describe('a word of a command', () => {
  it('stays one word, whatever a log has in it', () => {
    expect(shellWord('snap-1')).toBe('snap-1');
    expect(shellWord('a; rm -rf ~')).toBe("'a; rm -rf ~'");
    expect(shellWord("it's $(x)")).toBe("'it'\\''s $(x)'");
  });
});
