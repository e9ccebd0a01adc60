import { appendFileSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { type CaseFile, caseFile, verifyCase } from './case-file.ts';

let root: string;
let file: CaseFile;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'cordon-case-'));
  file = caseFile(root, 'case-1');
});

const path = (name: string): string => join(root, 'case-1', name);
const text = (name: string): string => readFileSync(path(name), 'utf8');

describe('a case file', () => {
  it('is sealed once; then every change shows', () => {
    expect(verifyCase(file)).toEqual(['not sealed']);
    file.write('a.txt', 'one');
    file.writeJson('deep/b.json', { x: 1 });
    const { hash, files } = file.seal();
    expect(files.map(({ name }) => name)).toEqual(['a.txt', 'deep/b.json']);
    expect(verifyCase(file)).toEqual([]);
    expect(caseFile(root, 'case-1').seal().hash).toBe(hash);

    appendFileSync(path('a.txt'), '!');
    rmSync(path('deep/b.json'));
    writeFileSync(path('c.txt'), 'smuggled');
    symlinkSync('/etc/passwd', path('d.txt'));
    expect(verifyCase(file)).toEqual([
      'a.txt was changed',
      'deep/b.json is missing',
      'c.txt was added',
      'd.txt was added',
    ]);
  });

  it('takes what comes after the seal as a further part, which names the one before it', () => {
    file.write('before.json', '1');
    const first = file.seal();
    file.write('after.json', '2');
    file.addPart(
      new Map([
        ['ledger.jsonl', 'a'],
        ['x.txt', 'b'],
      ]),
      [3, 5],
    );
    expect(file.manifest()).toEqual(first);
    expect(file.manifests()).toMatchObject([
      { part: 1, name: 'manifest.json' },
      { part: 2, name: 'manifest-2.json', previous: first.hash, files: [{ name: 'after.json' }] },
      { part: 3, files: [{ name: 'ledger.jsonl' }, { name: 'x.txt' }], ledger: [3, 5] },
    ]);
    expect(verifyCase(file)).toEqual([]);
    writeFileSync(path('manifest.json'), `${text('manifest.json')} `);
    expect(verifyCase(file)).toEqual(['manifest.json was changed: manifest-2.json follows another']);
  });

  it('never writes over what is sealed: a step that runs again adds what is new, and nothing else', () => {
    file.write('state.json', 'running');
    file.seal();
    file.write('state.json', 'running');
    expect(file.manifests()).toHaveLength(1);
    file.write('state.json', 'terminated');
    file.write('state.json', 'terminated');
    expect(text('state.json')).toBe('running');
    expect(text('state-2.json')).toBe('terminated');
    expect(file.manifests()).toHaveLength(2);
  });

  it('that was never sealed is sealed whole by its closing part', () => {
    file.write('a.txt', 'one');
    expect(file.addPart(new Map([['b.txt', 'two']]))).toMatchObject({
      part: 1,
      files: [{ name: 'a.txt' }, { name: 'b.txt' }],
    });
  });

  it('takes a part again that was cut off before its manifest', () => {
    file.write('a.txt', 'one');
    file.seal();
    writeFileSync(path('ledger.jsonl'), 'half');
    writeFileSync(path('checkpoints.jsonl.partial'), 'ha');
    file.addPart(
      new Map([
        ['ledger.jsonl', 'whole'],
        ['checkpoints.jsonl', 'whole'],
      ]),
      [1],
    );
    expect(verifyCase(file)).toEqual([]);
    expect(text('ledger.jsonl')).toBe('whole');
    expect(file.manifests()).toHaveLength(2);
  });

  it('whose manifest is no manifest is not read as one', () => {
    for (const rubbish of ['', '[]', 'null', '{"files":[7]}', '{"files":{}}']) {
      file.write('a.txt', 'one');
      writeFileSync(path('manifest.json'), rubbish);
      expect(verifyCase(file)).toContain('manifest.json was changed: it cannot be read');
      rmSync(path('manifest.json'));
    }
  });
});
