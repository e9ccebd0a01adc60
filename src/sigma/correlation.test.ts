import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FieldValue } from '../model/event.ts';
import type { Json } from '../model/json.ts';
import { planCorrelations } from './correlation-plan.ts';
import { type CorrelatorOptions, correlator, type Firing } from './correlator.ts';
import { parseSigma } from './parse.ts';

const RULES = ['fail', 'success', 'change', 'read']
  .map(
    (name) =>
      `title: ${name}\nid: id-${name}\nname: ${name}\nlogsource: { product: aws }\ndetection: { s: { a: 1 }, condition: s }\n`,
  )
  .join('---\n');

/** Correlations by their `correlation` sections; names c0, c1, … */
function planned(...sections: string[]) {
  const texts = sections.map(
    (section, index) =>
      `title: c${index}\nname: c${index}\nid: id-c${index}\ncorrelation:\n${section
        .trim()
        .split('\n')
        .map((line) => `  ${line.trim()}`)
        .join('\n')}\n`,
  );
  const { rules, correlations, problems } = parseSigma({
    file: 'c.yml',
    text: [RULES, ...texts].join('---\n'),
  });
  const plan = planCorrelations(correlations, rules);
  return { ...plan, problems: [...problems, ...plan.problems] };
}

/** One event: seconds, the rules that matched it, its fields. */
type Step = readonly [number, string, Record<string, FieldValue>];

function events(steps: readonly Step[]) {
  return steps.map(([seconds, rules, fields], index) => ({
    ids: rules.split(' ').map((name) => `id-${name}`),
    event: { time: seconds * 1000, fields, ref: index as Json },
  }));
}

function run(sections: readonly string[], steps: readonly Step[], options: CorrelatorOptions = {}): Firing[] {
  const { correlations, problems } = planned(...sections);
  if (problems.length > 0) throw new Error(problems[0]?.message);
  const engine = correlator(correlations, options);
  const firings = events(steps).flatMap(({ ids, event }) => engine.observe(ids, event));
  return [...firings, ...engine.advance(Number.POSITIVE_INFINITY)];
}

const told = (firings: readonly Firing[]) =>
  firings.map(({ correlation, group, firstSeen, lastSeen, value }) => [
    correlation.id,
    Object.values(group).join(),
    firstSeen / 1000,
    lastSeen / 1000,
    value,
  ]);

const COUNT = 'type: event_count\nrules: [fail]\ngroup-by: [user]\ntimespan: 10s\ncondition: { gte: 3 }';
const bob = { user: 'bob' };

describe('event_count', () => {
  it('fires when there are enough events of a group within the timespan, and once for a window', () => {
    const steps: Step[] = [0, 5, 10, 10, 11, 12, 13, 20].map((time) => [time, 'fail', bob]);
    expect(told(run([COUNT], steps))).toEqual([
      ['id-c0', 'bob', 0, 10, 4],
      ['id-c0', 'bob', 11, 13, 3],
    ]);
  });

  it('counts no events that are too far apart, of another group or without the field', () => {
    expect(
      run(
        [COUNT],
        [
          [0, 'fail', bob],
          [5, 'fail', bob],
          [11, 'fail', bob],
        ],
      ),
    ).toEqual([]);
    expect(
      run(
        [COUNT],
        [
          [0, 'fail', bob],
          [1, 'fail', bob],
          [2, 'fail', { user: 'eve' }],
          [3, 'fail', {}],
        ],
      ),
    ).toEqual([]);
    expect(
      run(
        [COUNT],
        [
          [0, 'fail', bob],
          [1, 'fail', bob],
          [2, 'success', bob],
        ],
      ),
    ).toEqual([]);
  });

  it('counts an event in the group of each element of a list', () => {
    const both = { user: ['bob', 'eve'] };
    expect(
      told(
        run(
          [COUNT],
          [
            [0, 'fail', both],
            [1, 'fail', bob],
            [2, 'fail', both],
          ],
        ),
      ),
    ).toEqual([['id-c0', 'bob', 0, 2, 3]]);
  });

  it('names a few of the events, the first and the last', () => {
    const many = COUNT.replace('gte: 3', 'gte: 50').replace('10s', '1h');
    const steps: Step[] = Array.from({ length: 50 }, (_, second) => [second, 'fail', bob]);
    expect(run([many], steps, { maxRefs: 4 })[0]?.refs).toEqual([0, 1, 48, 49]);
  });

  it('with an upper bound is judged when the whole window is over', () => {
    const few = COUNT.replace('{ gte: 3 }', '{ gte: 2, lte: 3 }');
    const steps: Step[] = [0, 1, 20, 21, 22, 23, 40].map((time) => [time, 'fail', bob]);
    expect(told(run([few], steps))).toEqual([['id-c0', 'bob', 0, 1, 2]]);
  });
});

