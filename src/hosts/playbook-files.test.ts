import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { loadConfig } from '../config/config.ts';
import { setUp } from './setup.ts';

const folder = mkdtempSync(join(tmpdir(), 'cordon-bindings-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const PLAYBOOK = `name: mine
title: Mine
inputs:
  days: {type: number}
  tags: {type: list, default: []}
steps:
  - action: record-instance
`;

/** The problems of a configuration with one binding. */
function problemsOf(binding: string) {
  writeFileSync(join(folder, 'mine.yml'), PLAYBOOK);
  const file = join(folder, 'cordon.yaml');
  writeFileSync(file, `playbooks: [mine.yml]\nbindings:\n  - ${binding}\n`);
  const config = loadConfig(file);
  if (!config.ok) return config.problems;
  const ready = setUp(config.value);
  return ready.ok ? [] : ready.problems;
}

describe('a binding', () => {
  it('is right when its playbook can be run on what its rule finds, and has its inputs', () => {
    expect(problemsOf('{rule: rejected-outbound-traffic, playbook: mine, with: {days: 3}}')).toEqual([]);
  });

  it('may be of a correlation, and not of a rule that only serves one', () => {
    const of = (rule: string) => problemsOf(`{rule: ${rule}, playbook: disable-credentials}`);
    expect(of('instance-credentials-used-elsewhere')).toEqual([]);
    expect(of('instance-credentials-used-elsewhere-event')).toMatchObject([
      { fix: 'instance-credentials-used-elsewhere' },
    ]);
  });

  it.each([
    [
      'of a rule about something else',
      '{rule: ami-shared, playbook: mine, with: {days: 3}}',
      /^mine can never be run on what ami-shared finds: AWS::IAM::User, AWS::IAM::Role$/,
      34,
    ],
    [
      'without a value that is needed',
      '{rule: rejected-outbound-traffic, playbook: mine}',
      /^the playbook needs the input days$/,
      49,
    ],
    [
      'with an input that there is not',
      '{rule: rejected-outbound-traffic, playbook: mine, with: {days: 1, tag: [a]}}',
      /^the playbook has no input tag$/,
      71,
    ],
    [
      'with a value of another type',
      '{rule: rejected-outbound-traffic, playbook: mine, with: {days: many}}',
      /^the input days is of another type$/,
      62,
    ],
  ])('%s is a fault where it stands', (_, binding, message, column) => {
    const [problem] = problemsOf(binding);
    expect(problem?.message).toMatch(message);
    expect(problem).toMatchObject({ line: 3, column });
  });
});
