import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { problemsOf, templateOf } from '../../../test/gate.ts';
import { lineIndex } from '../line-index.ts';
import { readJson } from './json.ts';
import { follow, type Path, toJson } from './node.ts';
import { readDocument } from './template.ts';

const YAML = `AWSTemplateFormatVersion: '2010-09-09'
Resources:
  Uploads:
    Type: AWS::S3::Bucket
    Properties:
      BucketName: !Sub 'shop-\${AWS::Region}'
      Tags:
        - { Key: owner, Value: 012345678901 }
      Notification: !GetAtt Topic.Arn
`;

const JSON_TEMPLATE = `{
  "Resources": {
    "Uploads": {
      "Type": "AWS::S3::Bucket",
      "Properties": { "BucketName": "shop-\\u00e9", "Versioned": true }
    }
  }
}`;

function placeOf(text: string, path: Path) {
  const { root } = templateOf(text);
  const { node } = follow(root, path);
  return lineIndex(text).placeOf(node);
}

describe('a template knows where its values stand', () => {
  it.each([
    [['Resources', 'Uploads', 'Type'], { line: 4, column: 11, length: 15 }],
    [['Resources', 'Uploads', 'Properties', 'BucketName'], { line: 6, column: 19, length: 26 }],
    [['Resources', 'Uploads', 'Properties', 'Tags', 0, 'Value'], { line: 8, column: 32, length: 12 }],
  ])('in YAML: %j', (path, place) => {
    expect(placeOf(YAML, path)).toEqual(place);
  });

  it('in JSON', () => {
    expect(placeOf(JSON_TEMPLATE, ['Resources', 'Uploads', 'Properties', 'Versioned'])).toEqual({
      line: 5,
      column: 65,
      length: 4,
    });
  });

  it('and the nearest ancestor of what is not there', () => {
    const { root } = templateOf(YAML);
    const { depth, key } = follow(root, ['Resources', 'Uploads', 'Properties', 'BucketEncryption', 'Rules']);
    expect(depth).toBe(3);
    expect(lineIndex(YAML).placeOf(key ?? root).line).toBe(5);
  });
});

describe('YAML as CloudFormation reads it', () => {
  const asData = (text: string) => {
    const read = readDocument({ file: 'x.yaml', text });
    return read.ok ? toJson(read.value) : read.problems.map(({ message }) => message);
  };

  it.each([
    ['a: !Ref X', { a: { Ref: 'X' } }],
    ['a: !GetAtt X.Outputs.Y', { a: { 'Fn::GetAtt': ['X', 'Outputs.Y'] } }],
    ['a: !GetAtt [X, Arn]', { a: { 'Fn::GetAtt': ['X', 'Arn'] } }],
    ['a: !Condition X', { a: { Condition: 'X' } }],
    [
      'a: !If [X, !Ref Y, !Ref "AWS::NoValue"]',
      { a: { 'Fn::If': ['X', { Ref: 'Y' }, { Ref: 'AWS::NoValue' }] } },
    ],
    ['a: yes\nb: off\nc: "yes"', { a: true, b: false, c: 'yes' }],
    ['a: 2012-10-17', { a: '2012-10-17' }],
    ['a: 012345678901', { a: '012345678901' }],
    ['a: &x {b: 1}\nc: {<<: *x, d: 2}', { a: { b: 1 }, c: { d: 2, b: 1 } }],
    ['a: |\n  two\n  lines\n', { a: 'two\nlines\n' }],
  ])('%s', (text, value) => {
    expect(asData(text)).toEqual(value);
  });
});

describe('what cannot be read is refused where it is wrong', () => {
  it.each([
    ['a key that is there twice', 'Resources:\n  A: {Type: X}\n  A: {Type: Y}\n', 3, /there twice/],
    ['a tab as indentation', 'Resources:\n\tA: {Type: X}\n', 2, /tab/i],
    ['a list instead of resources', 'Resources: [a]\n', 1, /must be a map/],
    ['no resources', 'Description: nothing\n', 1, /Resources is missing/],
    ['a resource without a type', 'Resources:\n  A:\n    Properties: {}\n', 2, /A has no Type/],
    ['an alias that leads to itself', 'Resources: &a\n  B: *a\n', 2, /leads to itself/],
    ['an alias of nothing', 'Resources:\n  B: *nobody\n', 2, /alias|anchor/i],
    ['a list', '- a\n', 1, /no CloudFormation template/],
    ['nothing', '', 1, /no CloudFormation template/],
    ['JSON with a comma too many', '{"Resources": {"A": {"Type": "X"},}}', 1, /comma/],
    [
      'JSON with a key that is there twice',
      '{"Resources": {"A": {"Type": "X"},\n"A": {}}}',
      2,
      /there twice/,
    ],
    ['JSON that ends too early', '{"Resources": {\n', 2, /./],
    ['JSON with more behind it', '{"Resources": {}}\nx', 2, /more text/],
  ])('%s', (_, text, line, message) => {
    const [problem] = problemsOf(text);
    expect(problem).toMatchObject({ line });
    expect(problem?.message).toMatch(message);
  });

  it('an alias bomb ends at its limit', () => {
    const bomb = ['a: &a [x,x,x,x,x,x,x,x,x,x]'];
    for (let level = 0; level < 9; level++) {
      const [from, to] = ['abcdefghij'[level], 'abcdefghij'[level + 1]];
      bomb.push(`${to}: &${to} [${Array(10).fill(`*${from}`).join(',')}]`);
    }
    const started = performance.now();
    expect(problemsOf(`${bomb.join('\n')}\nResources: {}\n`)[0]?.message).toMatch(/aliases make more than/);
    expect(performance.now() - started).toBeLessThan(5_000);
  });

  it.each([
    ['JSON', '['.repeat(100_000)],
    ['YAML', `a: ${'['.repeat(2_000)}`],
  ])('a bomb of brackets in %s', (_, text) => {
    expect(problemsOf(text)).not.toEqual([]);
  });
});

describe('the JSON reader', () => {
  it('reads every value as JSON.parse does', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        const read = readJson({ file: 'x.json', text });
        // Keys that are there twice do not come out of JSON.stringify.
        expect(read.ok && toJson(read.value)).toEqual(JSON.parse(text));
      }),
    );
  });

  it('takes and refuses the same texts', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'{}[]":,\\ 01.-e+truefalsn\n') }), (text) => {
        let valid = true;
        try {
          JSON.parse(text);
        } catch {
          valid = false;
        }
        const read = readJson({ file: 'x.json', text });
        const twice = !read.ok && read.problems.some(({ message }) => /there twice/.test(message));
        expect(read.ok || twice).toBe(valid);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('any text', () => {
  it('is a template or a problem, never an exception', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'a:b -&*!<>|[]{}\n\t"\'#%?') }), (text) => {
        problemsOf(text);
      }),
      { numRuns: 1_000 },
    );
  });
});
