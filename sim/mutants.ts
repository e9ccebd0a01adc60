/** One change of one text in a file of the engine. */
interface Edit {
  /** From the root of the repository. */
  readonly file: string;
  readonly find: string;
  readonly replace: string;
}

/** The engine with one thing wrong that a person might get wrong: the simulation must find it. */
export interface Mutant {
  readonly name: string;
  readonly what: string;
  readonly edits: readonly Edit[];
}

const TERMINATE = 'src/actions/instance/terminate-instance.ts';
const TASK = 'src/respond/playbook/action-task.ts';
const JOURNALED = 'src/respond/playbook/journaled.ts';
const LIMITS = 'src/respond/guardrails/limits.ts';
const INTAKE = 'src/respond/intake.ts';

export const MUTANTS: readonly Mutant[] = [
  {
    name: 'no-lock',
    what: 'the folder has no lock: two watches work on one store',
    edits: [{ file: 'sim/simulate.ts', find: '[when(!runs, 14), start],', replace: '[14, start],' }],
  },
  {
    name: 'no-seal-check',
    what: 'an instance is terminated without a look at its evidence',
    edits: [
      {
        file: TERMINATE,
        find: 'const missing = await missingEvidence(context);',
        replace: 'const missing = [await missingEvidence(context)].find(() => false);',
      },
    ],
  },
  {
    name: 'no-wait-for-snapshots',
    what: 'snapshots are not waited for, and not asked for before the end',
    edits: [
      {
        file: 'src/actions/instance/await-snapshots.ts',
        find: 'wanted.length === 0 || open.length > 0',
        replace: 'wanted.length === 0',
      },
      {
        file: TERMINATE,
        find: 'return unsaved.length === 0 ? undefined',
        replace: 'return true ? undefined',
      },
    ],
  },
  {
    name: 'journal-after',
    what: 'that a step begins is not written before its first call',
    edits: [
      {
        file: JOURNALED,
        find: 'await write(entry, first.notes);',
        replace: 'await write(undefined, first.notes);',
      },
    ],
  },
  {
    name: 'starts-over',
    what: 'a step that the journal says is done is done again after a restart',
    edits: [
      {
        file: JOURNALED,
        find: "if (before?.state === 'done') return { status: 'done', output: before.output ?? null };",
        replace: '',
      },
    ],
  },
  {
    name: 'unknown-is-none',
    what: 'a call without an answer counts as one without an effect',
    edits: [
      {
        file: TASK,
        find: "isThrottled(error) ? 'no-effect' : 'unknown'",
        replace: "isThrottled(error) ? 'no-effect' : 'none'",
      },
      { file: TASK, find: "{ ...known, earlierTry: 'unknown' }", replace: 'known' },
    ],
  },
  {
    name: 'retrying-client',
    what: 'CreateSnapshots is called with the client that tries again by itself',
    edits: [
      {
        file: 'src/actions/instance/snapshot-volumes.ts',
        find: 'aws.ec2Once.createSnapshots',
        replace: 'aws.ec2.createSnapshots',
      },
    ],
  },
  {
    name: 'limits-in-memory',
    what: 'limits count only what this process has done',
    edits: [
      {
        file: LIMITS,
        find: 'const all = await store.occurrences(key, since);',
        replace: `const all = (await store.occurrences(key, since)).filter(({ at }) => at >= bornAt(store, now()));`,
      },
      { file: LIMITS, find: 'seen: [{ key, since, except, count: others.length }],', replace: '' },
      {
        file: LIMITS,
        find: 'interface CountedAs {',
        replace: `const born = new WeakMap<object, number>();
function bornAt(store: object, now: number): number {
  if (!born.has(store)) born.set(store, now);
  return born.get(store) ?? 0;
}
interface CountedAs {`,
      },
    ],
  },
  {
    name: 'stop-between-steps',
    what: 'a stop holds only what has not begun',
    edits: [
      {
        file: 'src/aws/calls.ts',
        find: 'if (reason !== undefined) throw new CallsHeld(reason);',
        replace: '',
      },
    ],
  },
  {
    name: 'share-of-one',
    what: 'of a group only what is missing is counted, not what is being answered',
    edits: [
      {
        file: 'src/respond/guardrails/group-share.ts',
        find: 'return stillThere + Math.max(0, missing, others.size - stillThere);',
        replace: 'return Math.max(0, missing);',
      },
    ],
  },
  {
    name: 'protected-untagged',
    what: 'the tags of an instance are not looked at',
    edits: [
      {
        file: 'src/respond/guardrails/protected-tag.ts',
        find: 'return found === undefined',
        replace: 'return [found].length > 0',
      },
    ],
  },
  {
    name: 'approve-is-enforce',
    what: 'what is to be approved begins by itself',
    edits: [
      {
        file: 'src/respond/verdict.ts',
        find: "if (refusal !== undefined || mode === 'approve')",
        replace: 'if (refusal !== undefined)',
      },
    ],
  },
  {
    name: 'twice-the-same-person',
    what: 'one person who says yes twice counts as two',
    edits: [
      {
        file: 'src/respond/guardrails/two-persons.ts',
        find: 'return [...new Set(holding.map(({ by }) => by))];',
        replace: 'return holding.map(({ by }) => by);',
      },
    ],
  },
  {
    name: 'position-later',
    what: 'how far the logs are read is written after what was found in them',
    edits: [
      {
        file: INTAKE,
        find: "if (batch.position !== undefined) changes.push({ kind: 'position', position: batch.position });",
        replace: '',
      },
      {
        file: INTAKE,
        find: 'await store.commit(await changesOf(store, batch, settings, now));',
        replace: `await store.commit(await changesOf(store, batch, settings, now));
      if (batch.position !== undefined) await store.commit([{ kind: 'position', position: batch.position }]);`,
      },
    ],
  },
  {
    name: 'undo-in-words',
    what: 'an undo says that the groups are back and puts none back',
    edits: [
      {
        file: 'src/actions/instance/isolate-instance.ts',
        find: 'await context.aws.ec2.modifyNetworkInterfaceAttribute({ NetworkInterfaceId: id, Groups: [...groupIds] });',
        replace: 'await Promise.resolve(groupIds);',
      },
    ],
  },
  {
    name: 'never-closed',
    what: 'a conflict with what is found meanwhile leaves a case unanswered for ever',
    edits: [
      {
        file: 'src/respond/responder.ts',
        find: '.finally(() => running.delete(incident.id));',
        replace: ';',
      },
    ],
  },
];

export function mutantNamed(name: string): Mutant {
  const found = MUTANTS.find((one) => one.name === name);
  if (found === undefined)
    throw new Error(`there is no mutant ${name}: ${MUTANTS.map((one) => one.name).join(', ')}`);
  return found;
}

/** A file of the engine as the mutant has it; the same text for a file that it leaves alone. */
export function broken({ name, edits }: Mutant, file: string, text: string): string {
  return edits
    .filter((edit) => edit.file === file)
    .reduce((before, { find, replace }) => {
      if (before.split(find).length !== 2) throw new Error(`${name}: ${file} has not once: ${find}`);
      return before.replace(find, () => replace);
    }, text);
}
