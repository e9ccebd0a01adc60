import type { SchemaRef } from '@smithy/types';
import type { Account } from './account.ts';

/** One operation: the SDK's own schemas, and what it does to the account. */
export interface Operation {
  readonly input: SchemaRef;
  readonly output: SchemaRef;
  run(account: Account, input: unknown): unknown;
}

/** An AWS service: how it is spoken to, and what it can do. */
export interface Service {
  readonly name: string;
  readonly protocol: 'ec2-query' | 'aws-query';
  /** The API version that requests carry. */
  readonly version: string;
  readonly operations: Readonly<Record<string, Operation>>;
}

type OperationSchema = readonly [9, string, string, unknown, () => unknown, () => unknown];

/** Makes an entry of a service's table from the operation's schema in the SDK client. */
export function operation<Input, Output>(
  schema: unknown,
  run: (account: Account, input: Input) => Output,
): Operation {
  const [, , , , input, output] = schema as OperationSchema;
  return { input: input() as SchemaRef, output: output() as SchemaRef, run: run as Operation['run'] };
}