describe('value_count', () => {
  const section =
    'type: value_count\nrules: [fail]\ngroup-by: [user]\ntimespan: 10s\ncondition: { field: ip, gte: 3 }';
  const from = (time: number, ip: FieldValue): Step => [time, 'fail', { ...bob, ip }];

  it('counts different values', () => {
    expect(run([section], [from(0, 'a'), from(1, 'b'), from(2, 'a'), from(3, 'a')])).toEqual([]);
    expect(told(run([section], [from(0, 'a'), from(1, 'b'), from(2, 'a'), from(3, 'c')]))).toEqual([
      ['id-c0', 'bob', 1, 3, 3],
    ]);
    expect(run([section], [from(0, 'a'), from(9, 'b'), from(11, 'c')])).toEqual([]);
  });

  it('of several fields counts them together', () => {
    const pairs = section.replace('field: ip', 'field: [ip, port]');
    const steps: Step[] = [
      [0, 1],
      [1, 1],
      [0, 2],
      [0, 1],
    ].map(([ip = 0, port = 0], time) => [time, 'fail', { ...bob, ip, port }]);
    expect(told(run([pairs], steps))).toEqual([['id-c0', 'bob', 0, 2, 3]]);
  });
});

describe('temporal', () => {
  const section = 'type: temporal\nrules: [fail, change, success]\ngroup-by: [user]\ntimespan: 10s';

  it('wants every rule within the timespan, in any order', () => {
    expect(
      told(
        run(
          [section],
          [
            [0, 'success', bob],
            [4, 'change', bob],
            [10, 'fail', bob],
          ],
        ),
      ),
    ).toEqual([['id-c0', 'bob', 0, 10, 3]]);
    expect(
      run(
        [section],
        [
          [0, 'success', bob],
          [4, 'change', bob],
          [11, 'fail', bob],
        ],
      ),
    ).toEqual([]);
    expect(
      run(
        [section],
        [
          [0, 'success', bob],
          [4, 'change', bob],
          [5, 'fail', { user: 'eve' }],
        ],
      ),
    ).toEqual([]);
  });

  it('can want some of them', () => {
    expect(
      told(
        run(
          [`${section}\ncondition: { gte: 2 }`],
          [
            [0, 'fail', bob],
            [1, 'success', bob],
          ],
        ),
      ),
    ).toEqual([['id-c0', 'bob', 0, 1, 2]]);
  });

  it('takes a condition in words; one with not is judged when the window is over', () => {
    const words = `${section}\ncondition: fail and (change or success)`;
    expect(
      run(
        [words],
        [
          [0, 'fail', bob],
          [1, 'success', bob],
        ],
      ),
    ).toHaveLength(1);
    expect(
      run(
        [words],
        [
          [0, 'change', bob],
          [1, 'success', bob],
        ],
      ),
    ).toHaveLength(0);
    const without = `${section}\ncondition: fail and change and not success`;
    expect(
      run(
        [without],
        [
          [0, 'fail', bob],
          [1, 'change', bob],
          [5, 'success', bob],
        ],
      ),
    ).toHaveLength(0);
    expect(
      run(
        [without],
        [
          [0, 'fail', bob],
          [1, 'change', bob],
          [11, 'success', bob],
        ],
      ),
    ).toHaveLength(1);
  });

  it('finds the same value in different fields through aliases', () => {
    const aliased = `type: temporal\nrules: [fail, success]\ngroup-by: [ip]\ntimespan: 10s
      aliases: { ip: { fail: src, success: dst } }`;
    expect(
      told(
        run(
          [aliased],
          [
            [0, 'fail', { src: 'x', dst: 'y' }],
            [1, 'success', { src: 'z', dst: 'x' }],
          ],
        ),
      ),
    ).toEqual([['id-c0', 'x', 0, 1, 2]]);
    expect(
      run(
        [aliased],
        [
          [0, 'fail', { src: 'x' }],
          [1, 'success', { src: 'x' }],
        ],
      ),
    ).toEqual([]);
  });
});

