import { execFileSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { closedCase } from '../../test/closed-case.ts';
import { timeStampingAuthority } from '../../test/time-stamping.ts';
import { requestTimestamp, timestampRequest } from './timestamp-request.ts';
import { verifyTimestamp } from './timestamp-token.ts';
import { verifyEvidence } from './verify-evidence.ts';

const TEXT = 'a checkpoint\n';
const authority = timeStampingAuthority();
const response = authority.reply(timestampRequest(TEXT));
const fault = (bytes: Buffer, text = TEXT, authorities: string[] = []): string => {
  const verdict = verifyTimestamp(bytes, text, authorities);
  return verdict.ok ? '' : verdict.fault;
};

describe('a request for a time stamp', () => {
  it('is one that OpenSSL reads', () => {
    const file = join(mkdtempSync(join(tmpdir(), 'cordon-tsq-')), 'request.tsq');
    writeFileSync(file, timestampRequest(TEXT, new Uint8Array([0x00, 0x80, 7])));
    const told = execFileSync('openssl', ['ts', '-query', '-in', file, '-text'], { encoding: 'utf8' });
    expect(told).toMatch(/Version: 1\nHash Algorithm: sha256/);
    expect(told).toMatch(/Nonce: 0x8007\nCertificate required: yes/);
  });
});

describe('a time stamp', () => {
  it.each([
    ['RSA', {}],
    ['RSA, bound by SHA-1 as in RFC 3161', { ess: 'sha1' }],
    ['ECDSA', { key: 'ec' }],
  ] as const)('of an authority with %s is genuine, as OpenSSL says too', (_, options) => {
    const one = timeStampingAuthority(options);
    const stamp = one.reply(timestampRequest(TEXT));
    expect(one.verify(stamp, TEXT)).toContain('Verification: OK');
    const verdict = verifyTimestamp(stamp, TEXT, [one.root]);
    expect(verdict).toMatchObject({ ok: true, by: 'O=Test, CN=Test time stamping', trusted: true });
    expect(verdict.ok && Math.abs(verdict.at - Date.now()) < 3_600_000).toBe(true);
    expect(verifyTimestamp(stamp, TEXT, [])).toMatchObject({ ok: true, trusted: false });
  });

  it('of another text, or of an authority that was not meant, is not', () => {
    expect(fault(response, 'another')).toBe('is no time stamp: it stamps something else');
    expect(fault(response, TEXT, [timeStampingAuthority().root])).toContain('does not lead to the authority');
  });

  it('of a certificate that is for something else is not', () => {
    const web = timeStampingAuthority({ usage: 'critical,timeStamping' });
    const stamp = web.reply(timestampRequest(TEXT));
    // The same answer with the use in the certificate changed no longer fits the attribute that binds it.
    const use = Buffer.from('06082b06010505070308', 'hex');
    const at = stamp.indexOf(use);
    expect(at).toBeGreaterThan(0);
    stamp[at + use.length - 1] = 0x01;
    expect(fault(stamp)).toContain('does not fit a certificate in it');
  });

  it('with a byte that matters changed is not, and no bytes throw', () => {
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 1, max: 255 }), (where, bits) => {
        const bytes = Buffer.from(response);
        const at = where % bytes.length;
        bytes[at] = (bytes[at] ?? 0) ^ bits;
        const verdict = verifyTimestamp(bytes, TEXT, []);
        // What is not signed (versions, the chain) may differ; what it says may not.
        if (verdict.ok) expect(verdict).toEqual(verifyTimestamp(response, TEXT, []));
      }),
      { numRuns: 500 },
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 600, size: 'max' }), (bytes) => {
        expect(fault(Buffer.from(bytes))).toContain('is no time stamp');
      }),
    );
  });

  it('that was refused says so', () => {
    // PKIStatusInfo with status 2, rejection.
    expect(fault(Buffer.from('30053003020102', 'hex'))).toBe(
      'is no time stamp: the authority refused, status 2',
    );
  });
});

describe('an authority', () => {
  const signal = new AbortController().signal;

  it('answers over HTTP with a stamp of the text', async () => {
    const server = await timeStampingAuthority().serve();
    try {
      const stamp = await requestTimestamp(server.url, TEXT, signal);
      expect(verifyTimestamp(stamp, TEXT, [])).toMatchObject({ ok: true });
      server.serving = false;
      await expect(requestTimestamp(server.url, TEXT, signal)).rejects.toThrow('answered 503');
    } finally {
      server.close();
    }
  });

  it('that answers with an older stamp is found out by the number of the request', async () => {
    const replaying = createServer((_, answer) => answer.end(response));
    await new Promise<void>((resolve) => replaying.listen(0, '127.0.0.1', resolve));
    const { port } = replaying.address() as { port: number };
    await expect(requestTimestamp(`http://127.0.0.1:${port}/`, TEXT, signal)).rejects.toThrow(
      'another request',
    );
    replaying.close();
  });
});

describe('the time stamp of a case', () => {
  it('is verified with the case', async () => {
    const one = timeStampingAuthority();
    const { file, keys } = await closedCase(async (text) => one.reply(timestampRequest(text)));
    expect(verifyEvidence(file.folder, keys, [one.root])).toMatchObject({
      whole: true,
      timestamps: [{ file: 'timestamp.tsr', by: 'O=Test, CN=Test time stamping', trusted: true }],
    });
    const path = join(file.folder, 'timestamp.tsr');
    writeFileSync(path, one.reply(timestampRequest('something else')));
    expect(verifyEvidence(file.folder, keys).faults).toContainEqual({
      file: 'timestamp.tsr',
      fault: 'is no time stamp: it stamps something else',
    });
  });
});
