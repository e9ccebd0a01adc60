import { describe, expect, it } from 'vitest';
import { printable } from './printable.ts';
import { problemAt, renderProblem } from './problem.ts';

const source = { file: 'rules/x.yml', text: 'title: a\nlevel: hgih\nid: b\n' };

describe('a problem', () => {
  it('names file, line and column and shows the line with a marker', () => {
    const start = source.text.indexOf('hgih');
    const problem = problemAt(source, start, start + 4, 'unknown level hgih', {
      expected: 'informational, low, medium, high or critical',
      fix: 'high',
    });
    expect(renderProblem(problem)).toBe(
      [
        'rules/x.yml:2:8: unknown level hgih',
        '  1 | title: a',
        '> 2 | level: hgih',
        '    |        ^^^^',
        '  3 | id: b',
        '  expected: informational, low, medium, high or critical',
        '  fix: high',
      ].join('\n'),
    );
  });

  it('marks one line only, also when the place spans several', () => {
    const problem = problemAt(source, 0, source.text.length, 'whole file');
    expect(problem).toMatchObject({ line: 1, column: 1, length: 8 });
  });

  it('stands at the beginning of a file that begins with an empty line', () => {
    expect(problemAt({ file: 'f', text: '\n\nx' }, 0, 1, 'x')).toMatchObject({
      line: 1,
      column: 1,
      length: 1,
    });
  });

  it('stands at the end of the file when its offset lies behind it', () => {
    expect(problemAt(source, 999, 999, 'x')).toMatchObject({ line: 4, column: 1, length: 1 });
  });

  it('never lets an escape sequence of the file reach the terminal', () => {
    const hostile = { file: 'f', text: 'a: "\u001b[2J\u202e"' };
    expect(problemAt(hostile, 3, 4, 'x').frame).toContain('a: "\\u{1b}[2J\\u{202e}"');
  });
});

describe('printable', () => {
  it('keeps ordinary text of any script', () => {
    expect(printable('Zürich 東京 🙂')).toBe('Zürich 東京 🙂');
  });
  it('cuts long text', () => {
    expect(printable('abcdef', 3)).toBe('abc…');
  });
});
