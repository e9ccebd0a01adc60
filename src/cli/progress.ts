import type { Progress } from '../hosts/logs.ts';
import { duration } from './terminal.ts';

const EVERY = 100;
const WIDTH = 24;

/** A line on standard error that is written over and over, when somebody is looking at it. */
export function progressLine(): { show(progress: Progress): void; clear(): void } {
  const { stderr } = process;
  if (!stderr.isTTY) return { show: () => {}, clear: () => {} };
  const begun = performance.now();
  let shownAt = 0;
  return {
    show({ bytes, totalBytes, records }) {
      const now = performance.now();
      if (now - shownAt < EVERY) return;
      shownAt = now;
      const elapsed = now - begun;
      const rate = `${Math.round((records / elapsed) * 1_000).toLocaleString('en-US')} records/s`;
      if (totalBytes === 0) {
        stderr.write(`\r\u001b[K${records.toLocaleString('en-US')} records  ${rate}`);
        return;
      }
      const share = Math.min(1, bytes / totalBytes);
      const bar = '█'.repeat(Math.round(share * WIDTH)).padEnd(WIDTH, '░');
      const left = share > 0.01 ? `  ${duration((elapsed * (1 - share)) / share)} left` : '';
      stderr.write(`\r\u001b[K${bar} ${String(Math.floor(share * 100)).padStart(3)} %  ${rate}${left}`);
    },
    clear: () => void stderr.write('\r\u001b[K'),
  };
}
