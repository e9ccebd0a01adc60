import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { patternValues } from './stix-pattern.ts';

describe('a STIX pattern gives the values that fulfil it alone', () => {
  it.each([
    ["[ipv4-addr:value = '192.0.2.1']", ['192.0.2.1']],
    ["[ipv4-addr:value='192.0.2.1'OR domain-name:value='evil.example']", ['192.0.2.1', 'evil.example']],
    ["[ipv4-addr:value IN ('192.0.2.1', '192.0.2.2')]", ['192.0.2.1', '192.0.2.2']],
    ["[ipv4-addr:value ISSUBSET '192.0.2.0/24']", ['192.0.2.0/24']],
    ["[ipv4-addr:value = '192.0.2.1' AND ipv4-addr:value ISSUBSET '192.0.2.0/24']", ['192.0.2.1']],
    ["[url:value = 'http://x.example/it\\'s']", ["http://x.example/it's"]],
    ["[url:value LIKE 'http://x.example/a']", ['http://x.example/a']],
    ["[network-traffic:dst_ref.value = '192.0.2.1']", ['192.0.2.1']],
    ["[(ipv4-addr:value = '192.0.2.1' OR ipv4-addr:value = '192.0.2.2')]", ['192.0.2.1', '192.0.2.2']],
    [
      "[ipv4-addr:value = '192.0.2.1'] OR [domain-name:value = 'evil.example']",
      ['192.0.2.1', 'evil.example'],
    ],
    [
      "([ipv4-addr:value = '192.0.2.1'] AND [ipv4-addr:value = '192.0.2.1']) WITHIN 600 SECONDS",
      ['192.0.2.1'],
    ],
    ["[ipv4-addr:value = '192.0.2.1'] REPEATS 1 TIMES", ['192.0.2.1']],
  ])('%s', (pattern, values) => {
    expect(patternValues(pattern)).toEqual({ ok: true, values });
  });

  it('within the time that START and STOP give', () => {
    const pattern =
      "[ipv4-addr:value = '192.0.2.1'] START t'2026-01-01T00:00:00Z' STOP t'2026-02-01T00:00:00.5Z'";
    expect(patternValues(pattern)).toEqual({
      ok: true,
      values: ['192.0.2.1'],
      start: Date.UTC(2026, 0, 1),
      stop: Date.UTC(2026, 1, 1) + 500,
    });
  });
});

describe('a pattern that asks for more than one value is not matched by half of it', () => {
  it.each([
    [
      "[ipv4-addr:value = '192.0.2.1' AND network-traffic:dst_port = 443]",
      'network-traffic:dst_port is not an address, a domain or a URL',
    ],
    ["[ipv4-addr:value = '192.0.2.1'] AND [domain-name:value = 'evil.example']", 'no value alone fulfils it'],
    [
      "[ipv4-addr:value = '192.0.2.1'] FOLLOWEDBY [ipv4-addr:value = '192.0.2.2']",
      'no value alone fulfils it',
    ],
    ["[ipv4-addr:value = '192.0.2.1'] REPEATS 5 TIMES", 'REPEATS asks for more than one event'],
    ["[ipv4-addr:value != '192.0.2.1']", '!= is no comparison with a value'],
    ["[ipv4-addr:value NOT = '192.0.2.1']", 'NOT asks for what is not seen'],
    ["[domain-name:value LIKE '%.example']", 'LIKE with wildcards is no single value'],
    ["[domain-name:value MATCHES '^a+$']", 'MATCHES is no comparison with a value'],
    ["[file:hashes.'SHA-256' = 'aa']", "file:hashes.'SHA-256' is not an address, a domain or a URL"],
    ["[ipv4-addr:value = '192.0.2.1'", 'the pattern ends too early'],
    ["[ipv4-addr:value = '192.0.2.1']]", 'unexpected ]'],
    ['', 'the pattern ends too early'],
    ["[url:value = 'open", 'unexpected "\'open"'],
    [`${'('.repeat(100)}[url:value = 'x']${')'.repeat(100)}`, 'the pattern is nested too deeply'],
  ])('%s', (pattern, reason) => {
    const found = patternValues(pattern);
    expect(found.ok ? found.values : found.reason).toBe(reason);
  });

  it('and no text makes the reader throw or hang', () => {
    const piece = fc.constantFrom(
      '[',
      ']',
      '(',
      ')',
      "'",
      "'x'",
      ' AND ',
      ' OR ',
      'FOLLOWEDBY',
      '=',
      'IN',
      'ipv4-addr:value',
      "t'2026'",
      'WITHIN',
      '5',
      '\\',
      ',',
      'START',
      'é',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        expect(typeof patternValues(pieces.join('')).ok).toBe('boolean');
      }),
      { numRuns: 5_000 },
    );
  });
});
