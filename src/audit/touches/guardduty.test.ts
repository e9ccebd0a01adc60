import { proveTouches } from '../../../test/touches.ts';
import { GUARDDUTY } from './guardduty.ts';

const ID = '12abc34d567e8fa901bc2d34e56789f0';
const DETECTOR = `AWS::GuardDuty::Detector ${ID}`;
const OF = `(of ${DETECTOR})`;
const IP_SET = `AWS::GuardDuty::IPSet 0cb0141ab9fbde177613ab9436212e90|${ID}`;
const THREATS = `AWS::GuardDuty::ThreatIntelSet 8cb0141ab9fbde177613ab9436212e92|${ID}`;
const FILTER = `AWS::GuardDuty::Filter ${ID}|quiet`;
const MEMBER = `AWS::GuardDuty::Member ${ID}|210987654321`;
const OTHER = `AWS::GuardDuty::Member ${ID}|321098765432`;
const DESTINATION = `AWS::GuardDuty::PublishingDestination ${ID}|4ab1`;
const at = { detectorId: ID };
const ipSet = { ...at, ipSetId: '0cb0141ab9fbde177613ab9436212e90' };
const threats = { ...at, threatIntelSetId: '8cb0141ab9fbde177613ab9436212e92' };
const members = { ...at, accountIds: ['210987654321', '321098765432'] };
const none = { unprocessedAccounts: [] };

proveTouches(GUARDDUTY, [
  ['CreateDetector', { enable: true }, at, `created ${DETECTOR}`],
  ['UpdateDetector', { ...at, enable: false }, null, `changed ${DETECTOR} [Enable]`],
  ['DeleteDetector', at, null, `deleted ${DETECTOR}`],
  ['CreateFilter', { ...at, name: 'quiet', action: 'ARCHIVE' }, { name: 'quiet' }, `created ${FILTER} ${OF}`],
  ['UpdateFilter', { ...at, filterName: 'quiet', action: 'ARCHIVE' }, null, `changed ${FILTER} ${OF}`],
  ['DeleteFilter', { ...at, filterName: 'quiet' }, null, `deleted ${FILTER} ${OF}`],
  [
    'CreateIPSet',
    {
      ...at,
      name: 'Example',
      format: 'TXT',
      activate: false,
      location: 'https://s3.amazonaws.com/amzn-s3-demo-bucket/a.txt',
    },
    { ipSetId: ipSet.ipSetId },
    `created ${IP_SET} ${OF}`,
  ],
  ['UpdateIPSet', { ...ipSet, activate: true }, null, `changed ${IP_SET} [Activate Location Name] ${OF}`],
  ['DeleteIPSet', ipSet, null, `deleted ${IP_SET} ${OF}`],
  [
    'UpdateThreatIntelSet',
    { ...threats, activate: false },
    null,
    `changed ${THREATS} [Activate Location Name] ${OF}`,
  ],
  ['DeleteThreatIntelSet', threats, null, `deleted ${THREATS} ${OF}`],
  [
    'StopMonitoringMembers',
    members,
    none,
    `changed ${MEMBER} [Status] ${OF}`,
    `changed ${OTHER} [Status] ${OF}`,
  ],
  [
    'DisassociateMembers',
    members,
    none,
    `changed ${MEMBER} [Status] ${OF}`,
    `changed ${OTHER} [Status] ${OF}`,
  ],
  ['DeleteMembers', members, none, `deleted ${MEMBER} ${OF}`, `deleted ${OTHER} ${OF}`],
  [
    'UpdatePublishingDestination',
    { ...at, destinationId: '4ab1' },
    null,
    `changed ${DESTINATION} [DestinationProperties] ${OF}`,
  ],
  ['DeletePublishingDestination', { ...at, destinationId: '4ab1' }, null, `deleted ${DESTINATION} ${OF}`],
]);
