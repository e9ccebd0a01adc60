import type { FieldValue } from '../model/event.ts';
import { compareOrder } from './order.ts';
import type { ModifierFault, Order, ValueTest } from './value-test.ts';

/** The parts of a date that modifiers take, with their least and greatest value. */
export const TIME_PARTS = {
  minute: [0, 59],
  hour: [0, 23],
  day: [1, 31],
  week: [1, 53],
  month: [1, 12],
  year: [0, 9999],
} as const;
export type TimePart = keyof typeof TIME_PARTS;

/** `minute` … `year`, alone or before `gt`, `gte`, `lt`, `lte`. Source: Sigma modifiers appendix, "Time Modifiers". */
export function timePartTest(
  part: TimePart,
  value: unknown,
  order: Order | undefined,
): ValueTest | ModifierFault {
  const [least, greatest] = TIME_PARTS[part];
  const wanted = typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value;
  if (typeof wanted !== 'number' || !Number.isInteger(wanted) || wanted < least || wanted > greatest) {
    return { fault: `${part} takes a whole number`, expected: `${least} to ${greatest}` };
  }
  return {
    pattern: `${part} ${order === undefined ? '' : `${order} `}${wanted}`,
    matches(found) {
      const date = dateOf(found);
      if (date === undefined) return false;
      const actual = partOf(date, part);
      return order === undefined ? actual === wanted : compareOrder(order, actual, wanted);
    },
  };
}

const ISO = /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d))?/;
/** As web servers and S3 write it: `[06/Feb/2019:00:00:38 +0000]`. */
const COMMON_LOG = /^\[?(\d\d)\/([A-Z][a-z]{2})\/(\d{4}):(\d\d):(\d\d)/;
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
/** Numbers below are seconds since the epoch, others milliseconds: 100 000 000 000 is the year 5138, or 1973. */
const FIRST_MILLISECONDS = 1e11;

/** The clock as the field shows it, whatever zone it names; numbers are UTC. */
function dateOf(value: FieldValue | undefined): Date | undefined {
  if (typeof value === 'string') {
    const iso = ISO.exec(value);
    if (iso !== null) return clock(iso[1], Number(iso[2]) - 1, iso[3], iso[4], iso[5]);
    const common = COMMON_LOG.exec(value);
    if (common !== null) {
      return clock(common[3], MONTHS.indexOf(common[2] ?? ''), common[1], common[4], common[5]);
    }
  }
  const number = typeof value === 'string' && /^\d{9,16}(\.\d+)?$/.test(value) ? Number(value) : value;
  if (typeof number !== 'number') return undefined;
  const date = new Date(number < FIRST_MILLISECONDS ? number * 1000 : number);
  return Number.isNaN(date.getTime()) ? undefined : date;
}

type Digits = string | undefined;

function clock(
  year: Digits,
  month: number,
  day: Digits,
  hour: Digits = '0',
  minute: Digits = '0',
): Date | undefined {
  const [y, d, h, m] = [Number(year), Number(day), Number(hour), Number(minute)];
  const date = new Date(0);
  date.setUTCFullYear(y, month, d);
  date.setUTCHours(h, m);
  const same = date.getUTCMonth() === month && date.getUTCDate() === d && h < 24 && m < 60;
  return same ? date : undefined;
}

function partOf(date: Date, part: TimePart): number {
  switch (part) {
    case 'minute':
      return date.getUTCMinutes();
    case 'hour':
      return date.getUTCHours();
    case 'day':
      return date.getUTCDate();
    case 'week':
      return weekOf(date);
    case 'month':
      return date.getUTCMonth() + 1;
    case 'year':
      return date.getUTCFullYear();
  }
}

const DAY_MS = 86_400_000;

/** ISO 8601: week 1 has the year's first Thursday. */
function weekOf(date: Date): number {
  const weekday = (date.getUTCDay() + 6) % 7;
  const thursday = new Date(date);
  thursday.setUTCDate(date.getUTCDate() - weekday + 3);
  const newYear = Date.UTC(thursday.getUTCFullYear(), 0, 1);
  return 1 + Math.floor((thursday.getTime() - newYear) / (7 * DAY_MS));
}
