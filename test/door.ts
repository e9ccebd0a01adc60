import { cloudFormationClient } from '../src/aws/cloudformation.ts';
import { sourceClients } from '../src/aws/source-clients.ts';
import type { DoorAnswer } from '../src/gate/door/answer.ts';
import { deployThroughDoor } from '../src/gate/door/deploy.ts';
import type { Door } from '../src/gate/door/door.ts';
import type { Progress } from '../src/gate/door/events.ts';
import { doorSettings } from '../src/gate/door/settings.ts';
import { judgingBy } from '../src/gate/enforce/setup.ts';
import { simulatedClock } from '../src/range/clock.ts';
import { type Range, startRange } from '../src/range/range.ts';

export interface DoorStage {
  readonly range: Range;
  readonly door: Door;
  /** What was heard of, in the order in which it came. */
  readonly heard: Progress[];
  deploy(request: object, changes?: Partial<Door>): Promise<DoorAnswer>;
  close(): Promise<void>;
}

/** A door before a simulated account in which an hour passes in a second. */
export async function doorStage(environment: Record<string, string> = {}): Promise<DoorStage> {
  const range = await startRange({ clock: simulatedClock({ speed: 3_600 }) });
  range.account.vpcs.set('vpc-1', { id: 'vpc-1', cidr: '10.0.0.0/16' });
  const settings = settingsFor(environment);
  const aws = { region: 'us-east-1', endpoint: range.endpoint };
  const cloudformation = cloudFormationClient(aws);
  const sources = sourceClients(aws);
  const heard: Progress[] = [];
  const door: Door = {
    settings,
    judging: judgingBy({ policies: [], defaultPolicies: true, suppressions: [] }, settings.rules),
    cloudformation,
    s3: sources.s3,
    region: 'us-east-1',
    account: range.account.id,
    poll: 2,
    onProgress: (event) => heard.push(event),
  };
  return {
    range,
    door,
    heard,
    deploy: (request, changes = {}) => deployThroughDoor(request, { ...door, ...changes }),
    async close() {
      cloudformation.destroy();
      sources.close();
      await range.close();
    },
  };
}

export function settingsFor(environment: Record<string, string>) {
  const read = doorSettings(environment);
  if (!read.ok) throw new Error(read.problems.map(({ file, message }) => `${file} ${message}`).join('; '));
  return read.value;
}
