import type { ResourceType } from '../cloudcontrol/resource-type.ts';
import { RESOURCE_TYPES } from '../cloudcontrol/types.ts';
import { RECORDED_TYPES } from './recorded.ts';

/** What a stack can have in the range. */
export function typeOf(type: string): ResourceType | undefined {
  return RESOURCE_TYPES.get(type) ?? RECORDED_TYPES.get(type);
}

/** Whether the range only remembers the resources of a type. */
export function isRecorded(type: string): boolean {
  return RECORDED_TYPES.has(type);
}
