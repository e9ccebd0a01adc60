import { CONTROL_PLANE } from './control-plane.ts';

/** Who and what the door is. */
export interface LockdownNames {
  readonly account: string;
  readonly region: string;
  readonly partition: string;
  /** Names of the functions. */
  readonly door: string;
  readonly hook: string | undefined;
  /** Role that the door's function runs as, role that CloudFormation deploys with. */
  readonly doorRole: string;
  readonly deployRole: string;
  /** For the day on which the door does not work. */
  readonly breakGlassRole: string;
  /** Further roles that change resources: of pipelines, of AWS Control Tower. Names, `*` allowed. */
  readonly exempt: readonly string[];
  readonly uploadBucket: string | undefined;
  readonly templateBuckets: readonly string[];
}

export interface Statement {
  readonly Sid: string;
  readonly Effect: 'Allow' | 'Deny';
  readonly Action: readonly string[];
  readonly Resource: readonly string[] | string;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

/** A policy before it is measured. */
export interface PolicyDraft {
  readonly name: string;
  readonly kind: 'managed-policy' | 'service-control-policy';
  readonly attachTo: string;
  readonly statements: readonly { readonly statement: Statement; readonly why: string }[];
}

/** Those of the Cloud Control API among them: it has the same prefix. */
const STACK_WRITES = [
  'CancelUpdateStack',
  'ContinueUpdateRollback',
  'Create*',
  'Delete*',
  'ExecuteChangeSet',
  'ExecuteStackRefactor',
  'ImportStacksToStackSet',
  'RollbackStack',
  'SetStackPolicy',
  'TagResource',
  'UntagResource',
  'Update*',
].map((action) => `cloudformation:${action}`);

const HOOK_WRITES = [
  'ActivateType',
  'DeactivateType',
  'DeregisterType',
  'PublishType',
  'RegisterType',
  'SetTypeConfiguration',
  'SetTypeDefaultVersion',
].map((action) => `cloudformation:${action}`);

const FUNCTION_WRITES = [
  'lambda:AddPermission',
  'lambda:CreateAlias',
  'lambda:CreateFunctionUrlConfig',
  'lambda:Delete*',
  'lambda:Put*',
  'lambda:RemovePermission',
  'lambda:Update*',
];

const ROLE_WRITES = [
  'iam:AttachRolePolicy',
  'iam:CreateRole',
  'iam:Delete*',
  'iam:DetachRolePolicy',
  'iam:Put*',
  'iam:TagRole',
  'iam:UntagRole',
  'iam:Update*',
];

/** Beside ReadOnlyAccess, which allows to look at everything and to change nothing. */
export function engineers(names: LockdownNames): PolicyDraft {
  return draft(
    'cordon-engineers',
    'managed-policy',
    'engineers, beside the AWS managed policy ReadOnlyAccess',
    [
      {
        why: 'The one thing that engineers do: hand a template to the door.',
        statement: {
          Sid: 'KnockAtTheDoor',
          Effect: 'Allow',
          Action: ['lambda:InvokeFunction'],
          Resource: [functionArn(names, names.door)],
        },
      },
      {
        why: 'Whatever another policy allows them: stacks are not made, changed or removed beside the door, and the hook stays.',
        statement: {
          Sid: 'NotBesideTheDoor',
          Effect: 'Deny',
          Action: [...STACK_WRITES, ...HOOK_WRITES],
          Resource: '*',
        },
      },
      {
        why: 'They do not become the door, nor hand its role or the role of the deployments to anything of their own.',
        statement: {
          Sid: 'NotAsTheDoor',
          Effect: 'Deny',
          Action: ['iam:PassRole', 'sts:AssumeRole'],
          Resource: [roleArn(names, names.doorRole), roleArn(names, names.deployRole)],
        },
      },
    ],
  );
}

/** What the function of the door calls, and nothing else. */
export function doorRole(names: LockdownNames): PolicyDraft {
  const { partition, region, account, uploadBucket, templateBuckets } = names;
  const s3 = (bucket: string, key: string): string => `arn:${partition}:s3:::${bucket}/${key}`;
  const deployRole = roleArn(names, names.deployRole);
  return draft(
    'cordon-door',
    'managed-policy',
    `the role ${names.doorRole}, beside AWSLambdaBasicExecutionRole`,
    [
      {
        why: 'Looking at stacks, their events and templates.',
        statement: {
          Sid: 'Look',
          Effect: 'Allow',
          Action: [
            'cloudformation:DescribeChangeSet',
            'cloudformation:DescribeStackEvents',
            'cloudformation:DescribeStacks',
            'cloudformation:GetTemplate',
          ],
          Resource: '*',
        },
      },
      {
        why: 'A change set is made and executed only with the role of the deployments.',
        statement: {
          Sid: 'MakeChangeSets',
          Effect: 'Allow',
          Action: ['cloudformation:CreateChangeSet'],
          Resource: [`arn:${partition}:cloudformation:${region}:${account}:stack/*`],
          Condition: { StringEquals: { 'cloudformation:RoleArn': deployRole } },
        },
      },
      {
        why: 'Change sets are executed or taken back; the door deletes a stack only while nothing is in it.',
        statement: {
          Sid: 'ExecuteOrTakeBack',
          Effect: 'Allow',
          Action: [
            'cloudformation:DeleteChangeSet',
            'cloudformation:DeleteStack',
            'cloudformation:ExecuteChangeSet',
            'cloudformation:TagResource',
          ],
          Resource: [`arn:${partition}:cloudformation:${region}:${account}:stack/*`],
        },
      },
      {
        why: 'The role of the deployments goes to CloudFormation and to nobody else.',
        statement: {
          Sid: 'HandOverTheRole',
          Effect: 'Allow',
          Action: ['iam:PassRole'],
          Resource: [deployRole],
          Condition: { StringEquals: { 'iam:PassedToService': 'cloudformation.amazonaws.com' } },
        },
      },
      ...(templateBuckets.length === 0
        ? []
        : [
            {
              why: 'Templates that engineers have put into a bucket are read there.',
              statement: {
                Sid: 'ReadTemplates',
                Effect: 'Allow' as const,
                Action: ['s3:GetObject'],
                Resource: templateBuckets.map((bucket) => s3(bucket, '*')),
              },
            },
          ]),
      ...(uploadBucket === undefined
        ? []
        : [
            {
              why: 'A template of more than 51,200 bytes is handed to CloudFormation from here, as it was judged.',
              statement: {
                Sid: 'HandOverLargeTemplates',
                Effect: 'Allow' as const,
                Action: ['s3:GetObject', 's3:PutObject'],
                Resource: [s3(uploadBucket, 'templates/*')],
              },
            },
          ]),
    ],
  );
}

/** For the accounts of the organization. Service-linked roles and the management account are not bound by it. */
export function organization(names: LockdownNames): PolicyDraft[] {
  const arn = (role: string): string => `arn:${names.partition}:iam::*:role/${role.replace(/^\//, '')}`;
  const breakGlass = arn(names.breakGlassRole);
  const doorAndGlass = [arn(names.doorRole), breakGlass];
  const exempt = [...doorAndGlass, arn(names.deployRole), ...names.exempt.map(arn)];
  const except = (roles: readonly string[]) => ({ ArnNotLike: { 'aws:PrincipalArn': roles } });
  const attachTo = 'the organizational units whose accounts are deployed through the door';
  const functions = [names.door, ...(names.hook === undefined ? [] : [names.hook])];
  return [
    draft('cordon-one-way-in', 'service-control-policy', attachTo, [
      {
        why: 'Nobody but the door and the break-glass role makes, changes or removes stacks; nor resources through Cloud Control.',
        statement: {
          Sid: 'StacksThroughTheDoor',
          Effect: 'Deny',
          Action: STACK_WRITES,
          Resource: '*',
          Condition: except(exempt),
        },
      },
      {
        why: 'Resources are changed by the role of the deployments, and not by hand. What applications do with their data is not touched.',
        statement: {
          Sid: 'ResourcesThroughStacks',
          Effect: 'Deny',
          Action: CONTROL_PLANE,
          Resource: '*',
          Condition: except(exempt),
        },
      },
    ]),
    draft('cordon-keep-the-door', 'service-control-policy', attachTo, [
      {
        why: 'The functions that judge are not replaced by others, and their settings stay.',
        statement: {
          Sid: 'KeepTheFunctions',
          Effect: 'Deny',
          Action: FUNCTION_WRITES,
          Resource: functions.map((name) => `arn:${names.partition}:lambda:*:*:function:${name}*`),
          Condition: except([breakGlass]),
        },
      },
      {
        why: 'The hook is not deactivated, nor set from FAIL to WARN.',
        statement: {
          Sid: 'KeepTheHook',
          Effect: 'Deny',
          Action: HOOK_WRITES,
          Resource: '*',
          Condition: except([breakGlass]),
        },
      },
      {
        why: 'Not even a deployment gives these roles more rights, or other people the right to assume them.',
        statement: {
          Sid: 'KeepTheRoles',
          Effect: 'Deny',
          Action: ROLE_WRITES,
          Resource: [arn(names.doorRole), arn(names.deployRole), breakGlass],
          Condition: except([breakGlass]),
        },
      },
      {
        why: 'Only the door hands the role of the deployments over.',
        statement: {
          Sid: 'KeepTheDeployRole',
          Effect: 'Deny',
          Action: ['iam:PassRole', 'sts:AssumeRole'],
          Resource: [arn(names.deployRole)],
          Condition: except(doorAndGlass),
        },
      },
      {
        why: 'An account that leaves the organization leaves these policies too.',
        statement: {
          Sid: 'StayInTheOrganization',
          Effect: 'Deny',
          Action: ['account:CloseAccount', 'organizations:LeaveOrganization'],
          Resource: '*',
        },
      },
    ]),
  ];
}

function draft(
  name: string,
  kind: PolicyDraft['kind'],
  attachTo: string,
  statements: PolicyDraft['statements'],
): PolicyDraft {
  return { name, kind, attachTo, statements };
}

function functionArn({ partition, region, account }: LockdownNames, name: string): string {
  return `arn:${partition}:lambda:${region}:${account}:function:${name}`;
}

function roleArn({ partition, account }: LockdownNames, role: string): string {
  return `arn:${partition}:iam::${account}:role/${role.replace(/^\//, '')}`;
}
