import { resolve } from 'node:path';
import type { Response } from '../audit/answers.ts';
import { assess, ROLL_BACK } from '../audit/assess.ts';
import { UNAPPROVED } from '../audit/assessment.ts';
import { type Auditor, auditor } from '../audit/auditor.ts';
import { INVERSES } from '../audit/inverses/inverse-of.ts';
import { mayChange } from '../audit/note.ts';
import type { AwsClients } from '../aws/clients.ts';
import type { Config } from '../config/config.ts';
import { loadPolicies, POLICIES_FOLDER } from '../gate/policies.ts';
import { LEVELS, type Level } from '../model/finding.ts';
import { failed, ok, type Result } from '../model/problem.ts';
import type { JudgeResource } from '../model/violation.ts';
import { takeIn } from '../respond/intake.ts';
import type { Store } from '../store/store.ts';
import { resourceJudge } from './resource-judge.ts';
import { templateLines } from './template-lines.ts';

const SECOND = 1_000;
const MINUTE = 60_000;

/** What is read once before a watch audits. */
export interface AuditSetup {
  readonly judge: JudgeResource;
  readonly levels: ReadonlyMap<string, Level>;
  /** The types of resources that a policy speaks of, or whose changes can be taken back. */
  readonly types: readonly string[];
}

export function setUpAudit({ audit, base }: Config): Result<AuditSetup> {
  const paths = [
    ...(audit.builtinPolicies ? [POLICIES_FOLDER] : []),
    ...audit.policies.map((path) => resolve(base, path)),
  ];
  const { policies, problems } = loadPolicies(paths);
  if (problems.length > 0) return failed(problems);
  return ok({
    judge: resourceJudge(policies),
    levels: new Map(policies.map(({ header }) => [header.id, header.severity])),
    types: [
      ...new Set([
        ...policies.flatMap(({ header }) => header.resources),
        ...INVERSES.map(({ type }) => type),
      ]),
    ].sort(),
  });
}

export interface AuditWorld {
  readonly onTrouble: (reason: string) => void;
  readonly store: Store;
  readonly aws: AwsClients;
  readonly now: () => number;
}

/** The events that an auditor wants to see. */
export const isAudited = mayChange;

/** Who runs an audit. */
export interface Self {
  /** ARNs of principals whose changes are Cordon's. */
  readonly own: readonly string[];
  readonly account: string;
}

export function auditorOf(
  config: Config,
  setup: AuditSetup,
  { own, account }: Self,
  { store, aws, now, onTrouble }: AuditWorld,
): Auditor {
  const { audit, window } = config;
  return auditor(
    {
      settle: audit.settle * SECOND,
      longest: audit.longest * SECOND,
      assess: (call, tagged) => assess(call, tagged, config.approval, own),
      roles: config.approval.roles,
      onTrouble,
      responseTo: responses(config, setup.levels),
      placeToFix: templateLines(audit.templates, config.base),
    },
    {
      store,
      aws,
      judge: setup.judge,
      account,
      now,
      takeIn: (runs, changes, bindingOf) =>
        takeIn(
          store,
          { runs, badRecords: [], changes },
          { window: window * MINUTE, bindingOf, endsForGood: true },
          now,
        ),
    },
  );
}

/** What a finding of audit is bound to; nothing for one of another rule. */
export function auditBinding(
  config: Config,
  { levels }: AuditSetup,
): (ruleId: string) => Response | undefined {
  const ofPolicy = responses(config, levels);
  return (ruleId) => {
    if (levels.has(ruleId)) return ofPolicy(ruleId);
    if (ruleId !== UNAPPROVED.id) return undefined;
    const { mode, playbook = ROLL_BACK } = config.approval.unapproved.all;
    return mode === 'ignore' ? undefined : { mode, playbook };
  };
}

/** The first binding that is for a policy. */
export function responses(
  { audit }: Config,
  levels: ReadonlyMap<string, Level>,
): (policyId: string) => Response {
  return (policyId) => {
    const level = LEVELS.indexOf(levels.get(policyId) ?? 'informational');
    const bound = audit.bindings.find(
      ({ policy, level: least }) =>
        (policy === '*' || policy === policyId) && level >= LEVELS.indexOf(least ?? 'informational'),
    );
    if (bound === undefined) return { mode: 'record' };
    const { mode, playbook } = bound;
    return { mode, ...(playbook === undefined ? {} : { playbook }) };
  };
}

/** Who runs this: its own changes are not answered. Throws when AWS does not say. */
export async function selfOf({ audit }: Config, aws: AwsClients): Promise<Self> {
  const sts = await aws.use('sts');
  const { Arn, Account } = await sts.getCallerIdentity({});
  if (Arn === undefined || Account === undefined)
    throw new Error('STS does not say whose credentials these are');
  return { own: [...audit.own, Arn], account: Account };
}
