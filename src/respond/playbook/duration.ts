const UNITS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** A durable execution lasts 366 days at most. Source: AWS Lambda Developer Guide, "Configure Lambda durable functions". */
export const LONGEST = 365 * 86_400_000;

export const DURATION = /^[1-9]\d{0,7}[smhd]$/;

/** `90s`, `10m`, `24h` or `7d` in milliseconds. */
export function durationOf(text: string): number {
  return Number(text.slice(0, -1)) * (UNITS[text.slice(-1)] ?? Number.NaN);
}

/** As a playbook has it, in the largest unit that has no rest. */
export function durationText(milliseconds: number): string {
  const [unit = 's', length = 1_000] =
    Object.entries(UNITS)
      .reverse()
      .find(([, one]) => milliseconds >= one && milliseconds % one === 0) ?? [];
  return `${milliseconds / length}${unit}`;
}
