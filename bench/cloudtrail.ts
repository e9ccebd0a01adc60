import type { FieldValue } from '../src/model/event.ts';
import type { EventView } from '../src/sigma/compile.ts';

/** A small generator with a seed, the same on every machine: Lehmer's, 31 bits. */
function randomNumbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 48_271) % 2_147_483_647;
    return state % below;
  };
}

const SERVICES =
  `iam ec2 s3 sts kms lambda rds guardduty cloudtrail config ssm secretsmanager ecs eks ecr sns sqs
dynamodb route53 cloudfront elasticloadbalancing autoscaling organizations securityhub macie2 waf glue athena
cloudformation ses`.split(/\s+/);
const WRITES = 'Create Delete Put Update Modify Attach Detach Enable Disable Start Stop Associate'.split(' ');
const READS = 'Describe List Get'.split(' ');
const NOUNS =
  `Policy Role User Group AccessKey LoginProfile Bucket BucketPolicy BucketAcl Key Alias Grant Function
Layer Instance Snapshot Image Volume SecurityGroup Subnet RouteTable InternetGateway Trail Detector Rule Topic
Queue Table Cluster Service Task Repository Distribution WebACL Listener TargetGroup Stack Domain Member Parameter
Secret Session Document Association Endpoint Certificate Zone Record Account`.split(/\s+/);
const AGENTS =
  `aws-cli/2.15.0 Python/3.11|Boto3/1.34.11 md/Botocore#1.34.11|aws-sdk-go/1.44.98 (go1.19; linux; amd64)|
console.amazonaws.com|AWS Internal|Terraform/1.6.2 (+https://www.terraform.io)|aws-sdk-java/1.12.500 Linux/5.10|
S3Console/0.4, aws-internal/3|autoscaling.amazonaws.com|APN/1.0 HashiCorp/1.0`
    .replaceAll('\n', '')
    .split('|');
const TOOLS =
  'kali parrot pentoo pacu cloudsploit scoutsuite prowler enumerate-iam trufflehog nuclei sqlmap'.split(' ');

/** Rules as they are written for CloudTrail: most name a service and its operations, some look into parameters. */
export function cloudTrailRules(count: number): string {
  const below = randomNumbers(20_260_101);
  const one = <T>(list: readonly T[]): T => list[below(list.length)] as T;
  const operation = (): string => one(WRITES) + one(NOUNS);
  const detections: (() => object)[] = [
    () => ({
      selection: { eventSource: `${one(SERVICES)}.amazonaws.com`, eventName: list(1 + below(4), operation) },
      condition: 'selection',
    }),
    () => ({
      selection: { eventSource: `${one(SERVICES)}.amazonaws.com`, eventName: operation() },
      filter_service: { 'userIdentity.type': 'AWSService' },
      filter_failed: { 'errorCode|exists': true },
      condition: 'selection and not 1 of filter_*',
    }),
    () => ({
      selection: { eventName: operation(), 'requestParameters.attribute': one(NOUNS).toLowerCase() },
      condition: 'selection',
    }),
    () => ({
      selection: {
        eventName: list(2, operation),
        'requestParameters.policyDocument|contains|all': ['"Allow"', `${one(SERVICES)}:*`],
      },
      condition: 'selection',
    }),
    () => ({
      tool: { 'userAgent|contains': [one(TOOLS) + below(100), `${one(TOOLS)}/${below(9)}`] },
      condition: 'tool',
    }),
    () => ({
      selection: {
        eventSource: `${one(SERVICES)}.amazonaws.com`,
        'eventName|startswith': one(WRITES) + one(NOUNS).slice(0, 5),
        errorCode: 'AccessDenied',
      },
      condition: 'selection',
    }),
    () => ({
      selection: {
        eventName: operation(),
        'userIdentity.arn|re': `^arn:aws:(iam|sts)::\\d{12}:.*${one(NOUNS).toLowerCase()}${below(50)}`,
      },
      inside: { 'sourceIPAddress|cidr': ['10.0.0.0/8', '192.168.0.0/16'] },
      condition: 'selection and not inside',
    }),
  ];
  const WEIGHTS = [0, 0, 0, 0, 1, 1, 2, 3, 4, 5, 6];
  return Array.from({ length: count }, (_, number) =>
    JSON.stringify({
      title: `Rule ${number}`,
      id: `rule-${number}`,
      logsource: { product: 'aws', service: 'cloudtrail' },
      detection: detections[one(WEIGHTS)]?.(),
    }),
  ).join('\n---\n');
}

function list<T>(length: number, make: () => T): T[] {
  return Array.from({ length }, make);
}

/** Events of an account at work: most are reads by the same few programs, one in ten changes something. */
export function cloudTrailEvents(count: number): EventView[] {
  const below = randomNumbers(4_711);
  const one = <T>(list: readonly T[]): T => list[below(list.length)] as T;
  return list(count, () => {
    const service = one(SERVICES);
    const name = below(10) === 0 ? one(WRITES) + one(NOUNS) : one(READS) + one(NOUNS);
    const role = `role-${below(60)}`;
    const fields: Record<string, FieldValue> = {
      eventVersion: '1.09',
      userIdentity: {
        type: below(8) === 0 ? 'AWSService' : 'AssumedRole',
        principalId: `AROA${below(1e9)}:session`,
        arn: `arn:aws:sts::123456789012:assumed-role/${role}/session-${below(5000)}`,
        accountId: '123456789012',
        sessionContext: { attributes: { mfaAuthenticated: 'false' } },
      },
      eventTime: '2026-01-01T00:00:00Z',
      eventSource: `${service}.amazonaws.com`,
      eventName: name,
      awsRegion: 'eu-west-1',
      sourceIPAddress: `10.${below(256)}.${below(256)}.${below(256)}`,
      userAgent: one(AGENTS),
      ...(below(20) === 0 ? { errorCode: 'AccessDenied' } : {}),
      requestParameters: { attribute: 'x', resourceId: `i-${below(1e9).toString(16)}`, maxResults: 100 },
      responseElements: null,
      requestID: `${below(1e9)}-${below(1e9)}`,
      eventID: `${below(1e9)}-${below(1e9)}`,
      readOnly: !/^(Create|Delete|Put|Update|Modify)/.test(name),
      eventType: 'AwsApiCall',
      managementEvent: true,
      recipientAccountId: '123456789012',
      eventCategory: 'Management',
    };
    const raw = JSON.stringify(fields);
    return { fields: JSON.parse(raw) as Record<string, FieldValue>, raw };
  });
}
