import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { type Account, newAccount, type SimulationSettings } from './account.ts';
import { authenticate } from './authenticate.ts';
import { authorize } from './authorize.ts';
import { AUTO_SCALING } from './autoscaling/service.ts';
import { AwsError } from './aws-error.ts';
import type { Caller } from './caller.ts';
import { type SimulatedClock, simulatedClock } from './clock.ts';
import { settleResourceRequests } from './cloudcontrol/requests.ts';
import { CLOUD_CONTROL } from './cloudcontrol/service.ts';
import { CLOUDFORMATION } from './cloudformation/service.ts';
import { settleStacks } from './cloudformation/stack.ts';
import type { ObservedCall, Origin } from './cloudtrail/call.ts';
import { observe, settleRecords } from './cloudtrail/delivery.ts';
import { CLOUDTRAIL } from './cloudtrail/service.ts';
import { CLOUDWATCH } from './cloudwatch/service.ts';
import { CONFIG } from './config/service.ts';
import { EC2 } from './ec2.ts';
import { ECS } from './ecs/service.ts';
import { ELB } from './elb/service.ts';
import { type Fault, type Faults, faults } from './faults.ts';
import { GUARDDUTY } from './guardduty/service.ts';
import { IAM } from './iam/service.ts';
import { KINESIS } from './kinesis/service.ts';
import { KMS } from './kms/service.ts';
import { LAMBDA } from './lambda/service.ts';
import { LOGS } from './logs/service.ts';
import { NETWORK_FIREWALL } from './network-firewall/service.ts';
import { settleInstances } from './operations/instances.ts';
import { ORGANIZATIONS } from './organizations/service.ts';
import { RDS } from './rds/service.ts';
import { ROUTE53_RESOLVER } from './route53resolver/service.ts';
import { S3 } from './s3/service.ts';
import { S3CONTROL } from './s3control/service.ts';
import { SECRETS_MANAGER } from './secretsmanager/service.ts';
import type { HttpAnswer, HttpRequest, Operation, Service } from './service.ts';
import { SNS } from './sns/service.ts';
import { SQS } from './sqs/service.ts';
import { SSM } from './ssm/service.ts';
import { STS } from './sts.ts';
import { WAFV2 } from './wafv2/service.ts';

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
  S3CONTROL,
  S3,
  SQS,
  KINESIS,
  CLOUDFORMATION,
  RDS,
  WAFV2,
  NETWORK_FIREWALL,
  ROUTE53_RESOLVER,
  IAM,
  CLOUD_CONTROL,
  CLOUDTRAIL,
  CLOUDWATCH,
  CONFIG,
  GUARDDUTY,
  LOGS,
  ORGANIZATIONS,
  SNS,
  AUTO_SCALING,
  ELB,
  SSM,
  ECS,
  LAMBDA,
  KMS,
  SECRETS_MANAGER,
];
const BODY_LIMIT = 64 * 1024 * 1024;
const CALL_LIMIT = 100_000;
/** How often it is looked whether records are due while nobody calls, real milliseconds. */
const LOOK_EVERY = 20;

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
  const looking = setInterval(() => settleRecords(account), LOOK_EVERY).unref();
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    account,
    faults: planned,
    calls,
    close: () =>
      new Promise((resolve) => {
        clearInterval(looking);
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
  let record: ((outcome: ObservedCall['outcome']) => void) | undefined;
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
    if (fault?.kind === 'slow') await wait(fault.ms);
    const operation = operationOf(service, name);
    if (request.body.length > BODY_LIMIT)
      throw new AwsError('RequestEntityTooLarge', 'The request is too large', 413);
    input = await service.protocol.decode(operation, request);
    const caller = authenticate(world.account, service, request);
    const origin = originOf(incoming, caller);
    const see = observe(world.account);
    record = (outcome) => see({ service, name, operation, origin, requestId, input, outcome });
    failAs(fault, service);
    authorize(world.account, caller, service, name, input);
    if ((input as { DryRun?: boolean }).DryRun) {
      throw new AwsError('DryRunOperation', 'Request would have succeeded, but DryRun flag is set.', 412);
    }
    settleInstances(world.account);
    settleStacks(world.account);
    settleResourceRequests(world.account);
    settleRecords(world.account);
    const output = await operation.run(world.account, input, gone.signal, caller);
    record({ output });
    answered = service.protocol.encode(name, operation, output, requestId);
  } catch (error) {
    const failure = error instanceof AwsError ? error : service.faults['internal-error']();
    errorCode = failure.code;
    record?.({ error: failure });
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

/** A drill gives its callers addresses of their own, as a load balancer does. */
function originOf({ headers, socket }: IncomingMessage, caller: Caller): Origin {
  const [forwarded = ''] = String(headers['x-forwarded-for'] ?? '').split(',');
  return {
    caller,
    sourceIPAddress: forwarded.trim() || (socket.remoteAddress ?? ''),
    userAgent: String(headers['user-agent'] ?? ''),
  };
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
