import { type Guardrail, isGrave } from './guardrail.ts';
import { type QuietHours, WEEKDAYS, type Weekday } from './settings.ts';

/** When nobody is there to look, nothing that cannot be undone happens by itself. */
export const quietHours: Guardrail = {
  name: 'quiet-hours',
  yieldsToApproval: true,
  async ask(question, settings, { now }) {
    if (settings.quietHours.length === 0 || question.step === undefined || !isGrave(question)) return [];
    const quiet = settings.quietHours.find((one) => isQuiet(one, now()));
    return quiet === undefined
      ? [{ allowed: true, reason: 'it is outside the quiet hours' }]
      : [
          {
            allowed: false,
            reason: `it is in the quiet hours from ${quiet.from} to ${quiet.to} ${quiet.zone}: ${question.step.action.name} cannot be undone`,
          },
        ];
  },
};

/** Whether a time (milliseconds since the epoch) is in the window. */
export function isQuiet({ from, to, zone, days = WEEKDAYS }: QuietHours, at: number): boolean {
  const { time, day } = clockIn(zone, at);
  const dayBefore = WEEKDAYS[(WEEKDAYS.indexOf(day) + 6) % 7] as Weekday;
  if (from < to) return days.includes(day) && time >= from && time < to;
  // Over midnight; the same time twice is the whole day.
  return (days.includes(day) && time >= from) || (days.includes(dayBefore) && time < to);
}

/** What the clocks of a place show: summer time is theirs. */
function clockIn(timeZone: string, at: number): { readonly time: string; readonly day: Weekday } {
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).formatToParts(at);
  const part = (wanted: string): string => parts.find(({ type }) => type === wanted)?.value ?? '';
  return { time: `${part('hour')}:${part('minute')}`, day: part('weekday').toLowerCase() as Weekday };
}
