import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { setUp } from '../hosts/setup.ts';
import { loadConfig } from './config.ts';

/** The faults of a configuration with such guardrails, each with its line. */
function faults(...lines: string[]): string[] {
  const file = join(mkdtempSync(join(tmpdir(), 'cordon-guardrails-')), 'cordon.yaml');
  writeFileSync(file, ['guardrails:', ...lines.map((line) => `  ${line}`)].join('\n'));
  const config = loadConfig(file);
  const read = config.ok ? setUp(config.value) : config;
  return read.ok ? [] : read.problems.map(({ message, line }) => `${line}: ${message}`);
}

describe('the guardrails of a configuration', () => {
  it('may all be set', () => {
    expect(
      faults(
        "protectedAccounts: ['012345678901']",
        'protectedResources: [arn:aws:iam::*:role/break-glass, i-0abc]',
        'limits:',
        '  - { of: rule, only: known-bad-address, per: hour, max: 2 }',
        '  - { of: group, only: instance, per: day, max: 50 }',
        'groupShare: false',
        'quietHours: [{ from: "22:00", to: "06:00", zone: Europe/Berlin, days: [fri, sat] }]',
        'twoPersons: [terminate-instance]',
        'approvalExpires: 4',
        'noisyRule: { factor: 10 }',
      ),
    ).toEqual([]);
  });

  it.each([
    ['an account that YAML reads as a number', 'protectedAccounts: [123456789012]'],
    ['a time zone that is none', 'quietHours: [{ from: "22:00", to: "06:00", zone: Mars/Base }]'],
    ['a time that is none', 'quietHours: [{ from: "24:00", to: "06:00", zone: UTC }]'],
    ['a limit of one response', 'limits: [{ of: responses, only: x, per: day, max: 1 }]'],
    ['a period that is not known', 'limits: [{ of: responses, per: week, max: 1 }]'],
    ['a share of more than all', 'groupShare: 101'],
    ['a rule that is not there', 'limits: [{ of: rule, only: known-bad-adress, per: day, max: 1 }]'],
    ['an action that is not there', 'limits: [{ of: action, only: explode, per: day, max: 1 }]'],
    ['an action that can be undone', 'twoPersons: [isolate-instance]'],
  ])('are refused at their line with %s', (_, line) => {
    expect(faults(line)).toEqual([expect.stringMatching(/^2: ./)]);
  });
});
