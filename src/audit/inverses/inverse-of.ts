import type { ApiCall } from '../api-call.ts';
import type { Inverse } from '../way-back.ts';
export function inverseOf(_: ApiCall): Inverse | undefined {
  return undefined;
}