describe('temporal_ordered', () => {
  const section = 'type: temporal_ordered\nrules: [fail, change, success]\ngroup-by: [user]\ntimespan: 10s';

  it('wants the rules in their order', () => {
    expect(
      told(
        run(
          [section],
          [
            [0, 'fail', bob],
            [1, 'change', bob],
            [2, 'success', bob],
          ],
        ),
      ),
    ).toEqual([['id-c0', 'bob', 0, 2, 3]]);
    expect(
      run(
        [section],
        [
          [0, 'change', bob],
          [1, 'fail', bob],
          [2, 'success', bob],
        ],
      ),
    ).toEqual([]);
  });

  it('begins as late as it can', () => {
    const steps: Step[] = [
      [0, 'fail', bob],
      [8, 'fail', bob],
      [9, 'change', bob],
      [15, 'success', bob],
    ];
    expect(told(run([section], steps))).toEqual([['id-c0', 'bob', 8, 15, 3]]);
  });

  it('takes events of one moment as being in order, but no event for two steps', () => {
    expect(
      run(
        [section],
        [
          [1, 'success', bob],
          [1, 'change', bob],
          [1, 'fail', bob],
        ],
      ),
    ).toHaveLength(1);
    expect(
      run(
        [section],
        [
          [1, 'fail change', bob],
          [2, 'success', bob],
        ],
      ),
    ).toHaveLength(0);
  });

  it('with a lower count wants so many of them in order', () => {
    const two = `${section}\ncondition: { gte: 2 }`;
    expect(
      run(
        [two],
        [
          [0, 'fail', bob],
          [2, 'success', bob],
        ],
      ),
    ).toHaveLength(1);
    expect(
      run(
        [two],
        [
          [0, 'success', bob],
          [2, 'fail', bob],
        ],
      ),
    ).toHaveLength(0);
  });
});

describe('measures', () => {
  const measure = (type: string, condition: string) =>
    `type: ${type}\nrules: [fail]\ngroup-by: [user]\ntimespan: 10s\ncondition: { field: bytes, ${condition} }`;
  const steps: Step[] = [10, 20, 90].map((bytes, time) => [time, 'fail', { ...bob, bytes }]);

  it.each([
    ['value_sum', 'gte: 120', [120]],
    ['value_sum', 'gt: 120', []],
    ['value_avg', 'gte: 40', [40]],
    ['value_avg', 'gt: 40', []],
    ['value_median', 'eq: 20', [20]],
    ['value_percentile', 'percentile: 75, eq: 55', [55]],
    ['value_percentile', 'percentile: 100, gte: 90', [90]],
  ])('%s of 10, 20 and 90 with %s', (type, condition, values) => {
    expect(run([measure(type, condition)], steps).map(({ value }) => value)).toEqual(values);
  });

  it('take numbers that are texts, and nothing else', () => {
    const texts: Step[] = ['7', 'many', '5'].map((bytes, time) => [time, 'fail', { ...bob, bytes }]);
    expect(run([measure('value_sum', 'gte: 12')], texts)[0]?.value).toBe(12);
  });

  it('forget what has left the window', () => {
    const apart: Step[] = [
      [0, 60],
      [11, 60],
      [15, 60],
    ].map(([time = 0, bytes = 0]) => [time, 'fail', { ...bob, bytes }]);
    expect(told(run([measure('value_sum', 'gte: 120')], apart))).toEqual([['id-c0', 'bob', 11, 15, 120]]);
  });
});

