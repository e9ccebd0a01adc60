import type { Incident } from '../model/incident.ts';
import type { Json } from '../model/json.ts';
import { shellWord } from '../model/shell-word.ts';
import type { CaseChange } from './case-change.ts';
import type { CaseFacts } from './case-report.ts';
import type { CaseStep } from './case-steps.ts';

/** The phases of NIST SP 800-61 Rev. 2, which are still how teams speak, with the functions that Rev. 3 maps them to. */
export const PHASES = {
  analysis: 'Detection and analysis (CSF 2.0: Detect, Respond – RS.MA, RS.AN)',
  containment: 'Containment (CSF 2.0: Respond – RS.MI-01)',
  eradication: 'Eradication (CSF 2.0: Respond – RS.MI-02)',
  recovery: 'Recovery (CSF 2.0: Recover – RC.RP)',
  communication: 'Reporting and communication (CSF 2.0: Respond – RS.CO)',
  improvement: 'Post-incident activity (CSF 2.0: Identify – ID.IM)',
} as const;

export interface NextStep {
  readonly phase: keyof typeof PHASES;
  readonly what: string;
  readonly commands: readonly string[];
}

/**
 * What a person does now, made of what was found and done.
 * Sources: NIST SP 800-61 Rev. 2, section 3; Rev. 3 (CSF 2.0 Community Profile), section 3.
 */
export function nextSteps(facts: CaseFacts, steps: readonly CaseStep[], change?: CaseChange): NextStep[] {
  const { incident } = facts;
  const waits = ['awaiting-approval', 'needs-decision'].includes(incident.state);
  const decide: NextStep[] = waits
    ? [
        {
          phase: 'containment',
          what: `Decide: ${incident.reason ?? 'the case waits for a person'}.`,
          commands: [
            `cordon approve ${incident.id} --reason TEXT`,
            `cordon deny ${incident.id} --reason TEXT`,
          ],
        },
      ]
    : [];
  return [
    ...proofOf(facts),
    ...(change === undefined ? analysis(facts, steps) : []),
    ...decide,
    ...(change === undefined
      ? [...containment(facts, steps), ...eradication(facts), ...recovery(steps)]
      : changeSteps(facts.incident, change)),
    ...afterwards(facts, steps, change),
  ];
}

function proofOf({ incident, evidence }: CaseFacts): NextStep[] {
  if (evidence?.whole) return [];
  const commands = [`cordon evidence verify ${incident.id}`, 'cordon ledger verify'];
  const what = 'Find out why the evidence is not whole before relying on it.';
  return [{ phase: 'analysis', what, commands }];
}

function analysis({ incident }: CaseFacts, steps: readonly CaseStep[]): NextStep[] {
  const snapshots = snapshotsOf(steps);
  const region = shellWord(incident.subject.region);
  return [
    ...(snapshots.length === 0
      ? []
      : [
          {
            phase: 'analysis' as const,
            what: `Examine the ${snapshots.length === 1 ? 'disk' : `${snapshots.length} disks`} read-only, on a machine of a network that reaches nothing: how did they come in, what did they leave?`,
            commands: snapshots.map(
              (id) =>
                `aws ec2 create-volume --region ${region} --availability-zone ${region}a --snapshot-id ${shellWord(id)}`,
            ),
          },
        ]),
    {
      phase: 'analysis',
      what: `Look for the same in what is still running: everything that talked with the same addresses, and what ${incident.subject.id} did in the hours before.`,
      commands: [`cordon explain ${incident.id} --lines 200`],
    },
  ];
}

function containment({ incident, findings }: CaseFacts, steps: readonly CaseStep[]): NextStep[] {
  const contained = steps.some(({ state, effect }) => state === 'done' && effect !== 'read');
  if (contained || findings.length === 0) return [];
  return [
    {
      phase: 'containment',
      what: `${incident.subject.id} was not contained: cut it off by hand if what was seen is real.`,
      commands: [],
    },
  ];
}

