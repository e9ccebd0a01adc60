import { describeInstance } from '../../actions/instance/instance.ts';
import type { AwsClients } from '../../aws/clients.ts';
import { liveResource } from '../../aws/resources/live-resource.ts';
import { parentOf } from '../../aws/resources/parents.ts';
import { INSTANCE, type Subject } from '../../model/subject.ts';
import { type Guardrail, isGrave } from './guardrail.ts';

export const protectedTag: Guardrail = {
  name: 'protected-tag',
  yieldsToApproval: true,
  async ask(question, { protectedTags }, { aws }) {
    if (protectedTags.length === 0 || !isGrave(question)) return [];
    const { subject } = question.incident;
    if (aws === undefined)
      return [{ allowed: true, unknown: true, reason: 'without an account its tags are not known' }];
    const tags = await tagsOf(aws, parentOf(subject) ?? subject);
    const found = tags.find(({ key, value }) =>
      protectedTags.some((wanted) => wanted === key || wanted === `${key}=${value}`),
    );
    return found === undefined
      ? [{ allowed: true, reason: `${subject.id} has no protected tag` }]
      : [{ allowed: false, reason: `${subject.id} has the protected tag ${found.key}=${found.value}` }];
  },
};

const ACCESS_KEY = 'AWS::IAM::AccessKey';

interface Tag {
  readonly key: string;
  readonly value: string;
}

/**
 * The tags of a subject, by EC2 for what is EC2's and through Cloud Control for every other type; those of a
 * key are its user's, and those of a policy or the like are what it is a part of. Throws when they cannot be read: what cannot be looked at may be protected. What is
 * gone has none.
 */
async function tagsOf(aws: AwsClients, subject: Subject): Promise<Tag[]> {
  if (subject.type === INSTANCE) {
    const { Tags = [] } = (await describeInstance(aws, subject.id)) ?? {};
    return Tags.map(({ Key = '', Value = '' }) => ({ key: Key, value: Value }));
  }
  if (subject.type.startsWith('AWS::EC2::')) {
    const filters = [{ Name: 'resource-id', Values: [subject.id] }];
    const tags: Tag[] = [];
    for await (const { Tags = [] } of aws.ec2.paginateDescribeTags({ Filters: filters })) {
      tags.push(...Tags.map(({ Key = '', Value = '' }) => ({ key: Key, value: Value })));
    }
    return tags;
  }
  const live = await liveResource(aws, named(subject));
  if (live.kind === 'gone') return [];
  if (live.kind === 'unreadable') throw new Error(live.why);
  const { Tags, UserName } = (live.properties ?? {}) as {
    readonly Tags?: unknown;
    readonly UserName?: unknown;
  };
  if (subject.type === ACCESS_KEY && typeof UserName === 'string')
    return tagsOf(aws, { ...subject, type: 'AWS::IAM::User', id: UserName });
  return readTags(Tags);
}

/** Cloud Control knows users and roles by name; logs know them by ARN. */
function named(subject: Subject): Subject {
  const { type, id } = subject;
  const arn = /^arn:[^:]*:(iam|sts)::\d*:(user|role|assumed-role)\/(.+)$/.exec(id);
  if (arn === null) return subject;
  const path = (arn[3] ?? '').split('/');
  if (arn[2] === 'assumed-role') return { ...subject, type: 'AWS::IAM::Role', id: path[0] ?? '' };
  return { ...subject, type: arn[2] === 'role' ? 'AWS::IAM::Role' : type, id: path.at(-1) ?? '' };
}

/** Types write their tags as a list of `Key` and `Value`, or as an object. */
function readTags(tags: unknown): Tag[] {
  if (Array.isArray(tags)) {
    return tags.map((tag: { readonly Key?: unknown; readonly Value?: unknown } | null) => ({
      key: String(tag?.Key ?? ''),
      value: String(tag?.Value ?? ''),
    }));
  }
  return Object.entries((tags ?? {}) as Record<string, unknown>).map(([key, value]) => ({
    key,
    value: String(value),
  }));
}
