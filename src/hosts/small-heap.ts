import { setFlagsFromString } from 'node:v8';

/**
 * Keeps the nursery of this thread's heap small. What reads logs makes much that is garbage at once:
 * V8 would let it pile up to many times of what is in use before it looks.
 */
export function keepHeapSmall(): void {
  setFlagsFromString('--semi-space-growth-factor=1');
}