/** What the instance was made of is what the next one will be made of. */
function eradication({ file, incident }: CaseFacts): NextStep[] {
  const instance = asObject(file('instance.json'));
  if (instance === undefined) return [];
  const profile = text(asObject(instance.IamInstanceProfile)?.Arn);
  const image = text(instance.ImageId);
  const key = text(instance.KeyName);
  const region = shellWord(incident.subject.region);
  return [
    ...(profile === undefined
      ? []
      : [
          {
            phase: 'eradication' as const,
            what: `Revoke the sessions of the role in ${profile}: its credentials could be read on the instance, and work elsewhere until they end. Then look in CloudTrail for what was done with them.`,
            commands: [
              `aws iam get-instance-profile --instance-profile-name ${shellWord(profile.split('/').at(-1) ?? '')}`,
            ],
          },
        ]),
    {
      phase: 'eradication',
      what: 'Rotate every secret that the instance could read: those in its user data (user-data in the case), in its files, and in Secrets Manager and Parameter Store as far as its role may.',
      commands: [],
    },
    ...(image === undefined
      ? []
      : [
          {
            phase: 'eradication' as const,
            what: `Close the way in where else it is open: what else runs from ${image}${key === undefined ? '' : `, and takes the key pair ${key}`}?`,
            commands: [
              `aws ec2 describe-instances --region ${region} --filters Name=image-id,Values=${shellWord(image)}`,
            ],
          },
        ]),
  ];
}

function recovery(steps: readonly CaseStep[]): NextStep[] {
  // What is gone has nothing to be given back.
  const gone = steps.some(({ state, effect }) => state === 'done' && effect === 'irreversible');
  return steps.flatMap(({ action, state, undo, title }): NextStep[] => {
    if (state !== 'done' || undo === undefined || undo.kind === 'nothing') return [];
    if (undo.kind === 'by')
      return gone
        ? []
        : [
            {
              phase: 'recovery',
              what: `When it is clean: take back “${title}” (${undo.how}).`,
              commands: [],
            },
          ];
    const how =
      action === 'terminate-instance'
        ? ' Build anew from a trusted image; bring back data, not programs, from the snapshots once they are examined.'
        : '';
    const what = `“${title}” cannot be taken back: ${undo.why}.${how}`;
    return [{ phase: 'recovery', what, commands: undo.commands }];
  });
}

function afterwards(
  { incident, findings, evidence }: CaseFacts,
  steps: readonly CaseStep[],
  change: CaseChange | undefined,
): NextStep[] {
  const snapshots = snapshotsOf(steps);
  const rules = findings.map(({ rule }) => rule.id).join(', ');
  const callers = callersOf(change);
  return [
    {
      phase: 'communication',
      what: `Tell ${callers === '' ? '' : `${callers}, `}the owner of ${incident.subject.id} and of account ${incident.subject.account}; ask whether data was reached that must be reported.`,
      commands: [],
    },
    {
      phase: 'improvement',
      ...(change === undefined
        ? {
            what: `Was it right? Adjust ${rules || 'the rules'} or the binding, and see what that changes in the logs you have.`,
            commands: ['cordon replay LOGS --compare'],
          }
        : {
            what: `Was it right? Adjust ${rules || 'the rules'}, or list who may change this by hand.`,
            commands: [],
          }),
    },
    ...(snapshots.length === 0 && evidence === undefined
      ? []
      : [
          {
            phase: 'improvement' as const,
            what: `Decide how long the evidence is kept${snapshots.length === 0 ? '' : `, and delete ${snapshots.join(', ')} after that: they cost until then`}.`,
            commands: [],
          },
        ]),
  ];
}

function changeSteps({ id, subject }: Incident, change: CaseChange): NextStep[] {
  const back = change.state === 'taken-back';
  const callers = callersOf(change);
  const history: NextStep = {
    phase: 'analysis',
    what: `Ask ${callers === '' ? 'who changed it' : callers} what it was for. If nobody knows of it, its credentials are in other hands: look at everything else it did.`,
    commands: [`cordon audit history ${shellWord(subject.id)}`],
  };
  const there: NextStep = {
    phase: 'containment',
    what: `The change of ${subject.id} is in force: take it back by hand if nobody wants it.`,
    commands: [],
  };
  const wanted: NextStep = {
    phase: 'recovery',
    what: 'If the change was wanted, bring it in as it should be, through a template and the gate; only if it cannot wait, set it again as it was.',
    commands: [`cordon undo ${id} --reason TEXT`],
  };
  return back ? [history, wanted] : [history, there];
}

function callersOf(change: CaseChange | undefined): string {
  return [...new Set((change?.callers ?? []).map(({ by }) => by))].filter((by) => by !== '').join(', ');
}

function snapshotsOf(steps: readonly CaseStep[]): string[] {
  const output = steps.findLast(
    ({ action, state }) => action === 'snapshot-volumes' && state === 'done',
  )?.output;
  return (Array.isArray(output) ? (output as readonly Json[]) : []).flatMap(
    (one) => text(asObject(one)?.snapshotId) ?? [],
  );
}

function asObject(value: Json | undefined): Readonly<Record<string, Json>> | undefined {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
    ? (value as Readonly<Record<string, Json>>)
    : undefined;
}

function text(value: Json | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
