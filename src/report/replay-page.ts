import type { ReplayReport } from './replay-report.ts';
export function replayPage(_: ReplayReport): string {
  return '';
}
