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
import type { DoorRequest } from './request.ts';

/** What the door does for engineers, set by those who keep it; nothing of it can be asked for. */
export interface DoorSettings {
  readonly rules: EnforcementRules;
  /** The role that CloudFormation deploys with. */
  readonly deployRole: string | undefined;
  /** Names of stacks that may be deployed and that may not, as globs; the second has the last word. */
  readonly stacks: readonly string[];
  readonly protectedStacks: readonly string[];
  readonly capabilities: readonly string[];
  /** Buckets that templates may come from. */
  readonly templateBuckets: readonly string[];
  /** Where the door puts templates that are too large to be handed over. */
  readonly uploadBucket: string | undefined;
}

const capability = z.enum(['CAPABILITY_IAM', 'CAPABILITY_NAMED_IAM', 'CAPABILITY_AUTO_EXPAND']);

const SCHEMA = {
  ...RULES_SCHEMA,
  ...FILES_SCHEMA,
  CORDON_DOOR_ROLE: z
    .string()
    .regex(/^arn:aws[a-z-]*:iam::\d{12}:role\/.+$/, 'no ARN of a role')
    .optional(),
  CORDON_DOOR_STACKS: wordList.transform((globs) => (globs.length === 0 ? ['*'] : globs)),
  CORDON_DOOR_PROTECTED_STACKS: wordList,
  CORDON_DOOR_CAPABILITIES: wordList.pipe(z.array(capability)),
  CORDON_DOOR_TEMPLATE_BUCKETS: wordList,
  CORDON_DOOR_UPLOAD_BUCKET: z.string().optional(),
};

export function doorSettings(environment: Environment): Result<DoorSettings & { readonly files: GateFiles }> {
  const read = settingsOf(environment, SCHEMA);
  if (!read.ok) return read;
  const settings = read.value;
  return {
    ok: true,
    value: {
      rules: rulesOf(settings),
      files: filesOf(settings),
      deployRole: settings.CORDON_DOOR_ROLE,
      stacks: settings.CORDON_DOOR_STACKS,
      protectedStacks: settings.CORDON_DOOR_PROTECTED_STACKS,
      capabilities: settings.CORDON_DOOR_CAPABILITIES,
      templateBuckets: settings.CORDON_DOOR_TEMPLATE_BUCKETS,
      uploadBucket: settings.CORDON_DOOR_UPLOAD_BUCKET,
    },
  };
}

/** What a request asks for and the door does not do. */
export function notAllowed(request: DoorRequest, settings: DoorSettings): string[] {
  const { stackName, capabilities, templateLocation } = request;
  const isOneOf = (globs: readonly string[]): boolean => globs.some((glob) => matchesGlob(stackName, glob));
  const reasons: string[] = [];
  if (!isOneOf(settings.stacks) || isOneOf(settings.protectedStacks))
    reasons.push(`the stack ${stackName} is not deployed through this door`);
  for (const one of capabilities) {
    if (!settings.capabilities.includes(one)) reasons.push(`${one} is not given through this door`);
  }
  const bucket = templateLocation?.slice('s3://'.length).split('/')[0];
  if (bucket !== undefined && !settings.templateBuckets.includes(bucket))
    reasons.push(`templates are not read from the bucket ${bucket}`);
  return reasons;
}
