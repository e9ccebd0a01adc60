import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { nearest } from './nearest.ts';
import { readYaml } from './read.ts';
import { validate } from './validate.ts';

const schema = z.strictObject({
  region: z.string().optional(),
  bindings: z.array(z.strictObject({ rule: z.string(), mode: z.enum(['observe', 'enforce']) })).default([]),
});

function problemsOf(text: string) {
  const read = readYaml({ file: 'cordon.yaml', text });
  if (!read.ok) return read.problems;
  const [document] = read.value;
  if (document === undefined) throw new Error('no document');
  const checked = validate(document, schema);
  return checked.ok ? [] : checked.problems;
}

describe('a YAML file that a person wrote', () => {
  it('is valid data when it fits the schema', () => {
    expect(problemsOf('region: eu-west-1\nbindings:\n  - {rule: a, mode: observe}\n')).toEqual([]);
  });

  it('is refused at the misspelt key, with the nearest right one', () => {
    const [problem] = problemsOf('region: x\nbindigns: []\n');
    expect(problem).toMatchObject({ line: 2, column: 1, length: 8, fix: 'bindings' });
  });

  it('is refused at the value that is wrong, deep inside', () => {
    const [problem] = problemsOf('bindings:\n  - rule: a\n    mode: enfroce\n');
    expect(problem).toMatchObject({ line: 3, column: 11 });
    expect(problem?.message).toMatch(/bindings.0.mode.*"observe"\|"enforce"/);
  });

  it('is refused where a required key is missing', () => {
    expect(problemsOf('bindings:\n  - mode: observe\n')[0]).toMatchObject({
      line: 1,
      message: 'bindings.0.rule is missing',
    });
  });

  it.each([
    ['duplicate keys', 'region: a\nregion: b\n', 2],
    ['a tab as indentation', 'bindings:\n\t- rule: a\n', 2],
    ['an unclosed bracket', 'bindings: [\n', 2],
    ['an unknown alias', 'region: *nobody\n', 1],
  ])('is refused for %s, with the line', (_, text, line) => {
    expect(problemsOf(text)[0]?.line).toBe(line);
  });

  it('does not expand an alias bomb', () => {
    const bomb = ['a: &a [x,x,x,x,x,x,x,x,x,x]'];
    for (let level = 0; level < 8; level++) {
      const [from, to] = ['abcdefghij'[level], 'abcdefghij'[level + 1]];
      bomb.push(`${to}: &${to} [${Array(10).fill(`*${from}`).join(',')}]`);
    }
    expect(problemsOf(bomb.join('\n'))[0]?.message).toMatch(/alias/i);
  });
});

describe('nearest', () => {
  it('finds typing errors and swaps, and nothing for a strange word', () => {
    expect(nearest('startwith', ['contains', 'startswith'])).toBe('startswith');
    expect(nearest('hgih', ['high', 'low'])).toBe('high');
    expect(nearest('zebra', ['contains', 'startswith'])).toBeUndefined();
  });
});
