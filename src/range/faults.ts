/** What goes wrong with a call. */
export type Fault =
  | { readonly kind: 'throttle' | 'internal-error' | 'unauthorized' }
  | { readonly kind: 'error'; readonly code: string; readonly message: string; readonly status: number }
  /** The connection breaks before the call has any effect. */
  | { readonly kind: 'drop-before' }
  /** The call has its effect and its answer is lost. */
  | { readonly kind: 'drop-after' }
  /** The call has its effect and is never answered. */
  | { readonly kind: 'hang' }
  /** The connection breaks after so many bytes of the answer's body. */
  | { readonly kind: 'cut'; readonly bytes: number }
  | { readonly kind: 'slow'; readonly ms: number };

export interface FaultPlan {
  /** `*` for every operation. */
  readonly operation: string;
  readonly fault: Fault;
  /** Calls that go well first; 0 by default. */
  readonly skip?: number;
  /** Calls that go wrong then; 1 by default. */
  readonly times?: number;
}

export interface Faults {
  add(plan: FaultPlan): void;
  clear(): void;
  /** The fault of the next call of an operation. */
  next(operation: string): Fault | undefined;
}

export function faults(): Faults {
  let plans: { plan: FaultPlan; skip: number; times: number }[] = [];
  return {
    add(plan) {
      plans.push({ plan, skip: plan.skip ?? 0, times: plan.times ?? 1 });
    },
    clear() {
      plans = [];
    },
    next(operation) {
      for (const entry of plans) {
        if (entry.times === 0 || (entry.plan.operation !== '*' && entry.plan.operation !== operation))
          continue;
        if (entry.skip > 0) {
          entry.skip--;
          continue;
        }
        entry.times--;
        return entry.plan.fault;
      }
      return undefined;
    },
  };
}
