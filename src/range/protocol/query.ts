import { AwsError } from '../aws-error.ts';
import type { HttpAnswer, HttpRequest, Protocol, Service } from '../service.ts';
import { decodeForm } from './form.ts';
import { element, encodeXml, escapeXml } from './xml.ts';

/** Source: Smithy 2.0, "AWS EC2 query protocol". */
export const EC2_QUERY: Protocol = {
  ...formRequests(),
  encode(name, { output }, value, requestId) {
    const content = element('requestId', requestId) + encodeXml(output, value ?? {});
    return xml(200, element(`${name}Response`, content), requestId);
  },
  encodeError(error, requestId) {
    const content = element('Errors', element('Error', errorContent(error)));
    return xml(error.status, element('Response', content + element('RequestID', requestId)), requestId);
  },
};

/** Source: Smithy 2.0, "AWS query protocol". */
export const AWS_QUERY: Protocol = {
  ...formRequests(),
  encode(name, { output }, value, requestId) {
    const metadata = element('ResponseMetadata', element('RequestId', requestId));
    const content = element(`${name}Result`, encodeXml(output, value ?? {})) + metadata;
    return xml(200, element(`${name}Response`, content), requestId);
  },
  encodeError(error, requestId) {
    const type = element('Type', error.status < 500 ? 'Sender' : 'Receiver');
    const content = element('Error', type + errorContent(error)) + element('RequestId', requestId);
    return xml(error.status, element('ErrorResponse', content), requestId);
  },
};

/** Query services are told apart by the API version that every request carries. */
export function servesVersion(version: string): Service['serves'] {
  return (request) => formOf(request).get('Version') === version;
}

/** How EC2 and its like name the faults that any call may have. */
export const QUERY_FAULTS: Service['faults'] = {
  throttle: () => new AwsError('RequestLimitExceeded', 'Request limit exceeded.', 503),
  'internal-error': () => new AwsError('InternalError', 'An internal error has occurred', 500),
  unauthorized: () =>
    new AwsError('UnauthorizedOperation', 'You are not authorized to perform this operation.', 403),
};

function formRequests(): Pick<Protocol, 'operationName' | 'decode'> {
  return {
    operationName: (_, request) => formOf(request).get('Action') ?? '',
    decode: ({ input }, request) => decodeForm(input, formOf(request)),
  };
}

function formOf({ body }: HttpRequest): URLSearchParams {
  return new URLSearchParams(body.toString('utf8'));
}

function errorContent({ code, message }: AwsError): string {
  return element('Code', escapeXml(code)) + element('Message', escapeXml(message));
}

function xml(status: number, content: string, requestId: string): HttpAnswer {
  return {
    status,
    headers: { 'content-type': 'text/xml;charset=UTF-8', 'x-amzn-requestid': requestId },
    body: `<?xml version="1.0" encoding="UTF-8"?>\n${content}`,
  };
}
