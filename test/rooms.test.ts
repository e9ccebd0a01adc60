import { globSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const SOURCE = fileURLToPath(new URL('../src', import.meta.url));

/** From left to right: a room may import from its own rank's left only, and from itself. */
const RANKS: readonly (readonly string[])[] = [
  ['model'],
  ['yaml'],
  ['formats', 'intel', 'sigma', 'guard', 'evidence'],
  ['store', 'detect'],
  ['sources', 'aws'],
  ['actions'],
  ['gate', 'audit', 'respond'],
  ['config', 'report'],
  ['hosts'],
  ['cli'],
];
/** The range stands beside the engine: it plays AWS, and must know nothing of who calls. */
const RANGE_KNOWS = ['range'];

const rankOf = (room: string): number => RANKS.findIndex((rank) => rank.includes(room));
const files = globSync('**/*.ts', { cwd: SOURCE }).filter((file) => !file.endsWith('.test.ts'));

function importedRooms(file: string): string[] {
  const text = readFileSync(join(SOURCE, file), 'utf8');
  return [...text.matchAll(/(?:from|import\()\s*'(\.[^']+)'/g)].map(([, path = '']) => {
    const target = relative(SOURCE, resolve(SOURCE, dirname(file), path));
    return target.split(/[\\/]/)[0] ?? '';
  });
}

describe('imports point one way', () => {
  it.each(files)('%s', (file) => {
    const room = file.split(/[\\/]/)[0] ?? '';
    for (const imported of importedRooms(file)) {
      if (imported === room) continue;
      if (room === 'range') expect(RANGE_KNOWS).toContain(imported);
      else if (imported === 'range') expect(room).toMatch(/^(hosts|cli)$/);
      else {
        expect(rankOf(room), `${room} is in no rank`).toBeGreaterThanOrEqual(0);
        expect(rankOf(imported), `${file} imports from ${imported}`).toBeGreaterThanOrEqual(0);
        expect(rankOf(imported), `${file} imports from ${imported}`).toBeLessThan(rankOf(room));
      }
    }
  });

  it('and no file has a name that says nothing', () => {
    expect(files.filter((file) => /(^|[\\/])(utils?|helpers?|common|misc|index)\.ts$/.test(file))).toEqual(
      [],
    );
  });
});
