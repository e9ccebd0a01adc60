import { failed, ok, problemOfFile, type Result } from '../../model/problem.ts';
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

export interface LockdownPolicy {
  readonly name: string;
  readonly kind: 'managed-policy' | 'service-control-policy';
  readonly attachTo: string;
  readonly statements: readonly { readonly statement: Statement; readonly why: string }[];
  readonly document: string;
  /** Characters of the document without white space, and how many AWS takes. */
  readonly size: number;
  readonly limit: number;
}

/** Source: IAM User Guide and AWS Organizations User Guide, "Quotas". */
const LIMITS = { 'managed-policy': 6_144, 'service-control-policy': 5_120 } as const;

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

export function lockdown(names: LockdownNames): Result<LockdownPolicy[]> {
  const wrong = wrongNames(names);
  if (wrong.length > 0) return failed(wrong.map((text) => problemOfFile('lockdown', text)));
  const policies = [engineers(names), doorRole(names), ...organization(names)];
  const tooLarge = policies.filter(({ size, limit }) => size > limit);
  return tooLarge.length === 0
    ? ok(policies)
    : failed(
        tooLarge.map(({ name, size, limit }) =>
          problemOfFile(name, `has ${size} characters, and AWS takes ${limit}`, {
            fix: 'name fewer exempt roles, or shorter ones with *',
          }),
        ),
      );
}

function wrongNames(names: LockdownNames): string[] {
  const wrong: string[] = [];
  const roles = [names.doorRole, names.deployRole, names.breakGlassRole];
  if (!/^\d{12}$/.test(names.account)) wrong.push('the account is a number of 12 digits');
  if (!/^[a-z]{2}(-[a-z]+)+-\d$/.test(names.region)) wrong.push('the region looks like eu-west-1');
  for (const name of [names.door, names.hook ?? 'none']) {
    if (!/^[A-Za-z0-9_-]{1,64}$/.test(name)) wrong.push(`${name} is no name of a function`);
  }
  for (const role of roles) {
    if (!/^[\w+=,.@/-]{1,512}$/.test(role)) wrong.push(`${role} is no name of a role`);
  }
  for (const role of names.exempt) {
    if (!/^[\w+=,.@*/-]{1,512}$/.test(role)) wrong.push(`${role} is no name of a role`);
    if (/^\*+$/.test(role)) wrong.push('* exempts everybody');
  }
  if (new Set(roles).size < roles.length)
    wrong.push('the door, the deployment and the break glass need a role each');
  return wrong;
}

/** Beside ReadOnlyAccess, which allows to look at everything and to change nothing. */
function engineers(names: LockdownNames): LockdownPolicy {
  return policy(
    'cordon-engineers',
    'managed-policy',
    'engineers, beside the AWS managed policy ReadOnlyAccess',
    [
      {
        why: 'The one thing that engineers do: hand a template to the door. The function answers only to this.',
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
function doorRole(names: LockdownNames): LockdownPolicy {
  const { partition, region, account, uploadBucket, templateBuckets } = names;
  const s3 = (bucket: string, key: string): string => `arn:${partition}:s3:::${bucket}/${key}`;
  const deployRole = roleArn(names, names.deployRole);
  return policy(
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
        why: 'Change sets are executed or taken back; a stack is deleted only while nothing is in it.',
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
function organization(names: LockdownNames): LockdownPolicy[] {
  const arn = (role: string): string => `arn:${names.partition}:iam::*:role/${role.replace(/^\//, '')}`;
  const breakGlass = arn(names.breakGlassRole);
  const doorAndGlass = [arn(names.doorRole), breakGlass];
  const exempt = [...doorAndGlass, arn(names.deployRole), ...names.exempt.map(arn)];
  const except = (roles: readonly string[]) => ({ ArnNotLike: { 'aws:PrincipalArn': roles } });
  const attachTo = 'the organizational units whose accounts are deployed through the door';
  const functions = [names.door, ...(names.hook === undefined ? [] : [names.hook])];
  return [
    policy('cordon-one-way-in', 'service-control-policy', attachTo, [
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
    policy('cordon-keep-the-door', 'service-control-policy', attachTo, [
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

function policy(
  name: string,
  kind: LockdownPolicy['kind'],
  attachTo: string,
  statements: LockdownPolicy['statements'],
): LockdownPolicy {
  const value = { Version: '2012-10-17', Statement: statements.map(({ statement }) => statement) };
  const size = JSON.stringify(value).length;
  return {
    name,
    kind,
    attachTo,
    statements,
    document: `${JSON.stringify(value, undefined, 2)}\n`,
    size,
    limit: LIMITS[kind],
  };
}

function functionArn({ partition, region, account }: LockdownNames, name: string): string {
  return `arn:${partition}:lambda:${region}:${account}:function:${name}`;
}

function roleArn({ partition, account }: LockdownNames, role: string): string {
  return `arn:${partition}:iam::${account}:role/${role.replace(/^\//, '')}`;
}
