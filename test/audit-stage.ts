import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type AwsClients, awsClients } from '../src/aws/clients.ts';
import { type Config, configOf } from '../src/config/config.ts';
import { type Actors, stageActors } from '../src/hosts/audit-drill/actors.ts';
import { setUpAudit } from '../src/hosts/auditing.ts';
import { baselineOf } from '../src/hosts/baseline.ts';
import { watchLocally } from '../src/hosts/local.ts';
import type { SourceNotice } from '../src/hosts/remote.ts';
import { setUp } from '../src/hosts/setup.ts';
import { undoLocally } from '../src/hosts/undo.ts';
import type { LedgerEntry } from '../src/model/journal.ts';
import type { ResourceChange, ResourceState } from '../src/model/resource.ts';
import { listenToRecords, logFile, settleRecords } from '../src/range/cloudtrail/delivery.ts';
import type { CloudTrailRecord } from '../src/range/cloudtrail/record.ts';
import { createHoneypot } from '../src/range/honeypot.ts';
import { type Range, startRange } from '../src/range/range.ts';
import type { UndoEnd } from '../src/respond/undo.ts';
import { openSqliteStore } from '../src/store/sqlite.ts';
import type { Store } from '../src/store/store.ts';

const MINUTE = 60_000;

type Settings = Parameters<typeof configOf>[0];

