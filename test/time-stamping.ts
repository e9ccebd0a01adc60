import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A time-stamping authority of OpenSSL, with a certificate authority of its own. */
export interface TimeStampingAuthority {
  /** The response to a request, both in DER. */
  reply(request: Uint8Array): Buffer;
  /** The certificate authority, in PEM. */
  readonly root: string;
  /** Serves over HTTP as long as `serving` is true; otherwise it is out of order. */
  serve(): Promise<{ readonly url: string; serving: boolean; close(): void }>;
  /** What OpenSSL itself says of a response. */
  verify(response: Uint8Array, text: string): string;
}

const CONFIGURATION = `
[tsa]
default_tsa = tsa1
[tsa1]
serial = FOLDER/serial
crypto_device = builtin
signer_cert = FOLDER/tsa.pem
certs = FOLDER/ca.pem
signer_key = FOLDER/tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
accuracy = secs:1
ess_cert_id_chain = no
ess_cert_id_alg = ESS
`;

export interface AuthorityOptions {
  /** The algorithm of the key, as `openssl req -newkey` takes it. */
  readonly key?: string;
  /** The digest in the attribute that binds the certificate. */
  readonly ess?: 'sha1' | 'sha256';
  readonly usage?: string;
}

export function timeStampingAuthority(options: AuthorityOptions = {}): TimeStampingAuthority {
  const { key = 'rsa:2048', ess = 'sha256', usage = 'critical,timeStamping' } = options;
  const folder = mkdtempSync(join(tmpdir(), 'cordon-tsa-'));
  const at = (name: string): string => join(folder, name);
  const openssl = (...args: string[]): string =>
    execFileSync('openssl', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  const configuration = CONFIGURATION.replaceAll('FOLDER', folder).replace('ESS', ess);
  writeFileSync(at('tsa.cnf'), configuration);
  writeFileSync(at('serial'), '01\n');
  writeFileSync(at('ext.cnf'), `basicConstraints=critical,CA:FALSE\nextendedKeyUsage=${usage}\n`);
  const curve = key === 'ec' ? ['-pkeyopt', 'ec_paramgen_curve:P-256'] : [];
  const pair = (name: string, subject: string, ...more: string[]): string =>
    openssl(
      'req',
      '-newkey',
      key,
      ...curve,
      '-nodes',
      '-keyout',
      at(`${name}.key`),
      '-subj',
      subject,
      ...more,
    );
  pair('ca', '/O=Test/CN=Test root', '-x509', '-days', '30', '-out', at('ca.pem'));
  pair('tsa', '/O=Test/CN=Test time stamping', '-out', at('tsa.csr'));
  const issue = ['-CA', at('ca.pem'), '-CAkey', at('ca.key'), '-CAcreateserial', '-extfile', at('ext.cnf')];
  openssl('x509', '-req', '-in', at('tsa.csr'), ...issue, '-days', '30', '-out', at('tsa.pem'));

  const reply = (request: Uint8Array): Buffer => {
    writeFileSync(at('request.tsq'), request);
    openssl(
      'ts',
      '-reply',
      '-config',
      at('tsa.cnf'),
      '-queryfile',
      at('request.tsq'),
      '-out',
      at('response.tsr'),
    );
    return readFileSync(at('response.tsr'));
  };
  return {
    reply,
    root: readFileSync(at('ca.pem'), 'utf8'),
    verify(response, text) {
      writeFileSync(at('response.tsr'), response);
      writeFileSync(at('text'), text);
      return openssl(
        'ts',
        '-verify',
        '-in',
        at('response.tsr'),
        '-data',
        at('text'),
        '-CAfile',
        at('ca.pem'),
      );
    },
    async serve() {
      const server = createServer((request, answer) => {
        const pieces: Buffer[] = [];
        request.on('data', (piece: Buffer) => pieces.push(piece));
        request.on('end', () => {
          const rightType = request.headers['content-type'] === 'application/timestamp-query';
          if (!control.serving || request.method !== 'POST' || !rightType) answer.writeHead(503).end();
          else
            answer
              .writeHead(200, { 'content-type': 'application/timestamp-reply' })
              .end(reply(Buffer.concat(pieces)));
        });
      });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const control = {
        url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
        serving: true,
        close() {
          server.close();
          rmSync(folder, { recursive: true, force: true });
        },
      };
      return control;
    },
  };
}
