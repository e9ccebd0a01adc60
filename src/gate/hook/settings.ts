import { matchesGlob } from 'node:path';
import { z } from 'zod';
import type { Result } from '../../model/problem.ts';
import {
  type EnforcementRules,
  type Environment,
  FILES_SCHEMA,
  filesOf,
  RULES_SCHEMA,
  rulesOf,
  settingsOf,
  wordList,
} from '../enforce/rules.ts';
import type { GateFiles } from '../enforce/setup.ts';
import type { HookRequest } from './request.ts';

/** How a hook judges. */
export interface HookSettings {
  /** `observe` says what would be refused, and refuses nothing. */
  readonly mode: 'enforce' | 'observe';
  readonly rules: EnforcementRules;
  /** Of a stack or change set: only what changes stops it, or all that stands in the template. */
  readonly scope: 'changes' | 'template';
  readonly onlyTypes: readonly string[];
  readonly skipTypes: readonly string[];
  readonly skipStacks: readonly string[];
}

const SCHEMA = {
  ...RULES_SCHEMA,
  ...FILES_SCHEMA,
  // What a macro makes of a template, the same hook sees as resources.
  CORDON_ON_NOT_JUDGED: RULES_SCHEMA.CORDON_ON_NOT_JUDGED.unwrap().default('allow'),
  CORDON_MODE: z.enum(['enforce', 'observe']).default('enforce'),
  CORDON_SCOPE: z.enum(['changes', 'template']).default('changes'),
  CORDON_ONLY_TYPES: wordList,
  CORDON_SKIP_TYPES: wordList,
  CORDON_SKIP_STACKS: wordList,
};

export function hookSettings(environment: Environment): Result<HookSettings & { readonly files: GateFiles }> {
  const read = settingsOf(environment, SCHEMA);
  if (!read.ok) return read;
  const settings = read.value;
  return {
    ok: true,
    value: {
      mode: settings.CORDON_MODE,
      rules: rulesOf(settings),
      scope: settings.CORDON_SCOPE,
      onlyTypes: settings.CORDON_ONLY_TYPES,
      skipTypes: settings.CORDON_SKIP_TYPES,
      skipStacks: settings.CORDON_SKIP_STACKS,
      files: filesOf(settings),
    },
  };
}

/** Why a request is let through without a look, or nothing. Types and stacks are named by globs. */
export function skipped({ target, stack }: HookRequest, settings: HookSettings): string | undefined {
  const isOneOf = (name: string, globs: readonly string[]): boolean =>
    globs.some((glob) => matchesGlob(name, glob));
  if (stack !== undefined && isOneOf(stack, settings.skipStacks)) return `the stack ${stack} is not judged`;
  if (target.kind !== 'resource') return undefined;
  const { onlyTypes, skipTypes } = settings;
  const wanted = onlyTypes.length === 0 || isOneOf(target.type, onlyTypes);
  return wanted && !isOneOf(target.type, skipTypes) ? undefined : `${target.type} is not judged`;
}
