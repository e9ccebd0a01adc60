import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { stripVTControlCharacters } from 'node:util';
import Ajv from 'ajv-draft-04';
import { describe, expect, it } from 'vitest';
import { guardPolicy, subjectOf } from '../../../test/gate.ts';
import { judge } from '../judge.ts';
import { suppress } from '../suppressions.ts';
import { githubReport } from './github.ts';
import { jsonReport } from './json.ts';
import { junitReport } from './junit.ts';
import { markdownReport } from './markdown.ts';
import type { Report } from './report.ts';
import { sarifReport } from './sarif.ts';
import { textReport } from './text.ts';

const POLICY = guardPolicy(`# title: Volumes are encrypted
# id: volume-encrypted
# severity: high
# why: A disk that is lost is read.
# fix: Set Encrypted: true.
# references: AWS-FSBP EC2.3
# resources: AWS::EC2::Volume
rule volume_encrypted { Resources.*[ Type == 'AWS::EC2::Volume' ].Properties.Encrypted == true << The volume is not encrypted >> }`);

const TEMPLATE = `Parameters: {Safe: {Type: String}}
Resources:
  Data:
    Type: AWS::EC2::Volume
    Properties:
      Encrypted: false
  Scratch:
    Type: AWS::EC2::Volume
  Open:
    Type: AWS::EC2::Volume
    Properties:
      Encrypted: !Ref Safe
  'Evil\\u001b[2J|<b>::error::%0A':
    Type: AWS::EC2::Volume
`
  .replace("'Evil", '"Evil')
  .replace("%0A'", '%0A"');

function report(): Report {
  const subject = subjectOf(TEMPLATE);
  const accepted = [
    {
      id: 'volume-encrypted',
      reason: 'nothing on it',
      until: '2027-01-01',
      resource: 'Scratch',
      files: undefined,
      by: 'the template',
      at: { file: 'template.yaml', place: { line: 1, column: 1, length: 1 } },
    },
  ];
  const { findings, notes } = suppress(judge(subject, [POLICY]), accepted, {
    today: '2026-11-24',
    tellUnused: true,
  });
  return {
    findings,
    notes,
    problems: [],
    notJudged: [{ file: 'template.yaml', resource: 'Stack', reason: 'its template is not a local file' }],
    sources: new Map([['template.yaml', subject.source]]),
    subjects: 1,
    resources: 4,
    policies: 1,
    untouched: 0,
    failOn: 'low',
    version: '1.2.3',
  };
}

describe('the report for people', () => {
  it('shows each resource once, the lines, what is wrong, and what is not counted', () => {
    expect(textReport(report(), (_, text) => text, 100)).toMatchInlineSnapshot(`
      "template.yaml

        Data  AWS::EC2::Volume

          4 |     Type: AWS::EC2::Volume
          5 |     Properties:
          6 |       Encrypted: false
            |                  ^^^^^
          high     The volume is not encrypted
                   volume-encrypted

        Open  AWS::EC2::Volume

          10 |     Type: AWS::EC2::Volume
          11 |     Properties:
          12 |       Encrypted: !Ref Safe
             |                  ^^^^^^^^^
          open     The volume is not encrypted
                   volume-encrypted, cannot be decided: it depends on Safe

        Evil\\u{1b}[2J|<b>::error::%0A  AWS::EC2::Volume

          11 |     Properties:
          12 |       Encrypted: !Ref Safe
          13 |   "Evil\\u001b[2J|<b>::error::%0A":
             |   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
          high     The volume is not encrypted
                   volume-encrypted

      Accepted
        volume-encrypted on Scratch until 2027-01-01: nothing on it

      Not judged
        Stack: its template is not a local file

      2 findings (2 high), 1 cannot be decided, 1 accepted
      4 resources in 1 template, 1 policy
      cordon policies explain ID says why it matters and how it is put right
      "
    `);
  });

  it('has nothing of a template in it that a terminal obeys', () => {
    const text = textReport(report(), (_, inner) => inner, 100);
    expect(stripVTControlCharacters(text)).toBe(text);
    expect(text).toContain('Evil\\u{1b}[2J');
  });
});

describe('SARIF', () => {
  it('is valid 2.1.0, with suppressions, fingerprints and rules', () => {
    const path = createRequire(import.meta.url).resolve(
      '@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json',
    );
    const AjvDraft04 = Ajv as unknown as typeof Ajv.default;
    const ajv = new AjvDraft04({ strict: false, validateFormats: false, unicodeRegExp: false });
    const validate = ajv.compile(JSON.parse(readFileSync(path, 'utf8')));
    const log = JSON.parse(sarifReport(report()));
    expect(validate(log), JSON.stringify(validate.errors)).toBe(true);
    expect(validate({ ...log, version: '3' })).toBe(false);
    const [run] = log.runs;
    expect(run.tool.driver.rules).toMatchObject([
      { id: 'volume-encrypted', properties: { 'security-severity': '8.0' } },
    ]);
    expect(run.results).toMatchObject([
      {
        ruleId: 'volume-encrypted',
        level: 'error',
        locations: [
          {
            physicalLocation: {
              artifactLocation: { uri: 'template.yaml' },
              region: { startLine: 6, startColumn: 18, endColumn: 23 },
            },
          },
        ],
      },
      { suppressions: [{ kind: 'inSource', justification: 'nothing on it (until 2027-01-01)' }] },
      { kind: 'review', level: 'none' },
      {},
    ]);
  });
});

describe('JUnit', () => {
  it('fails what fails, skips what is accepted or open, and is well-formed', () => {
    const xml = junitReport(report());
    expect(xml).toContain('<testsuite name="template.yaml" tests="4" failures="2" errors="0" skipped="2">');
    expect(xml).toContain('<skipped message="nothing on it"/>');
    expect(xml).not.toContain('\u001b');
    expect(xml).toContain('&lt;b&gt;');
  });
});

describe('GitHub annotations', () => {
  it('cannot be made to say something else by a template', () => {
    const lines = githubReport(report()).trim().split('\n');
    expect(lines[0]).toBe(
      '::error file=template.yaml,line=6,endLine=6,col=18,endColumn=23,title=Volumes are encrypted (volume-encrypted)::Data: The volume is not encrypted',
    );
    expect(lines).toHaveLength(3);
    expect(lines.every((line) => /^::(error|warning|notice) file=template\.yaml,/.test(line))).toBe(true);
    expect(lines[2]).toContain('%250A');
  });
});

describe('Markdown', () => {
  it('has a row for each finding, and no markup of a template', () => {
    const text = markdownReport(report());
    expect(text).toContain('## Cordon: failed');
    expect(text).toContain(
      '| high | template.yaml:6 | Data | The volume is not encrypted | volume-encrypted |',
    );
    expect(text).not.toContain('<b>');
  });
});

describe('JSON', () => {
  it('has everything', () => {
    expect(JSON.parse(jsonReport(report()))).toMatchObject({
      schemaVersion: 1,
      failed: true,
      findings: [
        { fingerprint: expect.stringMatching(/^[0-9a-f]{32}$/) },
        { suppressed: {} },
        { verdict: 'undecided' },
        {},
      ],
      notJudged: [{}],
    });
  });
});
