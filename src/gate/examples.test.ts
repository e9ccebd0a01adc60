import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { check, judgeBy } from './check.ts';
import { findInputs } from './inputs.ts';
import { loadPolicies, POLICIES_FOLDER } from './policies.ts';
import { testPolicies } from './policy-tests.ts';

const EXAMPLES = fileURLToPath(new URL('../../examples/gate', import.meta.url));
const { policies, problems } = loadPolicies([POLICIES_FOLDER]);

function findingsOf(name: string): string[] {
  const { inputs } = findInputs([`${EXAMPLES}/${name}`], () => '');
  const result = check({
    inputs,
    given: { parameters: new Map() },
    judge: judgeBy(policies),
    suppressions: [],
    tellUnused: true,
    baseline: undefined,
    base: undefined,
    today: '2026-11-24',
  });
  expect(result.problems).toEqual([]);
  return result.findings.map(
    ({ verdict, policy, resource, place, suppressed, when }) =>
      `${resource?.logicalId} ${policy.id} ${suppressed === undefined ? verdict : 'accepted'} ${place.line}${when.join()}`,
  );
}

describe('the policies in the box', () => {
  it('are whole, and their unit tests hold', () => {
    expect(problems).toEqual([]);
    const { tests, problems: faults, untested } = testPolicies(policies);
    expect({ faults, untested, failed: tests.filter(({ passed }) => !passed) }).toEqual({
      faults: [],
      untested: [],
      failed: [],
    });
    expect(tests.length).toBeGreaterThan(1_000);
  });

  it('say of the example shop what its page says', () => {
    expect(findingsOf('shop.yaml')).toEqual(
      expect.arrayContaining([
        'Uploads s3-bucket-blocks-public-access fail 17',
        'Uploads s3-bucket-versioning-enabled fail 20Environment is test',
        'Trail cloudtrail-multi-region accepted 29',
        'Trail cloudtrail-log-file-validation undecided 32',
        'Admin ec2-security-group-no-ssh-from-world fail 39',
        'Database rds-instance-storage-encrypted fail 48',
      ]),
    );
  });

  it('find the volume of the nested stack, with the parameter it gets there', () => {
    expect(findingsOf('stacks.json')).toEqual(['Disk ec2-volume-encrypted fail 12']);
    expect(findingsOf('storage.json')).toEqual([]);
  });

  it('judge SAM and a Terraform plan', () => {
    expect(findingsOf('shop-sam.yaml')).toContain(
      'OrdersUrl lambda-function-url-requires-authentication fail 14',
    );
    expect(findingsOf('plan.json')).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^aws_security_group\.web ec2-security-group-no-ssh-from-world fail/),
        expect.stringMatching(/^aws_ebs_volume\.disk ec2-volume-encrypted undecided/),
        expect.stringMatching(/^aws_db_instance\.db rds-instance-storage-encrypted fail/),
      ]),
    );
  });
});

describe('the page on checking', () => {
  it('shows the example as it is', () => {
    const page = readFileSync(new URL('../../docs/check.md', import.meta.url), 'utf8');
    for (const line of readFileSync(`${EXAMPLES}/shop.yaml`, 'utf8').split('\n').slice(14, 20)) {
      if (line.trim() !== '' && /Status|BucketName|Uploads/.test(line)) expect(page).toContain(line);
    }
  });
});
