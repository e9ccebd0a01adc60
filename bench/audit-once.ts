/** Audits files once, with a simulated account in another process, and says what it took. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { configOf } from '../src/config/config.ts';
import { setUpAudit } from '../src/hosts/auditing.ts';
import { watchLocally } from '../src/hosts/local.ts';
import { setUp } from '../src/hosts/setup.ts';

const files = process.argv.slice(2);
const writes = files.at(-1) ?? '';
const groups = new Set(
  [
    ...gunzipSync(readFileSync(writes))
      .toString('utf8')
      .matchAll(/"groupId":"([^"]+)"/g),
  ].map(([, id]) => id),
);
const range = fork(new URL('./audit-range.ts', import.meta.url));
const [{ endpoint }] = (await once(range, 'message')) as [{ endpoint: string }];
range.send({ groups: [...groups] });
await once(range, 'message');

const folder = mkdtempSync(join(tmpdir(), 'cordon-audit-'));
const config = configOf(
  { aws: { endpoint }, state: folder, sources: files.map((file) => ({ files: file })), bindings: [] },
  folder,
);
const setup = setUp(config, []);
const audit = setUpAudit(config);
if (!setup.ok || !audit.ok) throw new Error('the box is broken');
const watch = watchLocally(setup.value, { signal: new AbortController().signal, audit: audit.value });
await watch.run(true);
const incidents = (await watch.store.incidents()).length;
await watch.close();
range.send({});
const [{ calls }] = (await once(range, 'message')) as [{ calls: number }];
range.kill();
rmSync(folder, { recursive: true });
const changes = groups.size;
process.stdout.write(`${changes} judged, ${calls} calls to AWS, ${incidents} cases\n`);
process.stdout.write(`${Math.round(process.resourceUsage().maxRSS / 1_024)} MB\n`);
