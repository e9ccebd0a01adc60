import type { IncomingHttpHeaders } from 'node:http';
import type { SchemaRef } from '@smithy/types';
import type { Account } from './account.ts';
import type { AwsError } from './aws-error.ts';
import type { Caller } from './caller.ts';

/** A request as it came over HTTP. */
export interface HttpRequest {
  readonly method: string;
  /** As it was sent, percent-encoded, without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
}

/** One operation: the SDK's own schemas, and what it does to the account. */
export interface Operation {
  readonly http: HttpTrait | undefined;
  readonly input: SchemaRef;
  readonly output: SchemaRef;
  /** May answer later: a long poll, which ends when the caller has gone. */
  run(account: Account, input: unknown, gone: AbortSignal, caller: Caller): unknown;
}

/** Method, URI template and status of success. Source: Smithy 2.0, "http trait". */
export type HttpTrait = readonly [method: string, uri: string, status: number];

/** How requests and answers look on the wire. */
export interface Protocol {
  /** The name of the operation that a request asks for; empty when it asks for none. */
  operationName(service: Service, request: HttpRequest): string;
  decode(operation: Operation, request: HttpRequest): unknown;
  encode(name: string, operation: Operation, output: unknown, requestId: string): HttpAnswer;
  encodeError(error: AwsError, requestId: string): HttpAnswer;
}

/** An AWS service: how it is spoken to, and what it can do. */
export interface Service {
  readonly name: string;
  readonly protocol: Protocol;
  /** Whether a request is meant for it. */
  serves(request: HttpRequest): boolean;
  readonly operations: Readonly<Record<string, Operation>>;
  /** How the service says the faults that any call may have. */
  readonly faults: Readonly<Record<'throttle' | 'internal-error' | 'unauthorized', () => AwsError>>;
}

type OperationSchema = readonly [
  9,
  string,
  string,
  { readonly http?: HttpTrait } | number,
  () => unknown,
  () => unknown,
];

/** Makes an entry of a service's table from the operation's schema in the SDK client. */
export function operation<Input, Output>(
  schema: unknown,
  run: (account: Account, input: Input, gone: AbortSignal, caller: Caller) => Output,
): Operation {
  const [, , , traits, input, output] = schema as OperationSchema;
  return {
    http: typeof traits === 'object' ? traits.http : undefined,
    input: input() as SchemaRef,
    output: output() as SchemaRef,
    run: run as Operation['run'],
  };
}
