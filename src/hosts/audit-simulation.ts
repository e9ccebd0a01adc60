import type { ApiCall } from '../audit/api-call.ts';
import { assess } from '../audit/assess.ts';
import { mayChange } from '../audit/note.ts';
import { type SimulatedChange, simulate } from '../audit/simulate.ts';
import type { Config } from '../config/config.ts';
import { decodedOf } from '../formats/stretch.ts';
import type { Json } from '../model/json.ts';
import { inputsOf, isObjectUrl } from '../sources/inputs.ts';
import { type AuditSetup, responses } from './auditing.ts';
import { readLog } from './scan.ts';

/** The changes of a trail in the order of its files, and what would have been done about each. */
export async function* simulateTrail(
  config: Config,
  { judge, levels }: AuditSetup,
  files: readonly string[],
): AsyncGenerator<SimulatedChange> {
  const settings = {
    assess: (call: ApiCall, tagged: Json) => assess(call, tagged, config.approval, config.audit.own),
    responseTo: responses(config, levels),
    roles: config.approval.roles,
  };
  const paths = files.flatMap((file) => (isObjectUrl(file) ? [file] : inputsOf([file])));
  for (const path of paths) {
    for await (const { stretch } of readLog(path, config.aws, {})) {
      for (const decoded of decodedOf(stretch)) {
        if (decoded.kind === 'event' && mayChange(decoded.event))
          yield* simulate(decoded.event, settings, judge);
      }
    }
  }
}
