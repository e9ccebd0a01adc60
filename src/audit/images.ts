import type { Json } from '../model/json.ts';
import type { ApiCall } from './api-call.ts';
export function imageOf(_: ApiCall, __: string): Json | undefined {
  return undefined;
}
