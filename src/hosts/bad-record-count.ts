import type { BadRecord } from '../model/event.ts';
import type { ReadLogs } from '../report/replay-report.ts';

const EXAMPLES = 20;
const SOURCES = 20;

/** Counts bad records by source and keeps the first as examples. */
export function badRecordCount() {
  const bySource = new Map<string, number>();
  const examples: BadRecord[] = [];
  let total = 0;
  return {
    add(record: BadRecord): void {
      total++;
      const { source } = record.origin;
      bySource.set(source, (bySource.get(source) ?? 0) + 1);
      if (examples.length < EXAMPLES) examples.push(record);
    },
    counts(): Pick<ReadLogs, 'badRecords' | 'badSources' | 'badExamples'> {
      const sources = [...bySource].map(([source, count]) => ({ source, count }));
      sources.sort((a, b) => b.count - a.count || (a.source < b.source ? -1 : 1));
      return { badRecords: total, badSources: sources.slice(0, SOURCES), badExamples: examples };
    },
  };
}