describe('correlations of correlations', () => {
  it('take what the inner one found at the moment it found it, by fields of its events', () => {
    const inner = 'type: event_count\nrules: [fail]\ngroup-by: [host]\ntimespan: 10s\ncondition: { gte: 2 }';
    const outer = 'type: temporal_ordered\nrules: [c0, success]\ngroup-by: [user]\ntimespan: 1m';
    const at = { host: 'h', user: 'bob' };
    const steps: Step[] = [
      [0, 'fail', at],
      [1, 'fail', at],
      [1, 'success', { user: 'bob' }],
    ];
    expect(told(run([inner, outer], steps))).toEqual([
      ['id-c0', 'h', 0, 1, 2],
      ['id-c1', 'bob', 1, 1, 2],
    ]);
    expect(run([inner, outer], steps)[1]?.refs).toEqual([0, 1, 2]);
  });

  it('that refer to nothing or to themselves are told, and those made of them left out', () => {
    const circle = (other: string) =>
      `type: temporal\nrules: [${other}, fail]\ngroup-by: [user]\ntimespan: 1m`;
    expect(planned(circle('c1'), circle('c0')).problems[0]?.message).toContain('made of itself');
    const { correlations, problems } = planned(circle('succes'), circle('c0'), COUNT);
    expect(problems.map(({ message, fix }) => [message, fix])).toEqual([
      ['there is no rule succes', 'success'],
    ]);
    expect(correlations.map(({ rule }) => rule.id)).toEqual(['id-c2']);
  });

  it('keep the rules they name from finding anything by themselves, unless they say generate', () => {
    expect([...planned(COUNT).quiet]).toEqual(['id-fail']);
    expect([...planned(`${COUNT}\ngenerate: true`).quiet]).toEqual([]);
  });
});

describe('late events', () => {
  it('are in their place within the lateness, and left out and counted beyond it', () => {
    const { correlations } = planned(COUNT);
    const engine = correlator(correlations, { lateness: 5000 });
    const observe = (time: number) => engine.observe(['id-fail'], { time, fields: bob, ref: time });
    expect([...observe(0), ...observe(8000), ...observe(4000)]).toEqual([]);
    expect(told(observe(13_001))).toEqual([['id-c0', 'bob', 0, 8, 3]]);
    expect(observe(8000)).toEqual([]);
    expect(engine.statistics).toMatchObject({ late: 1, pending: 1 });
  });

  it('are not made of all others by one event that says it is of the future', () => {
    const { correlations } = planned(COUNT);
    const engine = correlator(correlations, { clock: () => 5000, lateness: 10_000 });
    engine.observe(['id-fail'], { time: 9e15, fields: bob, ref: 0 });
    for (const time of [1000, 2000, 3000]) engine.observe(['id-fail'], { time, fields: bob, ref: time });
    expect(engine.statistics.late).toBe(0);
    expect(engine.advance(5000)).toHaveLength(1);
  });
});

const SECTIONS = [
  COUNT,
  'type: value_count\nrules: [fail, success]\ngroup-by: [user]\ntimespan: 10s\ncondition: { field: ip, gte: 3 }',
  'type: temporal\nrules: [fail, success]\ngroup-by: [user, ip]\ntimespan: 5s',
  'type: temporal_ordered\nrules: [fail, change, success]\ngroup-by: [user]\ntimespan: 8s\ncondition: { gte: 2 }',
  'type: value_sum\nrules: [read]\ngroup-by: [user]\ntimespan: 10s\ncondition: { field: bytes, gt: 10 }',
  'type: value_median\nrules: [read]\ngroup-by: [user]\ntimespan: 6s\ncondition: { field: bytes, gte: 3 }',
  'type: event_count\nrules: [change]\ngroup-by: [user]\ntimespan: 6s\ncondition: { lt: 3 }',
  'type: temporal\nrules: [fail, change]\ngroup-by: [user]\ntimespan: 6s\ncondition: fail and not change',
  'type: temporal_ordered\nrules: [c0, c3]\ngroup-by: [user]\ntimespan: 20s',
  'type: event_count\nrules: [c2]\ngroup-by: [ip]\ntimespan: 30s\ncondition: { gte: 2 }',
];
const step: fc.Arbitrary<Step> = fc.tuple(
  fc.nat(60),
  fc.constantFrom('fail', 'success', 'change', 'read', 'fail read', 'success change'),
  fc.record(
    { user: fc.constantFrom('bob', 'eve'), ip: fc.constantFrom('a', 'b', 'c'), bytes: fc.nat(9) },
    { requiredKeys: ['user'] },
  ),
);
const LATENESS = 7000;
const OPTIONS = { lateness: LATENESS, maxGroups: 3, maxEventsPerGroup: 4 };

