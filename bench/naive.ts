/** The obvious Node version: readline, split, a Set. Counts matches per interface, as the three rules do. */
import { createReadStream, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { createGunzip } from 'node:zlib';

const [list = '', ...files] = process.argv.slice(2);
const bad = new Set(readFileSync(list, 'utf8').split('\n'));
const expected = new Set(['0', '53', '80', '123', '443']);
const found = new Map<string, number>();
for (const file of files) {
  for await (const line of createInterface({ input: createReadStream(file).pipe(createGunzip()) })) {
    const [, , eni = '', from = '', to = '', fromPort = '', toPort = '', , , , , , action] = line.split(' ');
    const began = from.startsWith('10.') && !to.startsWith('10.') && Number(fromPort) > Number(toPort);
    const accepted = action === 'ACCEPT';
    const matches =
      Number(began && action === 'REJECT') +
      Number((bad.has(from) || bad.has(to)) && (accepted || began)) +
      Number(began && accepted && Number(toPort) < 1024 && !expected.has(toPort));
    if (matches > 0) found.set(eni, (found.get(eni) ?? 0) + matches);
  }
}
process.stdout.write(`${[...found.values()].reduce((sum, count) => sum + count, 0)}\n`);
