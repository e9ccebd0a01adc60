import { randomUUID } from 'node:crypto';
import type { Account } from '../account.ts';
import type { ObservedCall } from './call.ts';
import { ec2Elements, ec2Parameters } from './ec2-parameters.ts';
import { userIdentityOf } from './identity.ts';
import { elementsOf, parametersOf } from './parameters.ts';
import { s3Parameters } from './s3-parameters.ts';
import { isReadOnly, styleOf } from './styles.ts';
import { isoSeconds } from './time.ts';

/** A record as CloudTrail writes it. */
export interface CloudTrailRecord extends Readonly<Record<string, unknown>> {
  readonly eventTime: string;
  readonly eventSource: string;
  readonly eventName: string;
  readonly awsRegion: string;
  readonly readOnly: boolean;
}

const CIPHER_SUITE = 'TLS_AES_128_GCM_SHA256';
/** Read-only calls whose answers are recorded all the same. Source: IAM User Guide, "Logging IAM and AWS STS API calls". */
const ANSWERED = /^AssumeRole/;

/** The record of a call to the control plane; none of what a trail calls data events. Source: AWS CloudTrail User Guide, "CloudTrail record contents". */
export function recordOf(account: Account, call: ObservedCall): CloudTrailRecord | undefined {
  const { service, name, origin, requestId, outcome } = call;
  const style = styleOf(service.name);
  if (style.data?.test(name)) return undefined;
  const source = `${style.source ?? service.name}.amazonaws.com`;
  const readOnly = isReadOnly(style, name);
  const region = style.global === true ? 'us-east-1' : account.region;
  const failure =
    'error' in outcome
      ? {
          errorCode: style.errorCode?.(outcome.error.code, outcome.error.status) ?? outcome.error.code,
          errorMessage: outcome.error.message,
        }
      : {};
  const isShown = !('error' in outcome) && (!readOnly || ANSWERED.test(name));
  return {
    eventVersion: '1.11',
    userIdentity: userIdentityOf(account, origin),
    eventTime: isoSeconds(account.clock.now()),
    eventSource: source,
    eventName: style.eventNames?.[name] ?? name,
    awsRegion: region,
    sourceIPAddress: origin.sourceIPAddress,
    userAgent: origin.userAgent,
    ...failure,
    requestParameters: requestParameters(account, call),
    responseElements: isShown ? responseElements(call) : null,
    ...(service.name === 's3' ? { additionalEventData: s3Data() } : {}),
    requestID: requestId,
    eventID: randomUUID(),
    readOnly,
    ...resourcesOf(account, call),
    eventType: 'AwsApiCall',
    managementEvent: true,
    recipientAccountId: account.id,
    eventCategory: 'Management',
    ...(origin.invokedBy === undefined
      ? {
          tlsDetails: {
            tlsVersion: 'TLSv1.3',
            cipherSuite: CIPHER_SUITE,
            clientProvidedHostHeader: hostOf(source, region, style.global === true),
          },
        }
      : {}),
  };
}

function requestParameters(account: Account, { service, name, operation, input }: ObservedCall): unknown {
  const style = styleOf(service.name);
  if (service.name === 'ec2') return ec2Parameters(name, operation.input, input, style);
  if (service.name === 's3')
    return s3Parameters(operation, (input ?? {}) as Record<string, unknown>, account.region);
  return parametersOf(operation.input, input, style);
}

function responseElements({ service, name, operation, outcome, requestId }: ObservedCall): unknown {
  if (!('output' in outcome)) return null;
  const style = styleOf(service.name);
  if (service.name === 'ec2')
    return ec2Elements(name, operation.output, outcome.output, { style, requestId });
  if (service.name === 's3') return null;
  return elementsOf(operation.output, outcome.output, style);
}

/** S3 and KMS name the resource. */
function resourcesOf(account: Account, { service, input, outcome }: ObservedCall): { resources?: object[] } {
  const resource = (type: string, ARN: string) => ({ resources: [{ accountId: account.id, type, ARN }] });
  const { Bucket, KeyId } = (input ?? {}) as { Bucket?: string; KeyId?: string };
  if (service.name === 's3' && Bucket !== undefined)
    return resource('AWS::S3::Bucket', `arn:aws:s3:::${Bucket}`);
  if (service.name !== 'kms') return {};
  const made =
    'output' in outcome ? (outcome.output as { KeyMetadata?: { Arn?: string } } | undefined) : undefined;
  const arn = made?.KeyMetadata?.Arn ?? KeyId;
  if (arn === undefined) return {};
  const full = arn.startsWith('arn:')
    ? arn
    : `arn:aws:kms:${account.region}:${account.id}:${arn.startsWith('alias/') ? arn : `key/${arn}`}`;
  return resource('AWS::KMS::Key', full);
}

function s3Data(): object {
  return { SignatureVersion: 'SigV4', CipherSuite: CIPHER_SUITE, AuthenticationMethod: 'AuthHeader' };
}

function hostOf(source: string, region: string, isGlobal: boolean): string {
  return isGlobal ? source : source.replace('.', `.${region}.`);
}