/** The events in an order in which they may come: none is later than the lateness allows. */
const arrivals = fc
  .tuple(fc.array(step, { maxLength: 40 }), fc.infiniteStream(fc.nat(LATENESS)))
  .map(([steps, delays]) => {
    const inOrder = events(steps.toSorted((a, b) => a[0] - b[0]));
    const delayed = inOrder.map((one) => ({ one, at: one.event.time + (delays.next().value as number) }));
    return { inOrder, shuffled: delayed.toSorted((a, b) => a.at - b.at).map(({ one }) => one) };
  });

describe('whatever the order in which events come within the lateness', () => {
  it('the result is the same', () => {
    const { correlations } = planned(...SECTIONS);
    fc.assert(
      fc.property(arrivals, ({ inOrder, shuffled }) => {
        const results = [inOrder, shuffled].map((list) => {
          const engine = correlator(correlations, OPTIONS);
          const firings = list.flatMap(({ ids, event }) => engine.observe(ids, event));
          firings.push(...engine.advance(Number.POSITIVE_INFINITY));
          expect(engine.statistics.late).toBe(0);
          return firings;
        });
        expect(results[1]).toEqual(results[0]);
      }),
      { numRuns: 150 },
    );
  });

  it('and so it is when the state is written and read between any two events', () => {
    const { correlations } = planned(...SECTIONS);
    fc.assert(
      fc.property(arrivals, fc.nat(40), ({ shuffled }, cut) => {
        const whole = correlator(correlations, OPTIONS);
        const expected = shuffled.flatMap(({ ids, event }) => whole.observe(ids, event));
        const before = correlator(correlations, OPTIONS);
        const found = shuffled.slice(0, cut).flatMap(({ ids, event }) => before.observe(ids, event));
        const after = correlator(correlations, OPTIONS);
        after.restore(JSON.parse(JSON.stringify(before.state())) as Json);
        found.push(...shuffled.slice(cut).flatMap(({ ids, event }) => after.observe(ids, event)));
        expect([...found, ...after.advance(Number.POSITIVE_INFINITY)]).toEqual([
          ...expected,
          ...whole.advance(Number.POSITIVE_INFINITY),
        ]);
        expect(after.statistics).toEqual(whole.statistics);
      }),
      { numRuns: 150 },
    );
  });

  it('an event_count says what the definition says: first moment with enough, then quiet for the timespan', () => {
    const { correlations } = planned(COUNT);
    fc.assert(
      fc.property(fc.array(fc.nat(80), { maxLength: 40 }), (seconds) => {
        const times = seconds.toSorted((a, b) => a - b);
        const expected: [number, number, number][] = [];
        let from = Number.NEGATIVE_INFINITY;
        for (const now of new Set(times)) {
          const inside = times.filter((time) => time > from && time >= now - 10 && time <= now);
          if (now <= from || inside.length < 3) continue;
          expected.push([inside[0] ?? 0, now, inside.length]);
          from = (inside[0] ?? 0) + 10;
        }
        const engine = correlator(correlations);
        const firings = times.flatMap((time, ref) =>
          engine.observe(['id-fail'], { time: time * 1000, fields: bob, ref }),
        );
        firings.push(...engine.advance(Number.POSITIVE_INFINITY));
        expect(firings.map((one) => [one.firstSeen / 1000, one.lastSeen / 1000, one.value])).toEqual(
          expected,
        );
      }),
    );
  });
});

