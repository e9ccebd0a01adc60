import { changedKeys } from '../../cloudformation/compare.ts';
import { detectorsOf } from '../../guardduty/detectors.ts';
import { GUARDDUTY } from '../../guardduty/service.ts';
import { perform } from '../../perform.ts';
import { pick } from '../changes.ts';
import {
  type CfnTag,
  type Properties,
  type ResourceType,
  tagChanges,
  tagProperty,
} from '../resource-type.ts';

const SETTINGS = ['Enable', 'Features', 'FindingPublishingFrequency'];

/** Source: AWS CloudFormation Template Reference, "AWS::GuardDuty::Detector". */
export const DETECTOR: ResourceType = {
  replacement: [],
  readOnly: ['Id', 'CreatedTime'],
  create(account, properties) {
    const { DetectorId } = perform<{ DetectorId: string }>(account, GUARDDUTY, 'CreateDetector', {
      ...settingsOf(properties),
      Tags: Object.fromEntries(((properties.Tags ?? []) as CfnTag[]).map(({ Key, Value }) => [Key, Value])),
    });
    return { physicalId: DetectorId, attributes: { Id: DetectorId } };
  },
  update(account, DetectorId, after, before) {
    const changed = changedKeys(before, after).filter((name) => SETTINGS.includes(name));
    if (changed.length > 0)
      perform(account, GUARDDUTY, 'UpdateDetector', { DetectorId, ...settingsOf(pick(after, changed)) });
    const { put, remove } = tagChanges((before.Tags ?? []) as CfnTag[], after.Tags);
    const ResourceArn = detectorsOf(account).get(DetectorId)?.arn;
    const Tags = Object.fromEntries(put.map(({ Key, Value }) => [Key, Value]));
    if (put.length > 0) perform(account, GUARDDUTY, 'TagResource', { ResourceArn, Tags });
    if (remove.length > 0) perform(account, GUARDDUTY, 'UntagResource', { ResourceArn, TagKeys: remove });
  },
  delete(account, DetectorId) {
    perform(account, GUARDDUTY, 'DeleteDetector', { DetectorId });
  },
  read(account, DetectorId): Properties | undefined {
    if (!detectorsOf(account).has(DetectorId)) return undefined;
    const found = perform<Properties>(account, GUARDDUTY, 'GetDetector', { DetectorId });
    const tags = Object.entries(found.Tags as Record<string, string>);
    return {
      Id: DetectorId,
      CreatedTime: found.CreatedAt,
      Enable: found.Status === 'ENABLED',
      FindingPublishingFrequency: found.FindingPublishingFrequency,
      Features: found.Features,
      ...tagProperty(tags.map(([Key, Value]) => ({ Key, Value }))),
    };
  },
  list: (account) => [...detectorsOf(account).keys()],
};

function settingsOf(properties: Properties): Properties {
  const { Enable, ...rest } = pick(properties, SETTINGS);
  return Enable === undefined ? rest : { ...rest, Enable: Enable === true || Enable === 'true' };
}
