import { existsSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { z } from 'zod';
import { parseRange } from '../intel/address.ts';
import { MODES } from '../model/incident.ts';
import { failed, ok, type Problem, problemOfFile, type Result } from '../model/problem.ts';
import { problemAtPath, type YamlDocument } from '../yaml/document.ts';
import { nearest } from '../yaml/nearest.ts';
import { readYaml } from '../yaml/read.ts';
import { validate } from '../yaml/validate.ts';
import { approvalSchema } from './approval.ts';
import { auditSchema } from './audit.ts';
import { evidenceSchema } from './evidence.ts';
import { guardrailsSchema } from './guardrails.ts';
import { listsSchema } from './lists.ts';
import { sourceSchema } from './sources.ts';

const network = z.string().refine((text) => parseRange(text) !== undefined, 'no address and no network');
const seconds = z.number().positive().max(86_400);

const scalar = z.union([z.string(), z.number(), z.boolean()]);
const inputValue = z.union([scalar, z.array(scalar)]);

const schema = z.strictObject({
  aws: z.strictObject({ region: z.string().default('us-east-1'), endpoint: z.url().optional() }).prefault({}),
  /** Where Cordon keeps what it must not forget. */
  state: z.string().default('.cordon'),
  sources: z.array(sourceSchema).default([]),
  /** Folders and files of Sigma rules besides the ones in the box. */
  rules: z.array(z.string()).default([]),
  builtinRules: z.boolean().default(true),
  /** Folders and files of Sigma processing pipelines, after the one in the box. */
  pipelines: z.array(z.string()).default([]),
  playbooks: z.array(z.string()).default([]),
  /** What `%name%` stands for in a rule: words, or a list of addresses and names; and what is never bad. */
  lists: listsSchema.default({}),
  /** Our own networks, for traffic of interfaces that EC2 does not know. */
  networks: z.array(network).default(['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7']),
  bindings: z
    .array(
      z
        .strictObject({
          rule: z.string(),
          playbook: z.string().optional(),
          /** Values of the playbook's inputs. */
          with: z.record(z.string(), inputValue).optional(),
          /** Without a word: a playbook is only observed, and what has none is recorded. */
          mode: z.enum(MODES).optional(),
        })
        .transform(({ mode, with: given, ...binding }) => ({
          ...binding,
          ...(given === undefined ? {} : { with: given }),
          mode: mode ?? (binding.playbook === undefined ? ('record' as const) : ('observe' as const)),
        })),
    )
    .default([
      { rule: 'rejected-outbound-traffic', playbook: 'contain-and-terminate', mode: 'observe' },
      { rule: 'known-bad-address', playbook: 'contain-and-terminate', mode: 'observe' },
    ]),
  /** Minutes between two events of a subject that still belong to one incident. */
  window: z.number().positive().default(60),
  correlation: z
    .strictObject({
      /** Seconds that an event may come later than one with a later time; so long correlations wait. */
      lateness: z.number().min(0).max(86_400).default(600),
    })
    .prefault({}),
  audit: auditSchema.prefault({}),
  /** Which changes are approved by who makes them, and what happens to the others. */
  approval: approvalSchema.prefault({}),
  guardrails: guardrailsSchema,
  evidence: evidenceSchema,
  timing: z
    .strictObject({
      /** Seconds between two looks at a source that has nothing new. */
      sourcePoll: seconds.default(5),
      /** Seconds between two looks at something that AWS is still doing. */
      awsPoll: seconds.default(15),
      /** Seconds before a failed step is tried again; doubled each time. */
      retry: seconds.default(5),
      /** Seconds that a describe call of AWS may lag behind a create call. */
      settle: seconds.default(30),
    })
    .prefault({}),
});

export type Config = z.output<typeof schema> & {
  /** The folder that relative paths of the file start from. */
  readonly base: string;
  readonly document?: YamlDocument;
};

/** A configuration that is made by a program; throws when it is wrong. */
export function configOf(settings: z.input<typeof schema>, base: string): Config {
  return { ...schema.parse(settings), base };
}

export const CONFIG_FILE = 'cordon.yaml';

/** Reads a configuration file; without one, and none named, the defaults hold. */
export function loadConfig(file: string | undefined): Result<Config> {
  const path = file ?? CONFIG_FILE;
  if (!existsSync(path)) {
    if (file !== undefined) return failed([problemOfFile(file, 'there is no such file')]);
    return ok(configOf({}, process.cwd()));
  }
  const read = readYaml({ file: path, text: readFileSync(path, 'utf8') });
  if (!read.ok) return read;
  const [document] = read.value;
  if (document === undefined || document.value === null) return ok(configOf({}, dirname(resolve(path))));
  const checked = validate(document, schema);
  if (!checked.ok) return checked;
  const problems = [...bindingProblems(document, checked.value), ...listProblems(document, checked.value)];
  return problems.length > 0
    ? failed(problems)
    : ok({ ...checked.value, base: dirname(resolve(path)), document });
}

function bindingProblems(document: YamlDocument, { bindings }: z.output<typeof schema>): Problem[] {
  return bindings.flatMap(({ playbook, mode }, index) =>
    playbook === undefined && mode !== 'record'
      ? [
          problemAtPath(document, ['bindings', index, 'mode'], `mode ${mode} needs a playbook`, {
            expected: 'a playbook, or mode: record',
          }),
        ]
      : [],
  );
}

/** A list of lists names lists that are there, and no list of lists. */
function listProblems(document: YamlDocument, { lists }: z.output<typeof schema>): Problem[] {
  const names = Object.keys(lists).filter((name) => lists[name]?.lists === undefined);
  return Object.entries(lists).flatMap(([list, { lists: parts = [] }]) =>
    parts.flatMap((part, index) =>
      names.includes(part) && lists[part]?.literal !== true
        ? []
        : [
            problemAtPath(document, ['lists', list, 'lists', index], `there is no list ${part} to take`, {
              expected: names.join(', ') || 'the name of another list',
              fix: nearest(part, names),
            }),
          ],
    ),
  );
}
