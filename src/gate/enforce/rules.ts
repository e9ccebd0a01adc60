import { z } from 'zod';
import { LEVELS } from '../../model/finding.ts';
import { failed, ok, problemOfFile, type Result } from '../../model/problem.ts';
import type { Severity } from '../severity.ts';

/** What stops a change where the gate is enforced: by a hook, at the door. */
export interface EnforcementRules {
  /** Findings of this severity or worse stop a change; the others are only told. */
  readonly failOn: Severity;
  /** Where a policy cannot be read or applied, or the change itself cannot be read. */
  readonly onError: Choice;
  /** Where a policy depends on a value that is known only when the change is made. */
  readonly onUndecided: Choice;
  /** Where a part of the change cannot be looked into: a macro, a nested stack. */
  readonly onNotJudged: Choice;
  /** Whether whoever writes a template may accept its findings in its metadata. */
  readonly templateSuppressions: boolean;
}

type Choice = 'refuse' | 'allow';

/** Environment variables, as the configuration of a Lambda function has them. */
export type Environment = Readonly<Record<string, string | undefined>>;

const choice = z.enum(['refuse', 'allow']);

export const RULES_SCHEMA = {
  CORDON_FAIL_ON: z.enum(LEVELS).default('high'),
  CORDON_ON_ERROR: choice.default('refuse'),
  CORDON_ON_UNDECIDED: choice.default('allow'),
  CORDON_ON_NOT_JUDGED: choice.default('refuse'),
  CORDON_TEMPLATE_SUPPRESSIONS: choice.default('refuse'),
};

export function rulesOf(settings: {
  readonly CORDON_FAIL_ON: Severity;
  readonly CORDON_ON_ERROR: Choice;
  readonly CORDON_ON_UNDECIDED: Choice;
  readonly CORDON_ON_NOT_JUDGED: Choice;
  readonly CORDON_TEMPLATE_SUPPRESSIONS: Choice;
}): EnforcementRules {
  return {
    failOn: settings.CORDON_FAIL_ON,
    onError: settings.CORDON_ON_ERROR,
    onUndecided: settings.CORDON_ON_UNDECIDED,
    onNotJudged: settings.CORDON_ON_NOT_JUDGED,
    templateSuppressions: settings.CORDON_TEMPLATE_SUPPRESSIONS === 'allow',
  };
}

/** Names separated by commas or spaces. */
export const wordList = z
  .string()
  .default('')
  .transform((text) => text.split(/[\s,]+/).filter((word) => word !== ''));

/** Which policies judge, and what is accepted. */
export const FILES_SCHEMA = {
  CORDON_POLICIES: wordList,
  CORDON_DEFAULT_POLICIES: z.enum(['yes', 'no']).default('yes'),
  CORDON_SUPPRESSIONS: wordList,
};

export function filesOf(settings: {
  readonly CORDON_POLICIES: readonly string[];
  readonly CORDON_DEFAULT_POLICIES: 'yes' | 'no';
  readonly CORDON_SUPPRESSIONS: readonly string[];
}) {
  return {
    policies: settings.CORDON_POLICIES,
    defaultPolicies: settings.CORDON_DEFAULT_POLICIES === 'yes',
    suppressions: settings.CORDON_SUPPRESSIONS,
  };
}

/** Reads settings from the environment; an empty variable is as good as none, an unknown one is a mistake. */
export function settingsOf<T extends z.ZodRawShape>(
  environment: Environment,
  shape: T,
): Result<z.output<z.ZodObject<T>>> {
  const given = Object.entries(environment).filter(([name, value]) => name.startsWith('CORDON_') && value);
  const unknown = given.map(([name]) => name).filter((name) => !(name in shape) && name !== 'CORDON_DEBUG');
  const parsed = z.object(shape).safeParse(Object.fromEntries(given));
  const problems = [
    ...unknown.map((name) =>
      problemOfFile(name, 'is no setting', { expected: Object.keys(shape).join(', ') }),
    ),
    ...(parsed.error?.issues ?? []).map(({ path, message }) => problemOfFile(String(path[0]), message)),
  ];
  return parsed.success && problems.length === 0 ? ok(parsed.data) : failed(problems);
}
