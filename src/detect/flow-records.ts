import type { Context } from '../formats/context.ts';
import { type FlowColumns, flowColumns, SLICE_ROWS } from '../formats/vpc-flow/columns.ts';
import { VPC_FLOW_LOG } from '../formats/vpc-flow/format.ts';
import type { FlowLayout } from '../formats/vpc-flow/record.ts';
import type { Rows } from '../formats/vpc-flow/rows.ts';
import type { AddressSet } from '../intel/address-set.ts';
import {
  type AddressColumn,
  type CodedColumn,
  type Column,
  fixedTexts,
  IPV4,
  NO_ADDRESS,
  type NumberColumn,
  type Records,
} from '../model/records.ts';
import {
  DIRECTIONS,
  type Direction,
  directionOf,
  FLOW_VIEW_FIELDS,
  type FlowView,
  INITIATORS,
  type Initiator,
  initiatorOf,
} from './flow.ts';
import type { InterfaceFacts, Inventory } from './inventory.ts';

/** Flow log records by column, with the direction and the initiator beside their own fields. */
export interface FlowRecords extends Records {
  load: FlowColumns['load'];
  /** What is known of the records that follow from elsewhere: it stands for what they leave out. */
  begin(context: Context | undefined): void;
  /** The interfaces of the loaded rows. */
  interfaces(): Iterable<string>;
  factsOf(row: number): InterfaceFacts | undefined;
}

export interface FlowScene {
  readonly inventory: Inventory;
  readonly ownNetworks: AddressSet;
}

const INTERFACE = 'interface-id';

/** `fields`: what the rules ask for. */
export function flowRecords(layout: FlowLayout, fields: ReadonlySet<string>, scene: FlowScene): FlowRecords {
  const { inventory } = scene;
  const derives = fields.has('direction') || fields.has('initiator');
  const asksInventory = inventory.knowsNothing !== true;
  const columns = flowColumns(layout, [
    ...fields,
    ...(derives ? FLOW_VIEW_FIELDS : []),
    ...(asksInventory ? [INTERFACE] : []),
  ]);
  const interfaces = asksInventory ? coded(columns.column(INTERFACE)) : undefined;
  const factsOf = (row: number): InterfaceFacts | undefined => {
    const id = interfaces?.texts.text(interfaces.codes[row] as number);
    return id === undefined ? undefined : inventory.find(id);
  };
  const view = flowView(columns, scene.ownNetworks);
  const directionAt = (row: number): Direction => {
    view.row = row;
    return directionOf(view, factsOf(row));
  };
  const initiatorAt = (row: number): Initiator => initiatorOf(view, directionAt(row), factsOf(row));
  let context: Context | undefined;
  const completed = (field: string, known: () => string | undefined): [string, CodedColumn] => {
    const ownAt = (row: number): string | undefined => {
      const own = columns.value(row, field);
      return typeof own === 'string' ? own : undefined;
    };
    return [field, learntColumn((row) => ownAt(row) ?? known())];
  };
  const derived = new Map<string, CodedColumn>([
    ['direction', derivedColumn(DIRECTIONS, directionAt)],
    ['initiator', derivedColumn(INITIATORS, initiatorAt)],
    completed(VPC_FLOW_LOG.common['cloud.account.uid'] ?? '', () => context?.account),
    completed(VPC_FLOW_LOG.common['cloud.region'] ?? '', () => context?.region),
  ]);
  return {
    get count() {
      return columns.count;
    },
    column: (field) => derived.get(field) ?? columns.column(field),
    value(row, field) {
      const column = derived.get(field);
      return column === undefined ? columns.value(row, field) : textOf(column, row);
    },
    fields: (row) => ({ ...columns.fields(row), direction: directionAt(row), initiator: initiatorAt(row) }),
    raw: (row) => columns.raw(row),
    load: (rows: Rows, from, count) => columns.load(rows, from, count),
    begin(next) {
      context = next;
    },
    *interfaces() {
      if (interfaces === undefined) return;
      const seen = new Set<number>();
      for (let row = 0; row < columns.count; row++) {
        const code = interfaces.codes[row] as number;
        if (seen.has(code)) continue;
        seen.add(code);
        const id = interfaces.texts.text(code);
        if (id !== undefined) yield id;
      }
    },
    factsOf,
  };
}

