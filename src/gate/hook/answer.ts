import { printable } from '../../model/printable.ts';
import { templateSubject, touchedOf } from '../check.ts';
import { subjectOfChanges, subjectOfResource } from '../enforce/changes.ts';
import { type Judgement, type Judging, judgementOf, unreadable } from '../enforce/judgement.ts';
import { findingText, wordsOf } from '../enforce/words.ts';
import type { GateFinding } from '../finding.ts';
import type { Severity } from '../severity.ts';
import { type FetchOptions, fetchPayload, type HookPayload, PayloadError } from './payload.ts';
import { type HookRequest, readHookRequest } from './request.ts';
import { type HookSettings, skipped } from './settings.ts';

/** Source: CloudFormation Hooks User Guide, "Response input". */
export interface HookAnswer {
  readonly hookStatus: 'SUCCESS' | 'FAILED';
  readonly errorCode?: 'NonCompliant' | 'InternalFailure';
  readonly message: string;
  readonly clientRequestToken: string;
  readonly annotations?: readonly Annotation[];
}

interface Annotation {
  readonly annotationName: string;
  readonly status: 'FAILED' | 'SKIPPED';
  readonly statusMessage: string;
  readonly remediationMessage: string;
  readonly severityLevel: Uppercase<Severity>;
}

export interface Hook {
  readonly settings: HookSettings;
  readonly judging: Judging;
  readonly fetch?: FetchOptions;
}

/** Characters that are shown of a message. Source: as above, `message`. */
const MESSAGE_LIMIT = 4096;
const CLOUD_CONTROL_MESSAGE_LIMIT = 1024;
const MAX_ANNOTATIONS = 50;
/** Source: CloudFormation API Reference, "Annotation". */
const MAX_REMEDIATION = 16_384;

/** Never throws: a hook that fails without an answer tells nobody why. */
export async function answerHook(event: unknown, hook: Hook): Promise<HookAnswer> {
  const request = readHookRequest(event);
  if ('reason' in request) {
    const judgement = unreadable([request.reason], hook.judging);
    return answerOf(judgement, request.token, CLOUD_CONTROL_MESSAGE_LIMIT, hook);
  }
  const limit = request.cloudControl ? CLOUD_CONTROL_MESSAGE_LIMIT : MESSAGE_LIMIT;
  const success = (reason: string): HookAnswer => ({
    hookStatus: 'SUCCESS',
    message: printable(`Cordon: ${reason}`).slice(0, limit),
    clientRequestToken: request.token,
  });
  if (request.action === 'delete') return success('nothing is deployed that could be judged');
  const reason = skipped(request, hook.settings);
  if (reason !== undefined) return success(reason);
  return answerOf(await judged(request, hook), request.token, limit, hook);
}

async function judged(request: HookRequest, hook: Hook): Promise<Judgement> {
  const { target } = request;
  try {
    if (target.kind === 'resource') {
      const subject = subjectOfResource(target.type, target.logicalId, target.properties ?? {}, '<resource>');
      return judgementOf(subject, hook.judging);
    }
    return judgePayload(await fetchPayload(target.payload, hook.fetch), request, hook);
  } catch (error) {
    // A fault of Cordon itself is one more reason why the change is not judged.
    const text = error instanceof PayloadError ? error.message : `a fault inside of Cordon: ${error}`;
    return unreadable([text], hook.judging);
  }
}

function judgePayload(payload: HookPayload, request: HookRequest, { judging, settings }: Hook): Judgement {
  const given = { parameters: new Map(), region: request.region, account: request.account || undefined };
  const read = templateSubject({ file: 'template', text: payload.template }, given);
  if (!read.ok)
    return unreadable(
      read.problems.map(({ line, message }) => `line ${line}: ${message}`),
      judging,
    );
  const subject = read.value;
  const all = settings.scope === 'template';
  if (request.target.kind === 'change-set') {
    const ids = new Set(payload.changes.map(({ logicalId }) => logicalId));
    const touched = (findings: readonly GateFinding[]): readonly GateFinding[] =>
      findings.filter(({ resource }) => all || resource === undefined || ids.has(resource.logicalId));
    // What macros and modules make is among the changes.
    const seen = { ...subjectOfChanges(subject, payload.changes), notJudged: [] };
    return judgementOf(seen, judging, touched);
  }
  if (all || payload.previousTemplate === '') return judgementOf(subject, judging);
  const before = templateSubject({ file: 'template', text: payload.previousTemplate }, given);
  if (!before.ok) return judgementOf(subject, judging);
  return judgementOf(subject, judging, (findings) =>
    touchedOf(subject, findings, before.value, judging.judge),
  );
}

function answerOf(judgement: Judgement, token: string, limit: number, { settings }: Hook): HookAnswer {
  const { outcome } = judgement;
  const annotations = annotationsOf(judgement);
  const rest = {
    clientRequestToken: token,
    ...(annotations.length === 0 ? {} : { annotations }),
  };
  if (outcome === 'allowed' || settings.mode === 'observe') {
    const would = outcome === 'allowed' ? '' : 'Observed only, nothing is stopped. ';
    return { hookStatus: 'SUCCESS', message: would + wordsOf(judgement, limit - would.length), ...rest };
  }
  const errorCode = outcome === 'refused' ? 'NonCompliant' : 'InternalFailure';
  return { hookStatus: 'FAILED', errorCode, message: wordsOf(judgement, limit), ...rest };
}

function annotationsOf({ refusals, remarks }: Judgement): Annotation[] {
  return [...refusals, ...remarks].slice(0, MAX_ANNOTATIONS).map((finding) => ({
    annotationName: finding.policy.id,
    status: finding.verdict === 'undecided' ? 'SKIPPED' : 'FAILED',
    statusMessage: findingText(finding),
    remediationMessage: printable(finding.policy.fix || finding.policy.title, MAX_REMEDIATION - 1),
    severityLevel: finding.severity.toUpperCase() as Uppercase<Severity>,
  }));
}
