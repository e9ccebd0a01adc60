import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { compileGuard } from './compile.ts';
import { evaluate } from './evaluate.ts';
import { loadGuards } from './rule-cache.ts';

let cache = '';
beforeEach(() => {
  cache = mkdtempSync(join(tmpdir(), 'cordon-cache-'));
});
afterEach(() => rmSync(cache, { recursive: true, force: true }));

const source = (text: string, file = 'r.guard') => ({ file, text });
const sources = [
  source('rule a { x == 1 << one >> }'),
  source('let v = y\nrule b when not c { %v exists }', 's.guard'),
];
const verdicts = () => {
  const loaded = loadGuards(sources, { cache });
  if (!loaded.ok) throw new Error(loaded.problems[0]?.message);
  return loaded.value.map((file) => evaluate(compileGuard(file), { x: 2, y: 1 }));
};

describe('the cache of parsed rules', () => {
  it('changes nothing but the time', () => {
    const first = verdicts();
    expect(readdirSync(cache)).toHaveLength(1);
    expect(verdicts()).toEqual(first);
  });

  it.each([
    ['cut off', (text: string) => text.slice(0, -9)],
    ['empty', () => ''],
    ['no JSON', () => 'nonsense'],
    ['changed', (text: string) => text.replace('"value":1', '"value":2')],
    ['of another shape, with a right checksum', () => '7ce5f7d9\n{"a":1}'],
  ])('is ignored and written anew when it is %s', (_, spoil) => {
    const first = verdicts();
    const [name = ''] = readdirSync(cache);
    const path = join(cache, name);
    const right = readFileSync(path, 'utf8');
    writeFileSync(path, spoil(right));
    expect(verdicts()).toEqual(first);
    expect(readFileSync(path, 'utf8')).toBe(right);
    expect(readdirSync(cache)).toEqual([name]);
  });

  it('knows a text by its content, not by its name', () => {
    verdicts();
    loadGuards(
      sources.map(({ text }) => source(text, 'other.guard')),
      { cache },
    );
    expect(readdirSync(cache)).toHaveLength(1);
    loadGuards([source('rule a { x == 2 }')], { cache });
    expect(readdirSync(cache)).toHaveLength(2);
  });

  it('keeps nothing of files with faults, and says them', () => {
    const loaded = loadGuards([source('rule a {'), source('rule b { x = 1 }', 'b.guard')], { cache });
    expect(loaded.ok ? [] : loaded.problems.map(({ file }) => file)).toEqual(['r.guard', 'b.guard']);
    expect(readdirSync(cache)).toEqual([]);
  });

  it('that cannot be written is done without', () => {
    const file = join(cache, 'file');
    writeFileSync(file, '');
    expect(loadGuards(sources, { cache: join(file, 'no', 'folder') }).ok).toBe(true);
  });
});
