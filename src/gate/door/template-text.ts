import { createHash } from 'node:crypto';
import type { S3Client } from '@aws-sdk/client-s3';
import { describeAwsError } from '../../aws/errors.ts';
import { type DoorRequest, MAX_TEMPLATE_BYTES } from './request.ts';

/** Longer ones CloudFormation takes only from S3. Source: CloudFormation API Reference, "CreateChangeSet". */
const MAX_BODY_BYTES = 51_200;

export type S3 = () => Promise<S3Client>;

/** The text that is judged and deployed: it is read once, so that it cannot change in between. */
export async function templateText(
  request: DoorRequest,
  s3: S3,
): Promise<string | { readonly reason: string }> {
  const { template, templateLocation = '' } = request;
  if (template !== undefined) {
    const size = Buffer.byteLength(template);
    return size > MAX_TEMPLATE_BYTES
      ? { reason: `the template has ${size} bytes; AWS takes 1 MB` }
      : template;
  }
  const [Bucket = '', ...rest] = templateLocation.slice('s3://'.length).split('/');
  const { GetObjectCommand } = await import('@aws-sdk/client-s3');
  try {
    const client = await s3();
    const { Body, ContentLength = 0 } = await client.send(
      new GetObjectCommand({ Bucket, Key: rest.join('/') }),
    );
    const chunks: Uint8Array[] = [];
    let size = 0;
    if (ContentLength <= MAX_TEMPLATE_BYTES) {
      for await (const chunk of (Body ?? []) as AsyncIterable<Uint8Array>) {
        size += chunk.length;
        if (size > MAX_TEMPLATE_BYTES) break;
        chunks.push(chunk);
      }
    }
    if (Math.max(size, ContentLength) > MAX_TEMPLATE_BYTES)
      return { reason: `${templateLocation} is larger than the 1 MB that AWS takes` };
    return Buffer.concat(chunks).toString('utf8');
  } catch (error) {
    return { reason: `${templateLocation} cannot be read: ${describeAwsError(error)}` };
  }
}

/** How the text is handed over to CloudFormation: as it is, or from the door's own bucket. */
export async function handOver(
  text: string,
  bucket: string | undefined,
  region: string,
  s3: S3,
): Promise<{ TemplateBody: string } | { TemplateURL: string } | { readonly reason: string }> {
  const size = Buffer.byteLength(text);
  if (size <= MAX_BODY_BYTES) return { TemplateBody: text };
  if (bucket === undefined) {
    return {
      reason: `the template has ${size} bytes; for more than ${MAX_BODY_BYTES} the door needs a bucket (CORDON_DOOR_UPLOAD_BUCKET)`,
    };
  }
  const Key = `templates/${createHash('sha256').update(text).digest('hex')}`;
  const { PutObjectCommand } = await import('@aws-sdk/client-s3');
  const client = await s3();
  await client.send(new PutObjectCommand({ Bucket: bucket, Key, Body: text }));
  const suffix = region.startsWith('cn-') ? '.cn' : '';
  return { TemplateURL: `https://${bucket}.s3.${region}.amazonaws.com${suffix}/${Key}` };
}
