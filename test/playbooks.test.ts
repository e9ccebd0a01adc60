import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { awsClients } from '../src/aws/clients.ts';
import { ALL_ACTIONS } from '../src/hosts/actions.ts';
import { readPlaybooks } from '../src/hosts/playbook-files.ts';
import type { Problem } from '../src/model/problem.ts';
import { decideByPerson } from '../src/respond/decision.ts';
import { playbookJsonSchema } from '../src/respond/playbook/json-schema.ts';
import { parsePlaybook } from '../src/respond/playbook/parse.ts';
import { acting } from './acting.ts';
import { play } from './playbook-play.ts';
import { PLAYBOOK_SCENES } from './playbook-scenes.ts';
import { flowRecord, type Stage, stage } from './scene.ts';

const SCHEMA = fileURLToPath(new URL('../schemas/playbook.schema.json', import.meta.url));
const problems: Problem[] = [];
const BOX = [...readPlaybooks({ playbooks: [], base: '.' }, problems).values()];

/** A setup whose rules have a playbook run on the honeypot. */
const answeredWith = (playbook: string) =>
  stage({ config: { bindings: [{ rule: 'rejected-outbound-traffic', playbook, mode: 'enforce' }] } });

const beacon = ({ honeypot }: Stage): string[] => [
  flowRecord({ eni: honeypot.interfaceId, from: [honeypot.address, 40_000], to: ['192.0.2.99', 4444] }),
];

const stateOf = ({ range, honeypot }: Stage): string =>
  range.account.instances.get(honeypot.instanceId)?.ending?.to ?? 'running';

const isolated = (scene: Stage): boolean => scene.made('ModifyNetworkInterfaceAttribute') > 0;

/** Whether the instance is isolated in the end, and what has become of it. */
const OF_INSTANCES: Readonly<Record<string, readonly [contained: boolean, state: string]>> = {
  'contain-and-keep': [true, 'running'],
  'keep-evidence': [false, 'running'],
  'contain-in-fleet': [true, 'running'],
  'contain-and-terminate': [true, 'terminated'],
};

describe('the playbooks in the box', () => {
  it('are right, and say what they are for', () => {
    expect(problems).toEqual([]);
    for (const { name, description, source } of BOX) {
      expect(source.file).toMatch(new RegExp(`${name}\\.yml$`));
      expect(description, name).toBeDefined();
    }
  });

  it.each(Object.entries(OF_INSTANCES))('%s is done in an account', async (playbook, [contained, state]) => {
    await using scene = await answeredWith(playbook);
    scene.log('a.log', beacon(scene));
    await scene.watchOnce();
    expect(await scene.incidents()).toMatchObject([{ state: 'closed' }]);
    expect(scene.range.account.snapshots.size).toBe(scene.honeypot.volumeIds.length);
    expect(isolated(scene)).toBe(contained);
    expect(stateOf(scene)).toBe(state);
  });

  it('contain-and-ask contains at once, and terminates once a person says yes', async () => {
    await using scene = await answeredWith('contain-and-ask');
    scene.log('a.log', beacon(scene));
    const told = await scene.watchOnce();
    const [incident] = await scene.incidents();
    expect(incident).toMatchObject({
      state: 'awaiting-approval',
      asks: { step: 'approve-1', approvers: 1, message: expect.stringContaining(scene.honeypot.instanceId) },
    });
    expect(told.at(-1)).toMatchObject({ kind: 'response.awaiting-approval', body: { step: 'approve-1' } });
    expect([isolated(scene), stateOf(scene)]).toEqual([true, 'running']);
    await scene.inStore((store) =>
      decideByPerson(
        store,
        incident?.id ?? '',
        { verdict: 'approve', by: 'ada', reason: 'it may go' },
        Date.now,
      ),
    );
    await scene.watchOnce();
    const [closed] = await scene.incidents();
    expect(closed).toMatchObject({ state: 'closed', approvals: [{ step: 'approve-1', by: 'ada' }] });
    expect(closed).not.toHaveProperty('asks');
    expect(stateOf(scene)).toBe('terminated');
  });

  it('whose approval nobody gives in time stop, and do nothing more', async () => {
    await using scene = await answeredWith('contain-and-ask');
    scene.log('a.log', beacon(scene));
    await scene.watchOnce();
    await scene.inStore(async (store) => {
      const [incident] = await store.incidents();
      if (incident?.asks === undefined) throw new Error('it asks for nothing');
      const asks = { ...incident.asks, expiresAt: Date.now() - 1 };
      await store.commit([
        { kind: 'incident', incident: { ...incident, asks, version: incident.version + 1 } },
      ]);
    });
    await scene.watchOnce();
    expect(await scene.incidents()).toMatchObject([
      { state: 'needs-decision', reason: expect.stringMatching(/approve-1: nobody approved until/) },
    ]);
    expect(stateOf(scene)).toBe('running');
  });
});

