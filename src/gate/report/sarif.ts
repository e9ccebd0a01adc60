import { relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { fingerprint } from '../baseline.ts';
import type { GateFinding, PolicyName } from '../finding.ts';
import type { Severity } from '../severity.ts';
import { circumstances, type Report } from './report.ts';

const LEVEL = {
  critical: 'error',
  high: 'error',
  medium: 'warning',
  low: 'note',
  informational: 'note',
} as const;
/** What GitHub sorts by, 0.0 to 10.0 (GitHub Docs, SARIF support for code scanning). */
const SECURITY_SEVERITY: Readonly<Record<Severity, string>> = {
  critical: '9.5',
  high: '8.0',
  medium: '5.5',
  low: '3.0',
  informational: '0.0',
};

/** SARIF 2.1.0 (OASIS Standard). Accepted findings are suppressions, known ones are unchanged. */
export function sarifReport(report: Report): string {
  const policies = new Map(report.findings.map((finding) => [finding.policy.id, finding]));
  const indexes = new Map([...policies.keys()].map((id, index) => [id, index]));
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'Cordon',
            semanticVersion: report.version,
            rules: [...policies.values()].map(({ policy, severity }) => ruleOf(policy, severity)),
          },
        },
        columnKind: 'utf16CodeUnits',
        invocations: [
          {
            executionSuccessful: report.problems.length === 0,
            toolExecutionNotifications: report.problems.map((problem) => ({
              level: 'error',
              message: { text: problem.message },
              locations: [locationOf(problem.file, problem.line, problem.column)],
            })),
          },
        ],
        results: report.findings.map((finding) => resultOf(finding, indexes.get(finding.policy.id) ?? 0)),
      },
    ],
  };
  return `${JSON.stringify(log, undefined, 2)}\n`;
}

function ruleOf({ id, title, why, fix, references }: PolicyName, severity: Severity): object {
  return {
    id,
    name: id,
    shortDescription: { text: title },
    ...(why === '' ? {} : { fullDescription: { text: why } }),
    ...(fix === '' ? {} : { help: { text: fix } }),
    defaultConfiguration: { level: LEVEL[severity] },
    properties: { tags: ['security', ...references], 'security-severity': SECURITY_SEVERITY[severity] },
  };
}

function resultOf(finding: GateFinding, ruleIndex: number): object {
  const { policy, message, verdict, file, place, resource, suppressed, known, severity } = finding;
  const text = [message, ...circumstances(finding)].join(' — ');
  return {
    ruleId: policy.id,
    ruleIndex,
    kind: verdict === 'fail' ? 'fail' : 'review',
    level: verdict === 'fail' ? LEVEL[severity] : 'none',
    message: { text },
    locations: [
      {
        ...locationOf(file, place.line, place.column, place.length),
        ...(resource === undefined
          ? {}
          : {
              logicalLocations: [
                {
                  name: resource.logicalId,
                  fullyQualifiedName: resource.address ?? resource.logicalId,
                  kind: 'resource',
                },
              ],
            }),
      },
    ],
    partialFingerprints: { 'cordon/v1': fingerprint(finding) },
    baselineState: known === true ? 'unchanged' : 'new',
    ...(suppressed === undefined
      ? {}
      : {
          suppressions: [
            {
              kind: suppressed.by === 'the template' ? 'inSource' : 'external',
              status: 'accepted',
              justification: `${suppressed.reason} (until ${suppressed.until})`,
            },
          ],
        }),
  };
}

function locationOf(
  file: string,
  line: number,
  column: number,
  length?: number,
): { physicalLocation: object } {
  return {
    physicalLocation: {
      artifactLocation: { uri: uriOf(file) },
      region: {
        startLine: line,
        startColumn: column,
        ...(length === undefined ? {} : { endLine: line, endColumn: column + length }),
      },
    },
  };
}

/** Relative to the folder of the command, so that a report of one machine fits the other. */
function uriOf(file: string): string {
  const absolute = pathToFileURL(file).href;
  const base = `${pathToFileURL(process.cwd()).href}/`;
  return absolute.startsWith(base)
    ? absolute.slice(base.length)
    : relative('/', file) === ''
      ? file
      : absolute;
}