/** An account in which people and programs change things, and the trail that tells an audit of it. */
export interface AuditStage {
  readonly range: Range;
  readonly folder: string;
  readonly config: Config;
  /** Who owns the account, and who Cordon runs as. */
  readonly owner: AwsClients;
  readonly actors: Actors;
  /** A group with one rule, HTTPS from inside. */
  readonly groupId: string;
  readonly vpcId: string;
  /** What the watches said of their sources. */
  readonly notices: SourceNotice[];
  /** Records of the calls since the last time, which no file has yet. */
  records(): CloudTrailRecord[];
  /** Writes a file of the trail. */
  deliver(records?: readonly CloudTrailRecord[]): void;
  baseline(types?: readonly string[]): Promise<void>;
  /** One audit from start to end of what has been delivered; answers what it wrote into the ledger. */
  audit(changes?: Partial<Settings>): Promise<LedgerEntry[]>;
  /** {@link deliver}, and then {@link audit}. */
  heard(changes?: Partial<Settings>): Promise<LedgerEntry[]>;
  undo(caseId: string): Promise<UndoEnd>;
  inStore<T>(look: (store: Store) => Promise<T>): Promise<T>;
  changes(type: string, id: string): Promise<ResourceChange[]>;
  states(type: string, id: string): Promise<ResourceState[]>;
  /** A file of a case. */
  piece(caseId: string, name: string): string;
  /** Calls that AWS accepted since the stage was set. */
  made(operation: string): number;
  /** `protocol port source` of each rule of the group, sorted. */
  rules(groupId?: string): Promise<string[]>;
  /** Opens a port of the group. */
  open(who: AwsClients, port: number, cidr?: string): Promise<unknown>;
  close(who: AwsClients, port: number, cidr?: string): Promise<unknown>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Modes of what a policy forbids and of what nobody approved. */
export interface AuditModes {
  readonly policy?: 'observe' | 'approve' | 'enforce';
  readonly unapproved?: 'ignore' | 'observe' | 'approve' | 'enforce';
}

export async function auditStage(
  { policy = 'enforce', unapproved = 'enforce' }: AuditModes = {},
  config: Partial<Settings> = {},
): Promise<AuditStage> {
  const folder = mkdtempSync(join(tmpdir(), 'cordon-audit-'));
  const range = await startRange({
    settings: { trailDelay: 0, eventDelay: 0, stateChangeDuration: 20, stackStepDuration: 10 },
  });
  const { account, endpoint } = range;
  const open: AwsClients[] = [];
  const clients = (simulatedCredentials?: Parameters<typeof awsClients>[0]['simulatedCredentials']) => {
    const aws = awsClients({ endpoint, region: account.region, simulatedCredentials });
    open.push(aws);
    return aws;
  };
  const owner = clients();
  const { vpcId } = createHoneypot(account);
  const { GroupId: groupId = '' } = await owner.ec2.createSecurityGroup({
    GroupName: 'app',
    Description: 'application servers',
    VpcId: vpcId,
  });
  await owner.ec2.authorizeSecurityGroupIngress({
    GroupId: groupId,
    IpPermissions: [
      {
        IpProtocol: 'tcp',
        FromPort: 443,
        ToPort: 443,
        IpRanges: [{ CidrIp: '10.0.0.0/8', Description: 'inside' }],
      },
    ],
  });
  const actors = await stageActors(owner, account.id, clients);
  const settings = (changes: Partial<Settings> = {}): Settings => ({
    aws: { endpoint, region: account.region },
    state: 'state',
    sources: [{ files: 'logs' }],
    bindings: [],
    approval: {
      principals: [actors.pipelineArn],
      breakGlass: [actors.breakGlassArn],
      unapproved: {
        all: { mode: unapproved, playbook: 'roll-back' },
        managedStacks: { mode: unapproved, playbook: 'roll-back' },
      },
    },
    audit: {
      settle: 0.01,
      longest: 1,
      bindings: [{ policy: '*', level: 'medium', playbook: 'roll-back', mode: policy }],
    },
    guardrails: { responsesPerHour: 1_000 },
    timing: { sourcePoll: 0.01, awsPoll: 0.02, retry: 0.01, settle: 0.1 },
    ...config,
    ...changes,
  });
  const state = join(folder, 'state');
  const logs = join(folder, 'logs');
  mkdirSync(logs);
  const notices: SourceNotice[] = [];
  const pending: CloudTrailRecord[] = [];
  const silence = listenToRecords(account, (records) => pending.push(...records));
  let files = 0;
  const before = range.calls.length;

  const inStore: AuditStage['inStore'] = async (look) => {
    const store = openSqliteStore(state);
    try {
      return await look(store);
    } finally {
      await store.close();
    }
  };
  const records = (): CloudTrailRecord[] => {
    settleRecords(account);
    return pending.splice(0);
  };
  const deliver = (given: readonly CloudTrailRecord[] = records()): void => {
    const name = `${account.id}_CloudTrail_${account.region}_20261124T0900Z_${String(++files).padStart(4, '0')}.json.gz`;
    writeFileSync(join(logs, name), logFile(given));
  };
  const keyOf = (type: string, id: string): string => `${account.id}/${account.region}/${type}/${id}`;
  const audit = async (changes?: Partial<Settings>): Promise<LedgerEntry[]> => {
    const chosen = configOf(settings(changes), folder);
    const setup = setUp(chosen, []);
    const audited = setUpAudit(chosen);
    if (!setup.ok || !audited.ok) throw new Error('the box is broken');
    const entries: LedgerEntry[] = [];
    const watch = watchLocally(setup.value, {
      signal: new AbortController().signal,
      audit: audited.value,
      onLedger: (entry) => void entries.push(entry),
      onSourceNotice: (notice) => void notices.push(notice),
    });
    try {
      await watch.run(true);
    } finally {
      await watch.close();
    }
    return entries;
  };
  return {
    range,
    folder,
    config: configOf(settings(), folder),
    owner,
    actors,
    groupId,
    vpcId,
    notices,
    records,
    deliver,
    async baseline(types = ['AWS::EC2::SecurityGroup']) {
      const chosen = configOf(settings(), folder);
      const audited = setUpAudit(chosen);
      if (!audited.ok) throw new Error('the box is broken');
      const news = baselineOf(chosen, audited.value, types, new AbortController().signal);
      for await (const one of news) {
        if (one.kind !== 'resource') continue;
        // CloudTrail has whole seconds: a change in the second of the baseline may have come before it.
        const state = { ...one.state, at: one.state.at - MINUTE };
        await inStore((store) => store.commit([{ kind: 'resource-state', state }]));
      }
    },
    audit,
    async heard(changes) {
      deliver();
      return audit(changes);
    },
    undo: (caseId) =>
      inStore(async (store) => {
        const undoing = undoLocally(configOf(settings(), folder), store, {
          signal: new AbortController().signal,
        });
        try {
          return await undoing.run(caseId, { by: 'ada', osUser: 'ada', reason: 'it was wanted' });
        } finally {
          undoing.close();
        }
      }),
    inStore,
    changes: (type, id) => inStore((store) => store.resourceChanges(keyOf(type, id))),
    states: (type, id) => inStore((store) => store.resourceStates(keyOf(type, id))),
    piece: (caseId, name) => readFileSync(join(state, 'cases', caseId, name), 'utf8'),
    made: (operation) =>
      range.calls.slice(before).filter((call) => call.operation === operation && call.status === 200).length,
    async rules(id = groupId) {
      const { SecurityGroups } = await owner.ec2.describeSecurityGroups({ GroupIds: [id] });
      return (SecurityGroups?.[0]?.IpPermissions ?? [])
        .flatMap(({ IpProtocol, FromPort, IpRanges = [] }) =>
          IpRanges.map(({ CidrIp }) => `${IpProtocol} ${FromPort} ${CidrIp}`),
        )
        .sort();
    },
    open: (who, port, cidr) => who.ec2.authorizeSecurityGroupIngress(ruleOf(groupId, port, cidr)),
    close: (who, port, cidr) => who.ec2.revokeSecurityGroupIngress(ruleOf(groupId, port, cidr)),
    async [Symbol.asyncDispose]() {
      silence();
      for (const aws of open) aws.close();
      await range.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function ruleOf(GroupId: string, port: number, CidrIp = '0.0.0.0/0') {
  return {
    GroupId,
    IpPermissions: [{ IpProtocol: 'tcp', FromPort: port, ToPort: port, IpRanges: [{ CidrIp }] }],
  };
}
