/** What waits for its time. */
export interface TimeQueue<T> {
  add(item: T): void;
  /** `Infinity` when nothing waits. */
  firstTime(): number;
  /** Removes everything of one moment, in the order in which it was added. */
  take(time: number): readonly T[];
  size(): number;
  items(): T[];
}

/** Items by their moment, and a binary heap of the moments: many items share one. */
export function timeQueue<T extends { readonly time: number }>(given: readonly T[] = []): TimeQueue<T> {
  const heap: number[] = [];
  const byTime = new Map<number, T[]>();
  let size = 0;
  const timeAt = (at: number): number => heap[at] ?? Number.POSITIVE_INFINITY;
  const addTime = (time: number): void => {
    let at = heap.push(time) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (timeAt(parent) <= time) break;
      heap[at] = timeAt(parent);
      at = parent;
    }
    heap[at] = time;
  };
  const removeFirst = (): void => {
    const last = heap.pop() as number;
    if (heap.length === 0) return;
    let at = 0;
    for (;;) {
      const left = 2 * at + 1;
      const child = timeAt(left + 1) < timeAt(left) ? left + 1 : left;
      if (timeAt(child) >= last) break;
      heap[at] = timeAt(child);
      at = child;
    }
    heap[at] = last;
  };
  const add = (item: T): void => {
    const same = byTime.get(item.time);
    if (same === undefined) {
      byTime.set(item.time, [item]);
      addTime(item.time);
    } else same.push(item);
    size++;
  };
  for (const item of given) add(item);
  return {
    add,
    firstTime: () => timeAt(0),
    take(time) {
      if (timeAt(0) !== time) return [];
      removeFirst();
      const taken = byTime.get(time) ?? [];
      byTime.delete(time);
      size -= taken.length;
      return taken;
    },
    size: () => size,
    items: () => [...byTime.values()].flat(),
  };
}
