/** The obvious Node version: readline, split, a Set. Counts matches per interface, as the three rules do. */
import { createReadStream, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { createGunzip } from 'node:zlib';

const [list = '', ...files] = process.argv.slice(2);
const bad = new Set(readFileSync(list, 'utf8').split('\n'));
const expected = new Set(['53', '80', '123', '443', '0']);
const found = new Map<string, number>();
for (const file of files) {
  for await (const line of createInterface({ input: createReadStream(file).pipe(createGunzip()) })) {
    const [, , eni = '', source = '', destination = '', , port = '', , , , , , action] = line.split(' ');
    const outbound = source.startsWith('10.');
    const matches =
      Number(action === 'REJECT' && outbound) +
      Number(bad.has(source) || bad.has(destination)) +
      Number(action === 'ACCEPT' && outbound && Number(port) < 1024 && !expected.has(port));
    if (matches > 0) found.set(eni, (found.get(eni) ?? 0) + matches);
  }
}
process.stdout.write(`${[...found.values()].reduce((sum, count) => sum + count, 0)}\n`);
