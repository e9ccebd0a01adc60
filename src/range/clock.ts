/** The time in the simulated account; everything that takes time there follows it. */
export interface SimulatedClock {
  /** Milliseconds since the epoch. */
  now(): number;
  advance(milliseconds: number): void;
}

/** `speed` 60 makes a minute pass in a second. */
export function simulatedClock({ start = Date.now(), speed = 1 } = {}): SimulatedClock {
  const origin = performance.now();
  let advanced = 0;
  return {
    now: () => Math.floor(start + advanced + (performance.now() - origin) * speed),
    advance(milliseconds) {
      advanced += milliseconds;
    },
  };
}
