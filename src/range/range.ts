import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Account, newAccount, type SimulationSettings } from './account.ts';
import { AwsError } from './aws-error.ts';
import { type SimulatedClock, simulatedClock } from './clock.ts';
import { EC2 } from './ec2.ts';
import { type Fault, type Faults, faults } from './faults.ts';
import { settleInstances } from './operations/instances.ts';
import { decodeForm } from './protocol/form.ts';
import { element, encodeXml, escapeXml } from './protocol/xml.ts';
import type { Operation, Service } from './service.ts';
import { STS } from './sts.ts';

export interface RangeOptions {
  readonly accountId?: string;
  readonly region?: string;
  /** 0 takes any free port. */
  readonly port?: number;
  readonly clock?: SimulatedClock;
  readonly settings?: Partial<SimulationSettings>;
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

const SERVICES: readonly Service[] = [EC2, STS];
const BODY_LIMIT = 1024 * 1024;
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
  const calls: RecordedCall[] = [];
  const server = createServer((request, response) => {
    answer(request, response, { account, faults: planned, calls }).catch(() => response.destroy());
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
}

async function answer(request: IncomingMessage, response: ServerResponse, world: World): Promise<void> {
  const requestId = randomUUID();
  const body = await bodyOf(request);
  const form = new URLSearchParams(body ?? '');
  const name = form.get('Action') ?? '';
  const service = SERVICES.find(({ version }) => version === form.get('Version')) ?? EC2;
  const fault = world.faults.next(name);
  if (fault?.kind === 'drop-before') {
    note(world, {
      service: service.name,
      operation: name,
      input: undefined,
      requestId,
      status: 0,
      fault: fault.kind,
    });
    response.destroy();
    return;
  }
  if (fault?.kind === 'slow') await new Promise((resolve) => setTimeout(resolve, fault.ms));
  let input: unknown;
  let status = 200;
  let xml: string;
  let errorCode: string | undefined;
  try {
    if (body === undefined) throw new AwsError('RequestEntityTooLarge', 'The request is too large', 413);
    const found = operationOf(service, name);
    input = decodeForm(found.input, form);
    failAs(fault);
    if ((input as { DryRun?: boolean }).DryRun) {
      throw new AwsError('DryRunOperation', 'Request would have succeeded, but DryRun flag is set.', 412);
    }
    settleInstances(world.account);
    xml = success(service, name, found, found.run(world.account, input), requestId);
  } catch (error) {
    const failure =
      error instanceof AwsError
        ? error
        : new AwsError('InternalError', 'An internal error has occurred', 500);
    ({ status } = failure);
    errorCode = failure.code;
    xml = failed(service, failure, requestId);
  }
  const failing = errorCode === undefined ? {} : { errorCode };
  const faulty = fault === undefined ? {} : { fault: fault.kind };
  note(world, { service: service.name, operation: name, input, requestId, status, ...failing, ...faulty });
  if (fault?.kind === 'drop-after') response.destroy();
  if (fault?.kind === 'drop-after' || fault?.kind === 'hang') return;
  response.writeHead(status, { 'content-type': 'text/xml;charset=UTF-8', 'x-amzn-requestid': requestId });
  response.end(`<?xml version="1.0" encoding="UTF-8"?>\n${xml}`);
}

function note({ account, calls }: World, call: Omit<RecordedCall, 'at'>): void {
  calls.push({ at: account.clock.now(), ...call });
  if (calls.length > CALL_LIMIT) calls.shift();
}

async function bodyOf(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= BODY_LIMIT) chunks.push(chunk);
  }
  return size > BODY_LIMIT ? undefined : Buffer.concat(chunks).toString('utf8');
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

function failAs(fault: Fault | undefined): void {
  switch (fault?.kind) {
    case 'throttle':
      throw new AwsError('RequestLimitExceeded', 'Request limit exceeded.', 503);
    case 'internal-error':
      throw new AwsError('InternalError', 'An internal error has occurred', 500);
    case 'unauthorized':
      throw new AwsError('UnauthorizedOperation', 'You are not authorized to perform this operation.', 403);
    case 'error':
      throw new AwsError(fault.code, fault.message, fault.status);
  }
}

function success(
  service: Service,
  name: string,
  { output }: Operation,
  value: unknown,
  requestId: string,
): string {
  const content = encodeXml(output, value ?? {});
  if (service.protocol === 'ec2-query')
    return element(`${name}Response`, element('requestId', requestId) + content);
  const metadata = element('ResponseMetadata', element('RequestId', requestId));
  return element(`${name}Response`, element(`${name}Result`, content) + metadata);
}

function failed(service: Service, { code, message, status }: AwsError, requestId: string): string {
  const error = element('Code', escapeXml(code)) + element('Message', escapeXml(message));
  if (service.protocol === 'ec2-query') {
    return element('Response', element('Errors', element('Error', error)) + element('RequestID', requestId));
  }
  const type = element('Type', status < 500 ? 'Sender' : 'Receiver');
  return element('ErrorResponse', element('Error', type + error) + element('RequestId', requestId));
}
