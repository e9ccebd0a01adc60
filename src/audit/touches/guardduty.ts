import { changed, created, deleted, type TouchTable } from './touch.ts';

const DETECTOR = 'AWS::GuardDuty::Detector';
const FILTER = 'AWS::GuardDuty::Filter';
const IP_SET = 'AWS::GuardDuty::IPSet';
const THREAT_SET = 'AWS::GuardDuty::ThreatIntelSet';
const MEMBER = 'AWS::GuardDuty::Member';
const DESTINATION = 'AWS::GuardDuty::PublishingDestination';

const detector = 'request.detectorId';
const ofDetector = { partOf: [DETECTOR, detector] as const };
const filter = [`{${detector}}|{request.filterName}`, `{${detector}}|{request.name}`];
const members = `{${detector}}|{request.accountIds[]}`;
const destination = [`{${detector}}|{request.destinationId}`, `{${detector}}|{response.destinationId}`];

/** Source: Amazon GuardDuty User Guide, "Logging Amazon GuardDuty API calls with AWS CloudTrail". */
export const GUARDDUTY: TouchTable = {
  source: 'guardduty.amazonaws.com',
  calls: {
    CreateDetector: [created(DETECTOR, 'response.detectorId')],
    UpdateDetector: [
      changed(DETECTOR, detector, {
        of: 'request',
        names: {
          enable: 'Enable',
          findingPublishingFrequency: 'FindingPublishingFrequency',
          dataSources: 'DataSources',
          features: 'Features',
        },
      }),
    ],
    DeleteDetector: [deleted(DETECTOR, detector)],
    CreateFilter: [created(FILTER, filter, ofDetector)],
    UpdateFilter: [changed(FILTER, filter, [], ofDetector)],
    DeleteFilter: [deleted(FILTER, filter, ofDetector)],
    CreateIPSet: [created(IP_SET, `{response.ipSetId}|{${detector}}`, ofDetector)],
    UpdateIPSet: [
      changed(IP_SET, `{request.ipSetId}|{${detector}}`, ['Activate', 'Location', 'Name'], ofDetector),
    ],
    DeleteIPSet: [deleted(IP_SET, `{request.ipSetId}|{${detector}}`, ofDetector)],
    UpdateThreatIntelSet: [
      changed(
        THREAT_SET,
        `{request.threatIntelSetId}|{${detector}}`,
        ['Activate', 'Location', 'Name'],
        ofDetector,
      ),
    ],
    DeleteThreatIntelSet: [deleted(THREAT_SET, `{request.threatIntelSetId}|{${detector}}`, ofDetector)],
    StopMonitoringMembers: [changed(MEMBER, members, ['Status'], ofDetector)],
    DisassociateMembers: [changed(MEMBER, members, ['Status'], ofDetector)],
    DeleteMembers: [deleted(MEMBER, members, ofDetector)],
    UpdatePublishingDestination: [changed(DESTINATION, destination, ['DestinationProperties'], ofDetector)],
    DeletePublishingDestination: [deleted(DESTINATION, destination, ofDetector)],
  },
};
