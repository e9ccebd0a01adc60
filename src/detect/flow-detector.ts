import { decodedOddLines, decodedRow, type FlowStretch, originOfRow } from '../formats/stretch.ts';
import { SLICE_ROWS } from '../formats/vpc-flow/columns.ts';
import { VPC_FLOW_LOG } from '../formats/vpc-flow/format.ts';
import { type FlowLayout, isWhole } from '../formats/vpc-flow/record.ts';
import { type Rows, shortText } from '../formats/vpc-flow/rows.ts';
import type { Branch } from '../model/finding.ts';
import { type ColumnRules, columnFields, columnRules } from '../sigma/column-rules.ts';
import type { CompiledRule } from '../sigma/compile.ts';
import type { Looked } from './detector.ts';
import { enrichFlow } from './flow.ts';
import { type FlowRecords, type FlowScene, flowRecords } from './flow-records.ts';
import type { Parts } from './subject.ts';
import type { Match } from './tally.ts';

/** Finds what rules match in flow log records, and makes an object only for a record that matches. */
export type FlowDetector = (
  stretch: FlowStretch,
  add: (matches: readonly Match[]) => Promise<void>,
) => Promise<Looked>;

export interface FlowDetectorSettings extends FlowScene {
  readonly rules: readonly CompiledRule[];
  readonly parts: Parts;
}

/** Rules that are compiled for one order of columns. */
interface Engine {
  readonly layout: FlowLayout;
  readonly records: FlowRecords;
  readonly columns: ColumnRules;
}

export function flowDetector(settings: FlowDetectorSettings): FlowDetector {
  const { rules, inventory } = settings;
  const engines = new Map<string, Engine>();
  const rowsToTest = new Int32Array(SLICE_ROWS);

  return async (stretch, add) => {
    const { records, columns, layout } = engineFor(stretch.layout, engines, settings);
    const { rows } = stretch.split;
    const statusColumn = layout.indexOf('log-status');
    const looked = { events: 0, skipped: 0, badRecords: [...badAmong(decodedOddLines(stretch))] };
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
      looked.events += count;
      if (inventory.knowsNothing !== true) await inventory.prefetch(records.interfaces());
      const matches: Match[] = [];
      let broken = -1;
      for (const found of columns.match(rowsToTest, count)) {
        const row = Math.floor(found / rules.length);
        if (row === broken) continue;
        // What no rule asks of is only looked at in a record that matches.
        if (isWhole(layout, rows, from + row)) {
          matches.push(matchOf(stretch, records, from, row, found % rules.length, settings));
        } else {
          broken = row;
          looked.events--;
          setAside(from + row);
        }
      }
      if (matches.length > 0) await add(matches);
    }
    looked.badRecords.sort((a, b) => a.origin.offset - b.origin.offset);
    return looked;
  };
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
  { rules, inventory, ownNetworks }: FlowDetectorSettings,
): Engine {
  const key = layout.columns.map(({ name }) => name).join(' ');
  const known = engines.get(key);
  if (known !== undefined) return known;
  const records = flowRecords(layout, columnFields(rules), { inventory, ownNetworks });
  const engine = { layout, records, columns: columnRules(rules, records, SLICE_ROWS) };
  // Layouts come from header lines, which anybody may write.
  if (engines.size >= MOST_LAYOUTS) engines.clear();
  engines.set(key, engine);
  return engine;
}

const MOST_LAYOUTS = 16;

function matchOf(
  stretch: FlowStretch,
  records: FlowRecords,
  from: number,
  row: number,
  ruleIndex: number,
  { rules, parts, ownNetworks }: FlowDetectorSettings,
): Match {
  const compiled = rules[ruleIndex] as CompiledRule;
  const facts = records.factsOf(row);
  const start = records.value(row, 'start');
  return {
    rule: compiled.ref,
    ...parts(VPC_FLOW_LOG, (field) => records.value(row, field), facts),
    time: typeof start === 'number' ? start * 1_000 : 0,
    evidence: () => ({ raw: records.raw(row), origin: originOfRow(stretch, from + row) }),
    branch(): Branch {
      const decoded = decodedRow(stretch, from + row);
      if (decoded.kind !== 'event') throw new Error('a record that matched is no event');
      const branch = compiled.explain(enrichFlow(decoded.event, { facts, ownNetworks }));
      if (branch === undefined) throw new Error(`${compiled.ref.id} matches by columns and not by fields`);
      return branch;
    },
  };
}
