import type { GuardDuty } from '@aws-sdk/client-guardduty';
import { z } from 'zod';
import { awsErrorCode } from '../../aws/errors.ts';
import { type ActionOutcome, defineAction, done, type UndoContext } from '../action.ts';
import { CASE_TAG } from '../instance/instance.ts';

interface Enabled {
  readonly detectorId: string;
  /** What Cordon did; nothing when it was on already. */
  readonly did: 'created' | 'enabled' | null;
}

export const enableGuardDuty = defineAction({
  name: 'enable-guardduty',
  title: 'Enable GuardDuty',
  group: 'trail',
  subjects: [],
  effect: 'reversible',
  needs: [],
  permissions: [
    'guardduty:CreateDetector',
    'guardduty:GetDetector',
    'guardduty:ListDetectors',
    'guardduty:TagResource',
    'guardduty:UpdateDetector',
    'iam:CreateServiceLinkedRole',
  ],
  about: {
    precondition: 'nothing: it is of the account and region',
    effect: 'enables the detector of the region, or creates one, with the features that the playbook names',
    proof: 'GuardDuty says that the detector is ENABLED',
    idempotency: 'an account has one detector in a region, and one that is enabled is left alone',
  },
  input: z.strictObject({
    /** Of a detector that is created, beside what every detector does, e.g. `S3_DATA_EVENTS`. */
    features: z.array(z.string().regex(/^[A-Z0-9_]+$/, 'a feature, e.g. S3_DATA_EVENTS')).default([]),
    /** How often findings that go on are told again. */
    frequency: z.enum(['FIFTEEN_MINUTES', 'ONE_HOUR', 'SIX_HOURS']).default('SIX_HOURS'),
  }),
  undo: {
    kind: 'by',
    how: 'suspend the detector, or delete the one that it created',
    permissions: ['guardduty:DeleteDetector', 'guardduty:GetDetector', 'guardduty:UpdateDetector'],
    run: disable,
  },
  plan: (_, { features }) =>
    `enable GuardDuty${features.length === 0 ? '' : ` with ${features.join(', ')}`} (UpdateDetector or CreateDetector)`,
  async run({ aws, incident, input, earlierTry }) {
    const guardduty = await aws.use('guardduty');
    const { DetectorIds = [] } = await guardduty.listDetectors();
    const existing = DetectorIds[0];
    const before = existing === undefined ? undefined : await detectorOf(guardduty, existing);
    const detectorId =
      existing ??
      (
        await guardduty.createDetector({
          Enable: true,
          ClientToken: `cordon-${incident.id}`.slice(0, 64),
          FindingPublishingFrequency: input.frequency,
          Features: input.features.map((Name) => ({ Name: Name as 'S3_DATA_EVENTS', Status: 'ENABLED' })),
          Tags: { [CASE_TAG]: incident.id },
        })
      ).DetectorId ??
      '';
    if (before !== undefined && !before.enabled)
      await guardduty.updateDetector({ DetectorId: detectorId, Enable: true });
    const after = await detectorOf(guardduty, detectorId);
    if (after?.enabled !== true) return { status: 'waiting', progress: `${detectorId} is not enabled yet` };
    const created = after.caseId === incident.id;
    const enabled = before !== undefined && (!before.enabled || earlierTry !== 'none');
    const output: Enabled = { detectorId, did: created ? 'created' : enabled ? 'enabled' : null };
    return done({ ...output }, `the detector ${detectorId} is enabled`);
  },
});

async function detectorOf(guardduty: GuardDuty, DetectorId: string) {
  try {
    const { Status, Tags = {} } = await guardduty.getDetector({ DetectorId });
    return { enabled: Status === 'ENABLED', caseId: Tags[CASE_TAG] };
  } catch (error) {
    // GuardDuty says so of a detector that is gone.
    if (awsErrorCode(error) === 'BadRequestException') return undefined;
    throw error;
  }
}

async function disable({ aws, undone, incident }: UndoContext): Promise<ActionOutcome> {
  const { detectorId, did } = undone as unknown as Enabled;
  if (did === null) return done(null, `the detector ${detectorId} was enabled before`);
  const guardduty = await aws.use('guardduty');
  const now = await detectorOf(guardduty, detectorId);
  if (now === undefined) return done(null, `the detector ${detectorId} is gone`);
  if (did === 'created') {
    if (now.caseId !== incident.id)
      return done(null, `the detector ${detectorId} has lost the tag of the case: it stays`);
    await guardduty.deleteDetector({ DetectorId: detectorId });
    return done(null, `the detector ${detectorId} is deleted`);
  }
  if (now.enabled) await guardduty.updateDetector({ DetectorId: detectorId, Enable: false });
  return done(null, `the detector ${detectorId} is suspended, as it was`);
}
