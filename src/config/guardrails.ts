import { z } from 'zod';
import { LIMITED, WEEKDAYS } from '../respond/guardrails/settings.ts';

const clock = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'a time such as 22:00');
const account = z.string().regex(/^\d{12}$/, 'the 12 digits of an account, in quotes');
const zone = z.string().refine(isTimeZone, 'no time zone of the IANA database, such as Europe/Berlin');

function isTimeZone(timeZone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone });
    return true;
  } catch {
    return false;
  }
}

const limit = z
  .strictObject({
    of: z.enum(LIMITED),
    /** Of one account, rule, action group or action. */
    only: z.string().optional(),
    per: z.enum(['hour', 'day']),
    max: z.int().min(0),
  })
  .refine(({ of, only }) => only === undefined || (of !== 'responses' && of !== 'irreversible'), {
    path: ['only'],
    message: 'responses and irreversible steps are counted all together',
  });

/** How far Cordon may go by itself. */
export const guardrailsSchema = z
  .strictObject({
    protectedTags: z.array(z.string().min(1)).default(['cordon:protected']),
    protectedAccounts: z.array(account).default([]),
    protectedResources: z.array(z.string().min(1)).default([]),
    responsesPerHour: z.int().min(0).default(3),
    limits: z.array(limit).default([
      { of: 'responses', per: 'day', max: 20 },
      { of: 'irreversible', per: 'hour', max: 3 },
      { of: 'irreversible', per: 'day', max: 10 },
    ]),
    /** Percent of an Auto Scaling group or target group that may be lost within a day. */
    groupShare: z.union([z.literal(false), z.number().min(0).max(100)]).default(34),
    quietHours: z
      .array(
        z.strictObject({ from: clock, to: clock, zone, days: z.array(z.enum(WEEKDAYS)).min(1).optional() }),
      )
      .default([]),
    /** Two people for whatever cannot be undone, or for some actions. */
    twoPersons: z.union([z.boolean(), z.array(z.string())]).default(false),
    /** Hours that a person has to answer, and that an answer holds. */
    approvalExpires: z.number().positive().max(8_760).default(24),
    noisyRule: z
      .union([
        z.literal(false),
        z.strictObject({
          factor: z.number().min(1).default(50),
          minimum: z.int().min(1).default(20),
        }),
      ])
      .prefault({}),
  })
  .prefault({});
