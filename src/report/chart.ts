import { LEVELS, type Level } from '../model/finding.ts';
import { binned, type DayBin, type DaySpan } from './days.ts';
import { count, type Html, html, NOTHING } from './html.ts';
import type { RuleNoise } from './replay-report.ts';

const WIDTH = 1040;
const HEIGHT = 210;
const LEFT = 56;
const BOTTOM = 24;
const TOP = 10;
const MOST_BARS = 120;

/** Matches by day, one bar a day (or several days), its parts by level. */
export function matchesByDay(rules: readonly RuleNoise[], span: DaySpan): Html {
  const levels = LEVELS.filter((level) => rules.some(({ rule }) => rule.level === level));
  const byLevel = levels.map((level) => ({ level, bins: binnedLevel(rules, level, span) }));
  const bins = byLevel[0]?.bins ?? [];
  const totals = bins.map((_, at) => byLevel.reduce((sum, one) => sum + (one.bins[at]?.matches ?? 0), 0));
  const top = niceTop(Math.max(1, ...totals));
  const plot = HEIGHT - TOP - BOTTOM;
  const step = (WIDTH - LEFT) / bins.length;
  const barWidth = Math.min(64, Math.max(1, step * 0.72));
  const bars = bins.map((bin, at) => {
    const x = LEFT + step * at + (step - barWidth) / 2;
    let y = TOP + plot;
    const parts = byLevel.map(({ level, bins: ofLevel }) => {
      const height = ((ofLevel[at]?.matches ?? 0) / top) * plot;
      if (height === 0) return NOTHING;
      y -= height;
      return rect(x, y, barWidth, height, level);
    });
    return html`<g><title>${label(bin)}: ${count(totals[at] ?? 0)}</title>${parts}</g>`;
  });
  const lines = [0, 0.5, 1].map((part) => {
    const y = place(TOP + plot * (1 - part));
    return html`<line class="axis" x1="${LEFT}" x2="${WIDTH}" y1="${y}" y2="${y}"/><text x="${LEFT - 8}" y="${y + 4}" text-anchor="end">${count(top * part)}</text>`;
  });
  return html`<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="Matches by day">${lines}${bars}${dates(bins, step)}</svg>
<div class="legend">${levels.map((level) => html`<span>${swatch(level)}${level}</span>`)}</div>`;
}

function binnedLevel(rules: readonly RuleNoise[], level: Level, span: DaySpan): DayBin[] {
  const days = rules.filter(({ rule }) => rule.level === level).flatMap((one) => one.days);
  return binned(days, span, MOST_BARS);
}

function dates(bins: readonly DayBin[], step: number): Html[] {
  const every = Math.max(1, Math.ceil(bins.length / 8));
  return bins.flatMap(({ first }, at) =>
    at % every === 0
      ? [
          html`<text x="${place(LEFT + step * (at + 0.5))}" y="${HEIGHT - 6}" text-anchor="middle">${first}</text>`,
        ]
      : [],
  );
}

function label({ first, last }: DayBin): string {
  return first === last ? first : `${first} to ${last}`;
}

/** The least of 2, 4, 6, 8, 10, 20, 40, … that is not less: half of it is a whole number. */
function niceTop(value: number): number {
  let power = 1;
  for (;;) {
    for (const one of [2, 4, 6, 8, 10]) if (one * power >= value) return one * power;
    power *= 10;
  }
}

const SPARK = { width: 150, height: 24, bins: 40 };

/** The days of one rule, small enough for a line of a table. */
export function sparkline({ days, rule }: RuleNoise, span: DaySpan): Html {
  const bins = binned(days, span, SPARK.bins);
  const most = Math.max(1, ...bins.map(({ matches }) => matches));
  const step = SPARK.width / bins.length;
  const bars = bins.map(({ matches }, at) => {
    const height = matches === 0 ? 1 : Math.max(2, (matches / most) * SPARK.height);
    const width = Math.max(0.5, Math.min(18, step * 0.8));
    return rect(step * at, SPARK.height - height, width, height, matches === 0 ? 'base' : rule.level);
  });
  return html`<svg viewBox="0 0 ${SPARK.width} ${SPARK.height}" width="${SPARK.width}" height="${SPARK.height}" role="img" aria-label="matches by day, at most ${count(most)}">${bars}</svg>`;
}

/** A part of a whole as a bar. */
export function share(part: number, kind = 'bar'): Html {
  return html`<svg viewBox="0 0 120 8" width="120" height="8" aria-hidden="true">${rect(0, 0, 120, 8, 'base')}${rect(0, 0, Math.max(1, 120 * part), 8, kind)}</svg>`;
}

/** Two counts, one above the other. */
export function beforeAndAfter(before: number, after: number, most: number): Html {
  const width = (value: number): number => (value === 0 ? 0 : Math.max(1, (160 * value) / Math.max(1, most)));
  return html`<svg viewBox="0 0 160 18" width="160" height="18" aria-hidden="true">${rect(0, 1, width(before), 7, 'none')}${rect(0, 10, width(after), 7, 'high')}</svg>`;
}

/** When responses would have run, and when they would have been stopped. */
export function timeline(
  marks: readonly {
    readonly at: number;
    readonly kind: 'run' | 'stopped' | 'none';
    readonly title: string;
  }[],
  from: number,
  to: number,
): Html {
  const rows = [
    { kind: 'run', y: 18, title: 'would run' },
    { kind: 'stopped', y: 44, title: 'stopped' },
    { kind: 'none', y: 70, title: 'neither' },
  ].filter(({ kind }) => marks.some((mark) => mark.kind === kind));
  const left = 96;
  const x = (at: number): number =>
    place(left + 8 + ((at - from) / Math.max(1, to - from)) * (WIDTH - left - 16));
  const height = 26 * rows.length + 8;
  const lanes = rows.map(({ kind, title }, index) => {
    const y = 18 + 26 * index;
    // Dots that would lie upon each other are one.
    const dots = new Map(
      marks.filter((mark) => mark.kind === kind).map((mark) => [Math.round(x(mark.at)), mark]),
    );
    return html`<line class="axis" x1="${left}" x2="${WIDTH}" y1="${y}" y2="${y}"/><text x="0" y="${y + 4}">${title}</text>${[...dots].map(([at, mark]) => html`<circle class="${kind}" cx="${at}" cy="${y}" r="5"><title>${mark.title}</title></circle>`)}`;
  });
  return html`<svg viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="Responses over time">${lanes}</svg>`;
}

function swatch(kind: string): Html {
  return html`<svg viewBox="0 0 10 10" width="10" height="10" aria-hidden="true">${rect(0, 0, 10, 10, kind)}</svg>`;
}

function rect(x: number, y: number, width: number, height: number, kind: string): Html {
  return html`<rect class="${kind}" x="${place(x)}" y="${place(y)}" width="${place(width)}" height="${place(height)}"/>`;
}

/** Two decimals are enough for the eye, and the same on every machine. */
function place(value: number): number {
  return Math.round(value * 100) / 100;
}
