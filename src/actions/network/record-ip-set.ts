import { z } from 'zod';
import { toJson } from '../../model/json.ts';
import { defineAction, done } from '../action.ts';
import { IP_SET, outOfReach, readIpSet } from './ip-set.ts';

/** The IP set as it was found: what the undo of a block leaves alone. */
export interface RecordedIpSet {
  readonly id: string;
  readonly addresses: readonly string[];
}

export const recordIpSet = defineAction({
  name: 'record-ip-set',
  title: 'Record the IP set',
  group: 'network',
  subjects: [],
  effect: 'read',
  needs: [],
  permissions: ['wafv2:GetIPSet'],
  about: {
    precondition: 'the IP set is there, and in the region of the subject',
    effect: 'writes what AWS WAF says of the IP set into the case',
    proof: 'the file is in the case folder',
    idempotency: 'it only reads, and writes the same file again',
  },
  input: z.strictObject({ set: IP_SET }),
  undo: { kind: 'nothing', why: 'it only reads' },
  plan: (_, { set }) => `record the IP set ${set.name}`,
  async run({ aws, input, caseFile }) {
    const away = outOfReach(aws, input.set);
    if (away !== undefined) return { status: 'ask', reason: away };
    const { entries, description } = await readIpSet(aws, input.set);
    caseFile.writeJson(`ip-set-${input.set.id.replace(/[^\w-]/g, '_')}.json`, toJson(description));
    const recorded: RecordedIpSet = { id: input.set.id, addresses: [...entries] };
    return done(toJson(recorded), `${input.set.name}: ${entries.length} addresses and networks`);
  },
});

/** The set as {@link recordIpSet} found it; nothing when it was another one. */
export function recordedIpSet(output: unknown, id: string): RecordedIpSet | undefined {
  const recorded = output as RecordedIpSet | undefined;
  return recorded?.id === id ? recorded : undefined;
}
