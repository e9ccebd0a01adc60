import { proveTouches } from '../../../test/touches.ts';
import { CLOUD_CONTROL, CODEBUILD, SSM } from './management.ts';

const GROUP = 'AWS::Logs::LogGroup audit';
const typed = { typeName: 'AWS::Logs::LogGroup', clientToken: '1' };

proveTouches(CLOUD_CONTROL, [
  [
    'CreateResource',
    { ...typed, desiredState: '' },
    { progressEvent: { identifier: 'audit' } },
    `created ${GROUP}`,
  ],
  ['UpdateResource', { ...typed, identifier: 'audit', patchDocument: '' }, null, `changed ${GROUP}`],
  ['UpdateResource', { typeName: '<script>', identifier: 'audit' }, null],
  ['DeleteResource', { ...typed, identifier: 'audit' }, null, `deleted ${GROUP}`],
]);

const DOCUMENT = 'AWS::SSM::Document restart';
const PARAMETER = 'AWS::SSM::Parameter /db/password';

proveTouches(SSM, [
  [
    'ModifyDocumentPermission',
    { name: 'restart', permissionType: 'Share', accountIdsToAdd: ['all'] },
    null,
    `changed ${DOCUMENT}`,
  ],
  ['UpdateDocument', { name: 'restart', documentVersion: '$LATEST' }, null, `changed ${DOCUMENT} [Content]`],
  ['DeleteDocument', { name: 'restart' }, null, `deleted ${DOCUMENT}`],
  [
    'PutParameter',
    { name: '/db/password', type: 'String', overwrite: true },
    null,
    `changed ${PARAMETER} [Type Tier]`,
  ],
  ['DeleteParameter', { name: '/db/password' }, null, `deleted ${PARAMETER}`],
]);

const PROJECT = 'AWS::CodeBuild::Project release';

proveTouches(CODEBUILD, [
  ['CreateProject', { name: 'release' }, null, `created ${PROJECT}`],
  ['UpdateProject', { name: 'release', environment: { privilegedMode: true } }, null, `changed ${PROJECT}`],
  [
    'UpdateProjectVisibility',
    {
      projectArn: 'arn:aws:codebuild:eu-west-1:123456789012:project/release',
      projectVisibility: 'PUBLIC_READ',
    },
    null,
    `changed ${PROJECT} [Visibility]`,
  ],
  ['DeleteProject', { name: 'release' }, null, `deleted ${PROJECT}`],
]);
