import fc from 'fast-check';
import type { Json } from '../src/model/json.ts';

/** Rules and documents that are likely to have something to say to each other: few keys, few values. */
const key = fc.constantFrom('a', 'b', 'c', 'kind', 'ItemName', 'item_name');
const scalar = fc.constantFrom<Json>('x', 'y', 'xyz', '', 1, 2, 7, true, false, 1.5, null, '1');

const value: fc.Memo<Json> = fc.memo((depth) =>
  depth <= 1
    ? scalar
    : fc.oneof(
        { weight: 3, arbitrary: scalar },
        { weight: 2, arbitrary: fc.array(value(depth - 1), { maxLength: 3 }) },
        { weight: 4, arbitrary: fc.dictionary(key, value(depth - 1), { maxKeys: 4 }) },
      ),
);

export const document = fc.record({
  a: value(4),
  b: value(4),
  c: value(3),
  list: fc.array(value(3), { maxLength: 4 }),
  Resources: fc.dictionary(
    fc.constantFrom('One', 'Two', 'Three'),
    fc.record({ Type: fc.constantFrom('A::B::C', 'A::B::D'), a: value(3), b: value(2) }),
    { minKeys: 1 },
  ),
});

const literal = fc.oneof(
  fc.constantFrom('"x"', '"xyz"', "'y'", '""', '1', '2', '1.5', 'true', 'false', 'null', '"1"'),
  fc.constantFrom('/x/', '/^x.*z$/', '/(?i)Y/', 'r[1,5]', 'r(1,7)', 'r[1.0,2.0]'),
  fc.constantFrom(
    '["x","y"]',
    '[1,2]',
    '[]',
    '["x"]',
    '[[1],[2]]',
    '[/x/,1]',
    '{}',
    '{"a":1}',
    '{a:"x",b:true}',
  ),
);

/** Filters stand behind keys, `.*` and variables: behind an index or another filter cfn-guard 3.1.1 ends in a panic. */
const step = (depth: number): fc.Arbitrary<string> =>
  fc.oneof(
    { weight: 6, arbitrary: key.map((name) => `.${name}`) },
    { weight: 2, arbitrary: fc.constantFrom('[*]', '.*', '[0]', '[1]', "['a']") },
    { weight: 1, arbitrary: fc.tuple(key, keys).map(([name, inner]) => `.${name}[ keys ${inner} ]`) },
    ...(depth > 0
      ? [
          {
            weight: 2,
            arbitrary: fc.tuple(key, clause(depth - 1)).map(([name, inner]) => `.${name}[ ${inner} ]`),
          },
          { weight: 1, arbitrary: clause(depth - 1).map((inner) => `.*[ ${inner} ]`) },
        ]
      : []),
  );

const keys = fc.constantFrom('== "a"', '== /a|b/', 'in ["a","c"]', 'not in ["a"]', '!= "b"');

const query = (depth: number): fc.Arbitrary<string> =>
  fc
    .tuple(
      fc.constantFrom('', '', '', 'some '),
      fc.oneof(key, fc.constantFrom('this', 'list', '%v', '%w', '%lit', '%texts', 'Resources.*')),
      fc.array(step(depth), { maxLength: 3 }),
    )
    .map(([some, first, steps]) => some + first + steps.join(''));

const unary = fc
  .tuple(
    fc.constantFrom('', '!', 'not '),
    fc.constantFrom(
      'exists',
      'exists',
      'is_string',
      'is_list',
      'is_struct',
      'is_int',
      'is_bool',
      'is_null',
      'is_float',
    ),
  )
  .map(([not, operator]) => not + operator);
/** `empty` ends cfn-guard on numbers and null, so it is asked less often. */
const emptiness = fc.constantFrom('empty', '!empty', 'not empty');
const binary = fc.constantFrom('==', '==', '!=', 'in', 'not in', '<', '>=', '>', '<=');

const clause = (depth: number): fc.Arbitrary<string> =>
  fc.oneof(
    { weight: 3, arbitrary: fc.tuple(query(depth), unary).map((parts) => parts.join(' ')) },
    { weight: 1, arbitrary: fc.tuple(query(depth), emptiness).map((parts) => parts.join(' ')) },
    { weight: 5, arbitrary: fc.tuple(query(depth), binary, literal).map((parts) => parts.join(' ')) },
    { weight: 3, arbitrary: fc.tuple(query(depth), binary, query(0)).map((parts) => parts.join(' ')) },
    {
      weight: 1,
      arbitrary: fc.tuple(query(depth), emptiness).map(([left, right]) => `not ${left} ${right}`),
    },
  );

const line = (depth: number): fc.Arbitrary<string> =>
  fc.oneof(
    { weight: 6, arbitrary: clause(depth) },
    { weight: 2, arbitrary: fc.tuple(clause(depth), clause(depth)).map((parts) => parts.join(' or ')) },
    ...(depth > 0
      ? [
          { weight: 2, arbitrary: fc.tuple(query(0), block(depth - 1)).map((parts) => parts.join(' ')) },
          {
            weight: 1,
            arbitrary: fc.tuple(query(0), block(depth - 1)).map((parts) => parts.join(' !empty ')),
          },
          {
            weight: 1,
            arbitrary: fc.tuple(clause(0), block(depth - 1)).map(([when, inner]) => `when ${when} ${inner}`),
          },
          { weight: 1, arbitrary: query(0).map((operand) => `called(${operand.replace('some ', '')}, "x")`) },
        ]
      : []),
  );

const block = (depth: number): fc.Arbitrary<string> =>
  fc
    .tuple(
      fc.constantFrom('', 'let w = a\n', 'let w = this.*\n', 'let v = b.*\n'),
      fc.array(line(depth), { minLength: 1, maxLength: 3 }),
    )
    .map(([assignment, lines]) => `{\n${assignment}${lines.join('\n')}\n}`);

const typeBlock = fc
  .tuple(fc.constantFrom('A::B::C', 'A::B::D', 'A::B::E'), fc.constantFrom('', 'when a exists '), block(1))
  .map(([type, when, inner]) => `${type} ${when}${inner}`);

const body = fc
  .array(fc.oneof({ weight: 5, arbitrary: line(2) }, { weight: 1, arbitrary: typeBlock }), {
    minLength: 1,
    maxLength: 3,
  })
  .map((lines) => `{\n${lines.join('\n')}\n}`);

/** A rule file with the rules `one`, `two` (with a condition) and `three` (that needs the others). */
export const ruleFile = fc
  .tuple(body, clause(1), body, fc.constantFrom('one', 'not one', 'two', 'not two', 'one or two'), body)
  .map(([one, when, two, need, called]) =>
    [
      'let v = list[*]',
      'let w = Resources.*[ Type == "A::B::C" ]',
      'let lit = "x"',
      'let texts = ["x", "y"]',
      `rule one ${one}`,
      `rule two when ${when} ${two}`,
      `rule three {\n${need}\n}`,
      `rule called(p, q) ${called.replaceAll('%v', '%p').replaceAll(/called\([^)]*\)/g, '%q exists')}`,
    ].join('\n'),
  );
