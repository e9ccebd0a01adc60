import { fingerprint } from '../baseline.ts';
import { failing, type Report } from './report.ts';

/** Everything that is known, for machines; `schemaVersion` changes when a field changes its meaning. */
export function jsonReport(report: Report, compact = false): string {
  const { findings, problems, notJudged, notes, subjects, resources, policies, untouched, failOn } = report;
  const value = {
    schemaVersion: 1,
    failed: failing(report).length > 0,
    failOn,
    templates: subjects,
    resources,
    policies,
    findingsOnUntouchedResources: untouched,
    findings: findings.map((finding) => ({ ...finding, fingerprint: fingerprint(finding) })),
    problems,
    notJudged,
    suppressionNotes: notes,
  };
  return `${JSON.stringify(value, undefined, compact ? 0 : 2)}\n`;
}
