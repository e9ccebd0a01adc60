/** What waits for its time. */
export interface TimeQueue<T> {
  add(item: T): void;
  /** `Infinity` when nothing waits. */
  firstTime(): number;
  /** Removes everything of one moment. */
  take(time: number): T[];
  size(): number;
  items(): T[];
}

/** A binary heap by time. */
export function timeQueue<T extends { readonly time: number }>(given: readonly T[] = []): TimeQueue<T> {
  const heap: T[] = [];
  const timeAt = (at: number): number => heap[at]?.time ?? Number.POSITIVE_INFINITY;
  const swap = (a: number, b: number): void => {
    [heap[a], heap[b]] = [heap[b] as T, heap[a] as T];
  };
  const add = (item: T): void => {
    let at = heap.push(item) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (timeAt(parent) <= timeAt(at)) break;
      swap(parent, at);
      at = parent;
    }
  };
  const removeFirst = (): T => {
    const first = heap[0] as T;
    const last = heap.pop() as T;
    if (heap.length === 0) return first;
    heap[0] = last;
    let at = 0;
    for (;;) {
      const left = 2 * at + 1;
      const child = timeAt(left + 1) < timeAt(left) ? left + 1 : left;
      if (timeAt(child) >= timeAt(at)) return first;
      swap(child, at);
      at = child;
    }
  };
  for (const item of given) add(item);
  return {
    add,
    firstTime: () => timeAt(0),
    take(time) {
      const taken: T[] = [];
      while (timeAt(0) === time) taken.push(removeFirst());
      return taken;
    },
    size: () => heap.length,
    items: () => [...heap],
  };
}
