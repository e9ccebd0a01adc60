import type { Json } from '../../model/json.ts';
import type { Subject } from '../../model/subject.ts';
import type { AwsClients } from '../clients.ts';
import { awsErrorCode, describeAwsError, isRefused } from '../errors.ts';
import { OWN_READERS } from './own-readers.ts';

/** A resource as it is now, in its CloudFormation schema. */
export type LiveResource =
  | { readonly kind: 'found'; readonly properties: Json }
  | { readonly kind: 'gone' }
  /** It cannot be read, also not later. */
  | { readonly kind: 'unreadable'; readonly why: string };

/** Source: AWS Cloud Control API, "GetResource", errors. */
const GONE = /^(ResourceNotFoundException|NotFound)$/;
const NO_HANDLER = /^(UnsupportedActionException|TypeNotFoundException)$/;

/**
 * Reads a resource through Cloud Control; where a type has no handler there, with the service's own calls.
 * What fails in passing is thrown.
 */
export async function liveResource(aws: AwsClients, { type, id }: Subject): Promise<LiveResource> {
  const own = OWN_READERS.get(type);
  if (own !== undefined) return readWith(() => own.read(aws, id));
  try {
    const cloudcontrol = await aws.use('cloudcontrol');
    const { ResourceDescription } = await cloudcontrol.getResource({ TypeName: type, Identifier: id });
    return { kind: 'found', properties: parsed(ResourceDescription?.Properties) };
  } catch (error) {
    const code = awsErrorCode(error);
    if (GONE.test(code)) return { kind: 'gone' };
    if (NO_HANDLER.test(code)) return { kind: 'unreadable', why: `Cloud Control cannot read ${type}` };
    if (isRefused(error)) return { kind: 'unreadable', why: describeAwsError(error) };
    throw error;
  }
}

async function readWith(read: () => Promise<Json | undefined>): Promise<LiveResource> {
  try {
    const properties = await read();
    return properties === undefined ? { kind: 'gone' } : { kind: 'found', properties };
  } catch (error) {
    if (isRefused(error)) return { kind: 'unreadable', why: describeAwsError(error) };
    throw error;
  }
}

function parsed(text: string | undefined): Json {
  try {
    return JSON.parse(text ?? '{}') as Json;
  } catch {
    return {};
  }
}
