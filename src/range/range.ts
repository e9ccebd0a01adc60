import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { type Account, newAccount, type SimulationSettings } from './account.ts';
import { AUTO_SCALING } from './autoscaling/service.ts';
import { AwsError } from './aws-error.ts';
import { type SimulatedClock, simulatedClock } from './clock.ts';
import { CLOUDFORMATION } from './cloudformation/service.ts';
import { settleStacks } from './cloudformation/stack.ts';
import { EC2 } from './ec2.ts';
import { ECS } from './ecs/service.ts';
import { ELB } from './elb/service.ts';
import { type Fault, type Faults, faults } from './faults.ts';
import { KINESIS } from './kinesis/service.ts';
import { LAMBDA } from './lambda/service.ts';
import { settleInstances } from './operations/instances.ts';
import { S3 } from './s3/service.ts';
import type { HttpAnswer, HttpRequest, Operation, Service } from './service.ts';
import { SQS } from './sqs/service.ts';
import { SSM } from './ssm/service.ts';
import { STS } from './sts.ts';

export interface RangeOptions {
  readonly accountId?: string;
  readonly region?: string;
  /** 0 takes any free port. */
  readonly port?: number;
  readonly clock?: SimulatedClock;
  readonly settings?: Partial<SimulationSettings>;
  /** A new id of a request; by default random. */
  readonly requestId?: () => string;
}

/** A call as the range received it. */
export interface RecordedCall {
  /** Simulated time, milliseconds since the epoch. */
  readonly at: number;
  readonly service: string;
  readonly operation: string;
  readonly input: unknown;
  readonly requestId: string;
  readonly status: number;
  readonly errorCode?: string;
  readonly fault?: Fault['kind'];
}

/** A simulated AWS account behind HTTP on the loopback interface. */
export interface Range {
  readonly endpoint: string;
  readonly account: Account;
  readonly faults: Faults;
  readonly calls: readonly RecordedCall[];
  close(): Promise<void>;
}

const SERVICES: readonly Service[] = [
  EC2,
  STS,
  S3,
  SQS,
  KINESIS,
  CLOUDFORMATION,
  AUTO_SCALING,
  ELB,
  SSM,
  ECS,
  LAMBDA,
];
const BODY_LIMIT = 64 * 1024 * 1024;
const CALL_LIMIT = 100_000;

export async function startRange(options: RangeOptions = {}): Promise<Range> {
  const clock = options.clock ?? simulatedClock();
  const account = newAccount(
    options.accountId ?? '123456789012',
    options.region ?? 'us-east-1',
    clock,
    options.settings,
  );
  const planned = faults();
  const newRequestId = options.requestId ?? randomUUID;
  const calls: RecordedCall[] = [];
  const server = createServer((request, response) => {
    answer(request, response, { account, faults: planned, calls, newRequestId }).catch(() =>
      response.destroy(),
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    account,
    faults: planned,
    calls,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

interface World {
  readonly account: Account;
  readonly faults: Faults;
  readonly calls: RecordedCall[];
  newRequestId(): string;
}

async function answer(incoming: IncomingMessage, response: ServerResponse, world: World): Promise<void> {
  const requestId = world.newRequestId();
  const request = await requestOf(incoming);
  const service = SERVICES.find((one) => one.serves(request)) ?? EC2;
  let name = '';
  let input: unknown;
  let errorCode: string | undefined;
  let answered: HttpAnswer;
  let fault: Fault | undefined;
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  try {
    name = service.protocol.operationName(service, request);
    fault = world.faults.next(name);
    if (fault?.kind === 'drop-before') {
      note(world, { service: service.name, operation: name, input, requestId, status: 0, fault: fault.kind });
      response.destroy();
      return;
    }
    if (fault?.kind === 'slow') await setTimeout(fault.ms);
    const operation = operationOf(service, name);
    if (request.body.length > BODY_LIMIT)
      throw new AwsError('RequestEntityTooLarge', 'The request is too large', 413);
    input = await service.protocol.decode(operation, request);
    failAs(fault, service);
    if ((input as { DryRun?: boolean }).DryRun) {
      throw new AwsError('DryRunOperation', 'Request would have succeeded, but DryRun flag is set.', 412);
    }
    settleInstances(world.account);
    settleStacks(world.account);
    const output = await operation.run(world.account, input, gone.signal);
    answered = service.protocol.encode(name, operation, output, requestId);
  } catch (error) {
    const failure = error instanceof AwsError ? error : service.faults['internal-error']();
    errorCode = failure.code;
    answered = service.protocol.encodeError(failure, requestId);
  }
  const { status } = answered;
  const failing = errorCode === undefined ? {} : { errorCode };
  const faulty = fault === undefined ? {} : { fault: fault.kind };
  note(world, { service: service.name, operation: name, input, requestId, status, ...failing, ...faulty });
  if (fault?.kind === 'drop-after') response.destroy();
  if (fault?.kind === 'drop-after' || fault?.kind === 'hang') return;
  const body = Buffer.from(answered.body as Uint8Array);
  const cut = fault?.kind === 'cut' && request.method !== 'HEAD' ? fault.bytes : undefined;
  // A HEAD request is told the length that a GET would have.
  const length = request.method === 'HEAD' ? {} : { 'content-length': String(body.length) };
  response.writeHead(status, { ...answered.headers, ...length });
  if (cut === undefined) response.end(request.method === 'HEAD' ? undefined : body);
  else response.write(body.subarray(0, cut), () => response.destroy());
}

function note({ account, calls }: World, call: Omit<RecordedCall, 'at'>): void {
  // What an upload holds is in the account already.
  const { Body: _, ...input } = (call.input ?? {}) as { Body?: unknown };
  calls.push({ at: account.clock.now(), ...call, input: call.input === undefined ? undefined : input });
  if (calls.length > CALL_LIMIT) calls.shift();
}

async function requestOf(incoming: IncomingMessage): Promise<HttpRequest> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    if (size <= BODY_LIMIT) chunks.push(chunk);
    size += chunk.length;
  }
  const { method = '', url = '/', headers } = incoming;
  const [path = '/', query = ''] = url.split('?', 2);
  return { method, path, query: new URLSearchParams(query), headers, body: Buffer.concat(chunks) };
}

function operationOf(service: Service, name: string): Operation {
  const found = Object.hasOwn(service.operations, name) ? service.operations[name] : undefined;
  if (found === undefined)
    throw new AwsError(
      'InvalidAction',
      `The action ${name} is not valid for this web service (it is not simulated)`,
    );
  return found;
}

function failAs(fault: Fault | undefined, service: Service): void {
  switch (fault?.kind) {
    case 'throttle':
    case 'internal-error':
    case 'unauthorized':
      throw service.faults[fault.kind]();
    case 'error':
      throw new AwsError(fault.code, fault.message, fault.status);
  }
}