describe('a playbook in the box for something else than what an instance sends', () => {
  it.each(Object.entries(PLAYBOOK_SCENES))('%s, is done in an account', async (name, sceneOf) => {
    const playbook = BOX.find((one) => one.name === name.split(',')[0]);
    if (playbook === undefined) throw new Error(`there is no playbook ${name}`);
    await using world = await acting({ snapshotDuration: 20_000, stateChangeDuration: 20_000 });
    const scene = await sceneOf(world);
    expect(await scene.state()).toEqual(scene.before);
    expect(await play(playbook, world, scene)).toEqual({ status: 'done' });
    expect(await scene.state()).toEqual(scene.after);
  });

  it('is one of those that are played', () => {
    const played = Object.keys(PLAYBOOK_SCENES).map((name) => name.split(',')[0]);
    const elsewhere = [...Object.keys(OF_INSTANCES), 'contain-and-ask', 'roll-back'];
    expect(
      BOX.map(({ name }) => name)
        .filter((name) => !played.includes(name))
        .sort(),
    ).toEqual(elsewhere.sort());
  });
});

describe('a playbook for identities that a rule of CloudTrail is bound to', () => {
  it('is run on the user, and on the role of the session, that the records name', async () => {
    const rule = fileURLToPath(new URL('../rules/cloudtrail/cloudtrail-stopped.yml', import.meta.url));
    const bindings = [
      { rule: 'cloudtrail-stopped', playbook: 'disable-credentials', mode: 'enforce' as const },
    ];
    await using scene = await stage({ config: { rules: [rule], bindings } });
    const aws = awsClients(scene.config.aws);
    const iam = await aws.use('iam');
    await iam.createUser({ UserName: 'ada' });
    const { AccessKey } = await iam.createAccessKey({ UserName: 'ada' });
    const trust = '{"Version":"2012-10-17","Statement":[]}';
    await iam.createRole({ RoleName: 'web', AssumeRolePolicyDocument: trust });
    const stopped = (userIdentity: object) => ({
      eventVersion: '1.11',
      userIdentity,
      eventTime: '2026-11-24T09:15:32Z',
      eventSource: 'cloudtrail.amazonaws.com',
      eventName: 'StopLogging',
      awsRegion: 'us-east-1',
      sourceIPAddress: '198.51.100.23',
      requestParameters: { name: 'main' },
      eventID: randomUUID(),
      eventType: 'AwsApiCall',
      recipientAccountId: '123456789012',
    });
    const arn = 'arn:aws:sts::123456789012:assumed-role/web/i-0123456789abcdef0';
    const Records = [
      stopped({
        type: 'IAMUser',
        arn: 'arn:aws:iam::123456789012:user/ada',
        accessKeyId: AccessKey?.AccessKeyId,
      }),
      stopped({ type: 'AssumedRole', arn, accessKeyId: 'ASIAEXAMPLE000000' }),
    ];
    scene.log('trail.json', [JSON.stringify({ Records })]);
    await scene.watchOnce();
    const cases = (await scene.incidents()).map(({ subject, state }) => `${subject.type} ${state}`);
    expect(cases.sort()).toEqual(['AWS::IAM::Role closed', 'AWS::IAM::User closed']);
    expect((await iam.listAccessKeys({ UserName: 'ada' })).AccessKeyMetadata).toMatchObject([
      { Status: 'Inactive' },
    ]);
    expect((await iam.listRolePolicies({ RoleName: 'web' })).PolicyNames).toEqual(['AWSRevokeOlderSessions']);
    aws.close();
  });
});

describe('the example in docs/playbooks.md', () => {
  it('is a playbook', () => {
    const page = readFileSync(new URL('../docs/playbooks.md', import.meta.url), 'utf8');
    const [, text = ''] = /```yaml\n(# yaml-language-server[\s\S]*?)```/.exec(page) ?? [];
    expect(parsePlaybook({ file: 'docs', text }, ALL_ACTIONS)).toMatchObject({ ok: true });
  });
});

describe('schemas/playbook.schema.json', () => {
  const schema = playbookJsonSchema(ALL_ACTIONS);
  const accepts = new Ajv2020({ strict: false }).compile(schema);
  const errors = (text: string) => (accepts(parse(text)) ? [] : (accepts.errors ?? []));

  it('is what `npm run schema` writes', () => {
    expect(JSON.parse(readFileSync(SCHEMA, 'utf8'))).toEqual(schema);
  });

  it('accepts the playbooks in the box', () => {
    for (const { name, source } of BOX) expect(errors(source.text), name).toEqual([]);
  });

  it.each([
    ['an unknown action', '{action: isolate}'],
    ['what the action does not know', '{action: isolate-instance, with: {x: 1}}'],
    ['a step of two kinds', '{action: isolate-instance, wait: {for: 1m}}'],
    ['a step in a branch that does nothing', '{parallel: [[{id: a}], [{action: record-instance}]]}'],
    ['a step after a failure that is none', '{action: record-instance, on_failure: {steps: [{actoin: x}]}}'],
    ['a time without a unit', '{wait: {for: 10}}'],
  ])('refuses %s', (_, step) => {
    expect(errors(`{name: a, title: A, steps: [${step}]}`)).not.toEqual([]);
  });
});
