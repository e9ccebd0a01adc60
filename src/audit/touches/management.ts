import { changed, created, deleted, type TouchTable } from './touch.ts';

const type = '{request.typeName:type-name}';

/** The calls that Cloud Control makes in its turn are in the trail too. Source: Cloud Control API User Guide, "Logging AWS Cloud Control API API calls using AWS CloudTrail". */
export const CLOUD_CONTROL: TouchTable = {
  source: 'cloudcontrolapi.amazonaws.com',
  calls: {
    CreateResource: [created(type, 'response.progressEvent.identifier')],
    UpdateResource: [changed(type, 'request.identifier')],
    DeleteResource: [deleted(type, 'request.identifier')],
  },
};

const DOCUMENT = 'AWS::SSM::Document';

/** Source: AWS Systems Manager User Guide, "Logging AWS Systems Manager API calls with AWS CloudTrail". */
export const SSM: TouchTable = {
  source: 'ssm.amazonaws.com',
  calls: {
    ModifyDocumentPermission: [changed(DOCUMENT, 'request.name')],
    UpdateDocument: [changed(DOCUMENT, 'request.name', ['Content'])],
    DeleteDocument: [deleted(DOCUMENT, 'request.name')],
    PutParameter: [changed('AWS::SSM::Parameter', 'request.name', ['Type', 'Tier'])],
    DeleteParameter: [deleted('AWS::SSM::Parameter', 'request.name')],
  },
};

const PROJECT = 'AWS::CodeBuild::Project';

/** Source: AWS CodeBuild User Guide, "Log CodeBuild API calls with AWS CloudTrail". */
export const CODEBUILD: TouchTable = {
  source: 'codebuild.amazonaws.com',
  calls: {
    CreateProject: [created(PROJECT, 'request.name')],
    UpdateProject: [changed(PROJECT, 'request.name')],
    UpdateProjectVisibility: [changed(PROJECT, '{request.projectArn:last-part}', ['Visibility'])],
    DeleteProject: [deleted(PROJECT, ['{request.name:last-part}'])],
  },
};
