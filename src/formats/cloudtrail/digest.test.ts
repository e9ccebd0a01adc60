import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { signingKey } from '../../../test/trail.ts';
import { type Digest, digestName, isSignedBy, publicKeyOf, readDigest, stringToSign } from './digest.ts';
import { parseDigestKeys } from './keys.ts';

const DIGEST: Digest = {
  awsAccountId: '111122223333',
  digestStartTime: '2015-08-17T14:01:31Z',
  digestEndTime: '2015-08-17T15:01:31Z',
  digestS3Bucket: 'amzn-s3-demo-bucket',
  digestS3Object:
    'AWSLogs/111122223333/CloudTrail-Digest/us-east-2/2015/08/17/111122223333_CloudTrail-Digest_us-east-2_your-trail-name_us-east-2_20150817T150131Z.json.gz',
  digestPublicKeyFingerprint: '31e8b5433410dfb61a9dc45cc65b22ff',
  digestSignatureAlgorithm: 'SHA256withRSA',
  previousDigestS3Bucket: 'amzn-s3-demo-bucket',
  previousDigestS3Object: 'x',
  previousDigestHashValue: '97fb791cf91ffc440d274f8190dbdd9aa09c34432aba82739df18b6d3c13df2d',
  previousDigestSignature: '50887ccffad4c002b97caa37cc9dc626',
  logFiles: [],
};

describe('what CloudTrail signs', () => {
  it('is the end, the place, the hash and the signature before', () => {
    expect(stringToSign(DIGEST, 'ab')).toBe(
      `2015-08-17T15:01:31Z\namzn-s3-demo-bucket/${DIGEST.digestS3Object}\nab\n50887ccffad4c002b97caa37cc9dc626`,
    );
  });

  it('has the word null where there is no signature before', () => {
    expect(stringToSign({ ...DIGEST, previousDigestSignature: null }, 'ab')).toMatch(/\nab\nnull$/);
  });
});

describe('the name of a digest', () => {
  const nameOf = (digestS3Object: string) => digestName({ ...DIGEST, digestS3Object });

  it('tells the trail, the region and the chain', () => {
    expect(nameOf(DIGEST.digestS3Object)).toEqual({
      chain:
        's3://amzn-s3-demo-bucket/AWSLogs/111122223333/CloudTrail-Digest/us-east-2/111122223333_your-trail-name_us-east-2',
      region: 'us-east-2',
      trail: 'your-trail-name',
    });
  });

  it('of an organization trail, of a trail with underscores, of one that fills in, are chains of their own', () => {
    const folder = 'p/AWSLogs/o-exampleorgid/111122223333/CloudTrail-Digest/us-west-2/2024/01/01/';
    const name = (end: string) =>
      nameOf(`${folder}111122223333_CloudTrail-Digest_us-west-2_a_b_us-east-1_20240101T010000Z${end}`);
    expect(name('.json.gz')).toMatchObject({ region: 'us-west-2', trail: 'a_b' });
    expect(name('_backfill.json.gz')?.chain).toBe(`${name('.json.gz')?.chain}_backfill`);
    expect(name('.json.gz')?.chain).toContain('/o-exampleorgid/');
  });

  it('is not anything else', () => {
    expect(nameOf('AWSLogs/111122223333/CloudTrail/us-east-2/x.json.gz')).toBeUndefined();
  });
});

describe('what is not right', () => {
  const { publicKey } = signingKey();

  it('is told, and never thrown', () => {
    const json = fc.jsonValue().map((value) => JSON.stringify(value));
    const almost = fc
      .record({ name: fc.constantFrom(...Object.keys(DIGEST)), value: fc.jsonValue() })
      .map(({ name, value }) => JSON.stringify({ ...DIGEST, [name]: value }));
    fc.assert(
      fc.property(fc.oneof(json, almost, fc.string()), (text) => {
        expect(['string', 'object']).toContain(typeof readDigest(Buffer.from(text)));
        expect(['string', 'object']).toContain(typeof parseDigestKeys(text));
      }),
    );
  });

  it('bytes that are no key, and signatures that are none', () => {
    expect(publicKeyOf(Buffer.from('hello'))).toBeUndefined();
    const key = publicKeyOf(publicKey);
    if (key === undefined) throw new Error('no key');
    for (const signature of ['', 'zz', 'ab', 'ab'.repeat(256)]) {
      expect(isSignedBy(key, 'text', signature)).toBe(false);
    }
  });
});
