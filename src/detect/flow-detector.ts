import { decodedOddLines, decodedRow, type FlowStretch, originOfRow } from '../formats/stretch.ts';
import { SLICE_ROWS } from '../formats/vpc-flow/columns.ts';
import { VPC_FLOW_LOG } from '../formats/vpc-flow/format.ts';
import { type FlowLayout, isWhole } from '../formats/vpc-flow/record.ts';
import { type Rows, shortText } from '../formats/vpc-flow/rows.ts';
import type { Column } from '../model/records.ts';
import { isWithin, type TimeRange } from '../model/time-range.ts';
import { type ColumnRules, columnFields, columnRules } from '../sigma/column-rules.ts';
import type { CompiledRule, EventView } from '../sigma/compile.ts';
import { clueOf } from './clue.ts';
import type { Found, Looked } from './detector.ts';
import { type ExplainedRule, explained } from './explained.ts';
import { enrichFlow } from './flow.ts';
import { type FlowRecords, type FlowScene, flowRecords } from './flow-records.ts';
import type { RuleSet } from './rule-set.ts';
import type { FieldOf, Parts } from './subject.ts';

/** Finds what rules match in flow log records, and makes an object only for a record that matches. */
export type FlowDetector = (
  stretch: FlowStretch,
  add: (found: readonly Found[]) => Promise<void>,
) => Promise<Looked>;

export interface FlowDetectorSettings extends FlowScene {
  readonly rules: RuleSet;
  readonly parts: Parts;
  readonly range?: TimeRange | undefined;
}

/** Rules that are compiled for one order of columns. */
interface Engine {
  readonly layout: FlowLayout;
  readonly records: FlowRecords;
  readonly columns: ColumnRules;
}

export function flowDetector(settings: FlowDetectorSettings): FlowDetector {
  const { inventory, range } = settings;
  const compiled = settings.rules.byFormat.get(VPC_FLOW_LOG.name)?.rules ?? [];
  const rules = compiled.map(explained);
  const engines = new Map<string, Engine>();
  const rowsToTest = new Int32Array(SLICE_ROWS);

  return async (stretch, add) => {
    const { records, columns, layout } = engineFor(stretch.layout, engines, compiled, settings);
    const { rows } = stretch.split;
    records.begin(stretch.context);
    const statusColumn = layout.indexOf('log-status');
    const looked = { events: 0, outside: 0, skipped: 0, badRecords: [...badAmong(decodedOddLines(stretch))] };
    const setAside = (row: number): false => {
      const decoded = decodedRow(stretch, row);
      if (decoded.kind === 'bad') looked.badRecords.push(decoded.record);
      else looked.skipped++;
      return false;
    };
    for (let from = 0; from < rows.count; from += SLICE_ROWS) {
      const size = Math.min(SLICE_ROWS, rows.count - from);
      const faulty = new Set(records.load(rows, from, size));
      let count = trafficRows(rows, from, size, statusColumn, rowsToTest);
      if (count < size) {
        const traffic = new Set(rowsToTest.subarray(0, count));
        for (let row = 0; row < size; row++) if (!traffic.has(row)) setAside(from + row);
      }
      if (faulty.size > 0) {
        const read = rowsToTest.subarray(0, count).filter((row) => !faulty.has(row) || setAside(from + row));
        rowsToTest.set(read);
        count = read.length;
      }
      if (range !== undefined) {
        const begun = records.column('start');
        const within = rowsToTest.subarray(0, count).filter((row) => isWithin(range, timeIn(begun, row)));
        looked.outside += count - within.length;
        rowsToTest.set(within);
        count = within.length;
      }
      looked.events += count;
      if (inventory.knowsNothing !== true) await inventory.prefetch(records.interfaces());
      const found: Found[] = [];
      for (const [row, ruleIndexes] of byRow(columns.match(rowsToTest, count), rules.length)) {
        // What no rule asks of is only looked at in a record that matches.
        if (isWhole(layout, rows, from + row)) {
          const matching = ruleIndexes.map((index) => rules[index] as ExplainedRule);
          found.push(foundIn(stretch, records, from, row, matching, settings));
        } else {
          looked.events--;
          setAside(from + row);
        }
      }
      if (found.length > 0) await add(found);
    }
    looked.badRecords.sort((a, b) => a.origin.offset - b.origin.offset);
    return { ...looked, kept: [], byFormat: new Map([[VPC_FLOW_LOG.name, looked.events]]) };
  };
}

