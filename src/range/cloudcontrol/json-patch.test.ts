import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { patched } from './json-patch.ts';

const DOCUMENT = {
  GroupName: 'web',
  Rules: [{ CidrIp: '10.0.0.0/8' }, { CidrIp: '0.0.0.0/0' }],
  'a/b': 1,
  'm~n': 2,
};

const apply = (...operations: object[]) => patched(DOCUMENT, JSON.stringify(operations));

describe('a JSON patch', () => {
  it('adds, replaces and removes values', () => {
    expect(apply({ op: 'replace', path: '/GroupName', value: 'app' })).toMatchObject({ GroupName: 'app' });
    expect(apply({ op: 'add', path: '/New', value: [1] })).toMatchObject({ New: [1] });
    expect(apply({ op: 'remove', path: '/Rules/1' }).Rules).toEqual([{ CidrIp: '10.0.0.0/8' }]);
  });

  it('adds to a list at a place, or at its end', () => {
    expect(apply({ op: 'add', path: '/Rules/0', value: 'first' }).Rules).toEqual([
      'first',
      ...DOCUMENT.Rules,
    ]);
    expect(apply({ op: 'add', path: '/Rules/-', value: 'last' }).Rules).toEqual([...DOCUMENT.Rules, 'last']);
  });

  it('moves and copies', () => {
    const moved = apply({ op: 'move', from: '/GroupName', path: '/Name' });
    expect(moved).toMatchObject({ Name: 'web' });
    expect(moved).not.toHaveProperty('GroupName');
    expect(apply({ op: 'copy', from: '/Rules/0', path: '/Rules/-' }).Rules).toHaveLength(3);
  });

  it('reads ~1 as a slash and ~0 as a tilde', () => {
    expect(apply({ op: 'replace', path: '/a~1b', value: 9 })).toMatchObject({ 'a/b': 9 });
    expect(apply({ op: 'replace', path: '/m~0n', value: 9 })).toMatchObject({ 'm~n': 9 });
  });

  it('takes a path without its first slash, as AWS does', () => {
    expect(apply({ op: 'replace', path: 'GroupName', value: 'app' })).toMatchObject({ GroupName: 'app' });
  });

  it('goes on only when what is tested is so', () => {
    const then = { op: 'remove', path: '/GroupName' };
    expect(apply({ op: 'test', path: '/Rules/0', value: { CidrIp: '10.0.0.0/8' } }, then)).not.toHaveProperty(
      'GroupName',
    );
    expect(() => apply({ op: 'test', path: '/GroupName', value: 'app' }, then)).toThrow(
      /test of \/GroupName/,
    );
  });

  it('leaves the document as it was', () => {
    apply({ op: 'add', path: '/Rules/-', value: 'last' }, { op: 'remove', path: '/GroupName' });
    expect(DOCUMENT.Rules).toHaveLength(2);
    expect(DOCUMENT.GroupName).toBe('web');
  });

  it.each([
    ['what is no JSON', '{'],
    ['what is no list', '{"op":"remove","path":"/GroupName"}'],
    ['an unknown operation', '[{"op":"drop","path":"/GroupName"}]'],
    ['an operation without a path', '[{"op":"remove"}]'],
    ['a value that is not there', '[{"op":"replace","path":"/Nothing","value":1}]'],
    ['a place that is not there', '[{"op":"add","path":"/Nothing/Here","value":1}]'],
    ['a place beyond the end of a list', '[{"op":"add","path":"/Rules/3","value":1}]'],
    ['a place in a list that is no number', '[{"op":"add","path":"/Rules/01","value":1}]'],
    ['a member of what has none', '[{"op":"remove","path":"/GroupName/0"}]'],
    ['what all objects have', '[{"op":"remove","path":"/__proto__/toString"}]'],
    ['a value moved into itself', '[{"op":"move","from":"/Rules","path":"/Rules/0"}]'],
  ])('refuses %s', (_, patch) => {
    expect(() => patched(DOCUMENT, patch)).toThrow(/^Invalid patch document: /);
  });

  it('gives any JSON that the root is replaced with', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const patch = JSON.stringify([{ op: 'replace', path: '', value }]);
        expect(JSON.stringify(patched(DOCUMENT, patch))).toBe(JSON.stringify(value));
      }),
    );
  });

  it('takes away again what it added under any name', () => {
    fc.assert(
      fc.property(fc.string({ size: 'max', maxLength: 60 }), fc.jsonValue(), (name, value) => {
        const path = `/New/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
        const patch = [
          { op: 'add', path: '/New', value: {} },
          { op: 'add', path, value },
          { op: 'remove', path },
          { op: 'remove', path: '/New' },
        ];
        expect(apply(...patch)).toEqual(DOCUMENT);
      }),
    );
  });
});
