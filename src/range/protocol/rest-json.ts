import { JsonCodec } from '@smithy/core/protocols';
import type { DocumentType } from '@smithy/types';
import { AwsError } from '../aws-error.ts';
import type { Protocol } from '../service.ts';
import { type RestDocuments, restBindings, TEMPLATE_ROUTES } from './rest.ts';

const EPOCH_SECONDS = 7;
const codec = new JsonCodec({
  timestampFormat: { useTrait: true, default: EPOCH_SECONDS },
  jsonName: true,
});

const JSON_DOCUMENTS: RestDocuments = {
  contentType: 'application/json',
  read(schema, text) {
    let document: DocumentType;
    try {
      document = JSON.parse(text) as DocumentType;
    } catch {
      throw new AwsError('SerializationException', 'The request is not JSON');
    }
    return codec.createDeserializer().readObject(schema, document);
  },
  write(schema, value) {
    const serializer = codec.createSerializer();
    serializer.write(schema, value);
    const written: unknown = serializer.flush();
    return typeof written === 'string' ? written : Buffer.from(written as Uint8Array).toString('utf8');
  },
};

/** Source: Smithy 2.0, "AWS restJson1 protocol". */
export const REST_JSON: Protocol = {
  ...restBindings(JSON_DOCUMENTS, TEMPLATE_ROUTES, 'x-amzn-requestid'),
  encodeError({ status, code, message }, requestId) {
    return {
      status,
      headers: {
        'content-type': 'application/json',
        'x-amzn-requestid': requestId,
        'x-amzn-errortype': code,
      },
      body: JSON.stringify({ message, Message: message }),
    };
  },
};
