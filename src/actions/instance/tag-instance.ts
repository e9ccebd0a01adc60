import { z } from 'zod';
import type { AwsClients } from '../../aws/clients.ts';
import { toJson } from '../../model/json.ts';
import { INSTANCE } from '../../model/subject.ts';
import { type ActionOutcome, defineAction, done, type UndoContext } from '../action.ts';
import { describeInstance } from './instance.ts';
import { recordedInstance } from './record-instance.ts';

/** Source: Amazon EC2 User Guide, "Tag your Amazon EC2 resources", tag restrictions. */
const TAGS = z
  .record(
    z
      .string()
      .min(1)
      .max(128)
      .refine((key) => !key.startsWith('aws:'), 'tags that begin with aws: are AWS’s own'),
    z.string().max(256),
  )
  .refine((tags) => Object.keys(tags).length > 0, 'at least one tag');

type Tags = Readonly<Record<string, string>>;

export const tagInstance = defineAction({
  name: 'tag-instance',
  title: 'Tag the instance',
  group: 'instance',
  subjects: [INSTANCE],
  effect: 'reversible',
  needs: ['record-instance'],
  permissions: ['ec2:CreateTags', 'ec2:DescribeInstances'],
  about: {
    precondition: 'EC2 still knows the instance',
    effect: 'gives the instance the tags; a tag of the same key loses its value',
    proof: 'EC2 shows every tag with its value',
    idempotency: 'a tag that is there with its value is left alone',
  },
  input: z.strictObject({ tags: TAGS.describe('Keys and values, such as quarantine: "true"') }),
  undo: {
    kind: 'by',
    how: 'put the recorded values back, and remove tags that were not there, where the tag still has the value that was given',
    permissions: ['ec2:CreateTags', 'ec2:DeleteTags', 'ec2:DescribeInstances'],
    run: putTagsBack,
  },
  plan: ({ id }, { tags }) =>
    `tag ${id}: ${Object.entries(tags)
      .map(([key, value]) => `${key}=${value}`)
      .join(', ')}`,
  async run({ aws, subject, input }) {
    const now = await tagsOf(aws, subject.id);
    const missing = Object.entries(input.tags).filter(([key, value]) => now?.[key] !== value);
    if (missing.length > 0) {
      const Tags = missing.map(([Key, Value]) => ({ Key, Value }));
      await aws.ec2.createTags({ Resources: [subject.id], Tags });
    }
    const after = missing.length === 0 ? now : await tagsOf(aws, subject.id);
    const absent = Object.entries(input.tags).filter(([key, value]) => after?.[key] !== value);
    if (absent.length > 0)
      return {
        status: 'waiting',
        progress: `EC2 does not show ${absent.map(([key]) => key).join(', ')} yet`,
      };
    return done(toJson({ tags: input.tags }), `${subject.id} has ${Object.keys(input.tags).join(', ')}`);
  },
});

async function tagsOf(aws: AwsClients, instanceId: string): Promise<Tags | undefined> {
  const instance = await describeInstance(aws, instanceId);
  if (instance === undefined) return undefined;
  return Object.fromEntries((instance.Tags ?? []).map(({ Key = '', Value = '' }) => [Key, Value]));
}

async function putTagsBack({ aws, subject, undone, output }: UndoContext): Promise<ActionOutcome> {
  const { tags } = undone as { readonly tags: Tags };
  const before = recordedInstance(output('record-instance')).tags;
  const now = await tagsOf(aws, subject.id);
  if (now === undefined) return done([], `EC2 no longer knows ${subject.id}`);
  const own = Object.entries(tags).filter(([key, value]) => now[key] === value && before[key] !== value);
  const restored = own.filter(([key]) => Object.hasOwn(before, key));
  const removed = own.filter(([key]) => !Object.hasOwn(before, key));
  const Resources = [subject.id];
  if (restored.length > 0) {
    await aws.ec2.createTags({
      Resources,
      Tags: restored.map(([Key]) => ({ Key, Value: before[Key] ?? '' })),
    });
  }
  if (removed.length > 0) {
    // With its value, so that a tag that somebody changes just now stays.
    await aws.ec2.deleteTags({ Resources, Tags: removed.map(([Key, Value]) => ({ Key, Value })) });
  }
  return done(
    toJson({ restored: restored.map(([key]) => key), removed: removed.map(([key]) => key) }),
    own.length === 0
      ? 'no tag has the value that was given'
      : `${own.map(([key]) => key).join(', ')} as they were`,
  );
}