/** Texts that are forgotten together, so that memory does not grow with the log. */
const MOST_LEARNT = 4_096;

/** A column of texts that nobody knows beforehand. */
function learntColumn(textAt: (row: number) => string | undefined): CodedColumn {
  const codes = new Int32Array(SLICE_ROWS);
  let known = new Map<string, number>();
  let texts: string[] = [];
  let generation = 0;
  return {
    kind: 'coded',
    codes,
    texts: {
      text: (code) => texts[code - 1],
      get generation() {
        return generation;
      },
    },
    prepare(rows, count) {
      if (texts.length + count > MOST_LEARNT) {
        known = new Map();
        texts = [];
        generation++;
      }
      for (let at = 0; at < count; at++) {
        const row = rows[at] as number;
        const text = textAt(row);
        let code = text === undefined ? 0 : known.get(text);
        if (code === undefined && text !== undefined) {
          code = texts.push(text);
          known.set(text, code);
        }
        codes[row] = code ?? 0;
      }
    },
  };
}

/** Of a column that is worked out row by row. */
function textOf({ codes, texts, prepare }: CodedColumn, row: number): string | undefined {
  prepare?.(Int32Array.of(row), 1);
  return texts.text(codes[row] as number);
}

function derivedColumn<Text extends string>(
  texts: readonly Text[],
  textAt: (row: number) => Text,
): CodedColumn {
  const codes = new Int32Array(SLICE_ROWS);
  return {
    kind: 'coded',
    codes,
    texts: fixedTexts(texts),
    prepare(rows, count) {
      for (let at = 0; at < count; at++) {
        const row = rows[at] as number;
        codes[row] = texts.indexOf(textAt(row)) + 1;
      }
    },
  };
}

/** A view that is moved from row to row. */
function flowView(columns: FlowColumns, ownNetworks: AddressSet): FlowView & { row: number } {
  const stated = coded(columns.column('flow-direction'));
  const addresses = {
    srcaddr: address(columns.column('srcaddr')),
    dstaddr: address(columns.column('dstaddr')),
  };
  const numbers = {
    protocol: number(columns.column('protocol')),
    srcport: number(columns.column('srcport')),
    dstport: number(columns.column('dstport')),
    'tcp-flags': number(columns.column('tcp-flags')),
  };
  const textAt = (row: number, field: string): string | undefined => {
    const value = columns.value(row, field);
    return typeof value === 'string' ? value : undefined;
  };
  return {
    row: 0,
    text(field) {
      return field === 'flow-direction'
        ? stated?.texts.text(stated.codes[this.row] as number)
        : textAt(this.row, field);
    },
    number(field) {
      const value = numbers[field]?.values[this.row] ?? Number.NaN;
      return Number.isNaN(value) ? undefined : value;
    },
    has(field) {
      return (addresses[field]?.families[this.row] ?? NO_ADDRESS) !== NO_ADDRESS;
    },
    isOurs(field) {
      const column = addresses[field];
      return column?.families[this.row] === IPV4
        ? ownNetworks.hasIpv4(column.values[this.row] as number)
        : ownNetworks.find(textAt(this.row, field) ?? '') !== undefined;
    },
  };
}

function coded(column: Column | undefined): CodedColumn | undefined {
  return column?.kind === 'coded' ? column : undefined;
}

function address(column: Column | undefined): AddressColumn | undefined {
  return column?.kind === 'address' ? column : undefined;
}

function number(column: Column | undefined): NumberColumn | undefined {
  return column?.kind === 'number' ? column : undefined;
}
