/** What no reader of CloudTrail can do without: gunzip and JSON.parse, and nothing else. */
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

let records = 0;
for (const file of process.argv.slice(2)) {
  const document = JSON.parse(gunzipSync(readFileSync(file)).toString('utf8')) as { Records: unknown[] };
  records += document.Records.length;
}
process.stdout.write(`${records}\n`);