/** As {@link foundIn} tells the time of a record. */
function timeIn(begun: Column | undefined, row: number): number {
  const seconds = begun?.kind === 'number' ? (begun.values[row] as number) : Number.NaN;
  return Number.isNaN(seconds) ? 0 : seconds * 1_000;
}

const TRAFFIC = shortText('OK');

/** The rows that are of traffic; without a log-status all are. */
function trafficRows(rows: Rows, from: number, size: number, column: number, out: Int32Array): number {
  if (column === -1) {
    for (let row = 0; row < size; row++) out[row] = row;
    return size;
  }
  const found = rows.equal(column, from, size, TRAFFIC);
  out.set(found);
  return found.length;
}

function* badAmong(decoded: Iterable<ReturnType<typeof decodedRow>>) {
  for (const one of decoded) if (one.kind === 'bad') yield one.record;
}

function engineFor(
  layout: FlowLayout,
  engines: Map<string, Engine>,
  rules: readonly CompiledRule[],
  { inventory, ownNetworks, range }: FlowDetectorSettings,
): Engine {
  const key = layout.columns.map(({ name }) => name).join(' ');
  const known = engines.get(key);
  if (known !== undefined) return known;
  const fields = new Set([...columnFields(rules), ...(range === undefined ? [] : ['start'])]);
  const records = flowRecords(layout, fields, { inventory, ownNetworks });
  const engine = { layout, records, columns: columnRules(rules, records, SLICE_ROWS) };
  // Layouts come from header lines, which anybody may write.
  if (engines.size >= MOST_LAYOUTS) engines.clear();
  engines.set(key, engine);
  return engine;
}

const MOST_LAYOUTS = 16;

/** The rows that matched, each with its rules. */
function* byRow(found: readonly number[], rules: number): Generator<[row: number, rules: number[]]> {
  let current: [number, number[]] | undefined;
  for (const one of found) {
    const row = Math.floor(one / rules);
    if (current?.[0] === row) current[1].push(one % rules);
    else {
      if (current !== undefined) yield current;
      current = [row, [one % rules]];
    }
  }
  if (current !== undefined) yield current;
}

function foundIn(
  stretch: FlowStretch,
  records: FlowRecords,
  from: number,
  row: number,
  matching: readonly ExplainedRule[],
  { rules, parts, ownNetworks }: FlowDetectorSettings,
): Found {
  const facts = records.factsOf(row);
  const fieldOf: FieldOf = (field) => records.value(row, field);
  const start = fieldOf('start');
  const time = typeof start === 'number' ? start * 1_000 : 0;
  const parties = parts(VPC_FLOW_LOG, fieldOf, facts);
  const aliases = rules.aliases.get(VPC_FLOW_LOG.name) ?? {};
  const evidence = () => ({ raw: records.raw(row), origin: originOfRow(stretch, from + row) });
  const event = (): EventView => {
    const decoded = decodedRow(stretch, from + row);
    if (decoded.kind !== 'event') throw new Error('a record that matched is no event');
    return enrichFlow(decoded.event, { facts, ownNetworks });
  };
  return {
    matches: matching
      .filter(({ ref }) => !rules.quiet.has(ref.id))
      .map(({ ref, branch }) => ({
        rule: ref,
        ...parties,
        time,
        evidence,
        branch: () => branch(fieldOf, event),
      })),
    clue: clueOf(rules, matching, { ...parties, time, evidence, fieldOf, aliases }),
  };
}
