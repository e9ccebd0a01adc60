import { JsonCodec } from '@smithy/core/protocols';
import { NormalizedSchema } from '@smithy/core/schema';
import { AwsError } from '../aws-error.ts';
import type { HttpRequest, Protocol, Service } from '../service.ts';

const EPOCH_SECONDS = 7;
const codec = new JsonCodec({
  timestampFormat: { useTrait: true, default: EPOCH_SECONDS },
  jsonName: false,
});

/**
 * Source: Smithy 2.0, "AWS JSON 1.0 protocol" and "AWS JSON 1.1 protocol". The two differ in their
 * content type, and in how they name an error's namespace.
 */
export function awsJson(version: '1.0' | '1.1', namespace: string): Protocol {
  const contentType = `application/x-amz-json-${version}`;
  return {
    operationName: (_, request) => targetOf(request).split('.').at(-1) ?? '',
    decode: ({ input }, { body }) => {
      const text = body.toString('utf8');
      try {
        JSON.parse(text);
      } catch {
        throw new AwsError('SerializationException', 'The request is not JSON');
      }
      return codec.createDeserializer().read(NormalizedSchema.of(input), text);
    },
    encode(_, { output }, value, requestId) {
      const serializer = codec.createSerializer();
      serializer.write(NormalizedSchema.of(output), value ?? {});
      const headers = { 'content-type': contentType, 'x-amzn-requestid': requestId };
      // An operation without output has nothing to flush.
      const written: unknown = serializer.flush();
      return { status: 200, headers, body: typeof written === 'string' ? written : '{}' };
    },
    encodeError({ status, code, message, queryCode }, requestId) {
      const name = version === '1.0' ? `${namespace}#${code}` : code;
      return {
        status,
        headers: {
          'content-type': contentType,
          'x-amzn-requestid': requestId,
          ...(queryCode === undefined
            ? {}
            : { 'x-amzn-query-error': `${queryCode};${status < 500 ? 'Sender' : 'Receiver'}` }),
        },
        body: JSON.stringify({ __type: name, message }),
      };
    },
  };
}

/** JSON services are told apart by what stands before the operation in the target header. */
export function servesTarget(prefix: string): Service['serves'] {
  return (request) => targetOf(request).split('.').slice(0, -1).join('.') === prefix;
}

function targetOf({ headers }: HttpRequest): string {
  return String(headers['x-amz-target'] ?? '');
}