describe('memory', () => {
  it('is bounded: the quietest group goes first', () => {
    const { correlations } = planned(COUNT.replace('10s', '1h'));
    const engine = correlator(correlations, { maxGroups: 2 });
    const observe = (time: number, user: string) =>
      engine.observe(['id-fail'], { time, fields: { user }, ref: time });
    for (const [time, user] of [
      [1, 'a'],
      [2, 'b'],
      [3, 'a'],
      [4, 'c'],
      [5, 'b'],
      [6, 'b'],
    ] as const)
      observe(time, user);
    expect(engine.advance(Number.POSITIVE_INFINITY)).toEqual([]);
    expect(engine.statistics).toMatchObject({ groups: 2, evicted: 2 });
  });

  it('takes the oldest events before their time when too many wait', () => {
    const { correlations } = planned(COUNT);
    const engine = correlator(correlations, { lateness: 1e9, maxPending: 5 });
    const firings = Array.from({ length: 9 }, (_, time) =>
      engine.observe(['id-fail'], { time, fields: bob, ref: time }),
    ).flat();
    expect(firings).toHaveLength(1);
    expect(engine.statistics).toMatchObject({ early: 4, pending: 5 });
  });

  it('reaches a count that is greater than what a group may remember', () => {
    const many = COUNT.replace('gte: 3', 'gte: 30').replace('10s', '1h');
    const steps: Step[] = Array.from({ length: 30 }, (_, second) => [second, 'fail', bob]);
    expect(run([many], steps, { maxEventsPerGroup: 5 })).toHaveLength(1);
  });

  it('knows after a restart what it has said', () => {
    const { correlations } = planned(COUNT);
    const before = correlator(correlations);
    const times = [0, 1000, 2000, 3000];
    expect(
      times.flatMap((time) => before.observe(['id-fail'], { time, fields: bob, ref: time })),
    ).toHaveLength(1);
    const after = correlator(correlations);
    after.restore(JSON.parse(JSON.stringify(before.state())) as Json);
    for (const time of [4000, 5000, 6000]) after.observe(['id-fail'], { time, fields: bob, ref: time });
    expect(after.advance(Number.POSITIVE_INFINITY)).toEqual([]);
  });

  it('forgets the windows of a correlation that was written anew', () => {
    const before = correlator(planned(COUNT).correlations);
    for (const time of [0, 1000]) before.observe(['id-fail'], { time, fields: bob, ref: time });
    const after = correlator(planned(COUNT.replace('10s', '1h')).correlations);
    after.restore(before.state());
    expect(before.statistics).toMatchObject({ groups: 1, pending: 1 });
    expect(after.statistics).toMatchObject({ groups: 0, pending: 1 });
  });

  it('refuses a state that is none', () => {
    const engine = correlator(planned(COUNT).correlations);
    expect(() => engine.restore({ version: 99 })).toThrow(/version/);
    expect(() => engine.restore(null)).toThrow(/version/);
  });
});

describe('a correlation that is wrong is told where', () => {
  it.each([
    [
      'type: event_cuont\nrules: [fail]\ntimespan: 1m\ncondition: { gte: 1 }',
      'unknown correlation type event_cuont',
      'event_count',
    ],
    [
      'type: event_count\nrules: [fail]\ntimespan: soon\ncondition: { gte: 1 }',
      'soon is no timespan',
      undefined,
    ],
    ['type: event_count\nrules: [fail]\ntimespan: 1m\ncondition: { gteq: 1 }', 'unknown key gteq', 'gte'],
    ['type: event_count\nrules: [fail]\ntimespan: 1m', 'event_count needs a condition', undefined],
    [
      'type: value_count\nrules: [fail]\ntimespan: 1m\ncondition: { gte: 1 }',
      'value_count needs a field',
      undefined,
    ],
    [
      'type: event_count\nrules: [fail]\ngroup_by: [a]\ntimespan: 1m\ncondition: { gte: 1 }',
      'unknown key group_by',
      'group-by',
    ],
    [
      'type: temporal\nrules: [fail]\ntimespan: 1m\ncondition: fial',
      'there is no search identifier fial',
      'fail',
    ],
    [
      'type: event_count\nrules: []\ntimespan: 1m\ncondition: { gte: 1 }',
      'the correlation names no rules',
      undefined,
    ],
    ['type: temporal\nrules: [fail, id-fail]\ntimespan: 1m', 'the rule id-fail is named twice', undefined],
    [
      'type: temporal\nrules: [fail]\ngroup-by: [ip]\ntimespan: 1m\naliases: { ip: { fial: a } }',
      "fial is none of the correlation's rules",
      'fail',
    ],
  ])('%j', (section, message, fix) => {
    const [problem] = planned(section).problems;
    expect(problem?.message).toBe(message);
    expect(problem?.fix).toBe(fix);
    expect(problem?.line).toBeGreaterThan(24);
  });
});
