import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { ok, problemOfFile, type Result } from '../model/problem.ts';
import type { GateFinding } from './finding.ts';

/** What makes a finding the same one in another run: not the line, which moves. */
export function fingerprint({ policy, rule, file, resource, path, verdict }: GateFinding): string {
  const text = [policy.id, rule, file, resource?.logicalId ?? '', path, verdict].join('\n');
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}

interface Baseline {
  readonly version: 1;
  /** With what a person reads in a review beside the fingerprint. */
  readonly findings: readonly {
    readonly fingerprint: string;
    readonly policy: string;
    readonly file: string;
    readonly resource: string;
  }[];
}

export function writeBaseline(file: string, findings: readonly GateFinding[]): void {
  const baseline: Baseline = {
    version: 1,
    findings: findings
      .map((finding) => ({
        fingerprint: fingerprint(finding),
        policy: finding.policy.id,
        file: finding.file,
        resource: finding.resource?.logicalId ?? '',
      }))
      .sort((a, b) => (a.fingerprint < b.fingerprint ? -1 : 1)),
  };
  writeFileSync(file, `${JSON.stringify(baseline, undefined, 2)}\n`);
}

export function readBaseline(file: string): Result<ReadonlySet<string>> {
  try {
    const { version, findings } = JSON.parse(readFileSync(file, 'utf8')) as Partial<Baseline>;
    if (version !== 1 || !Array.isArray(findings))
      throw new Error('it is no baseline that cordon check wrote');
    return ok(new Set(findings.map((one) => String(one?.fingerprint))));
  } catch (error) {
    const fix = 'write one with --write-baseline';
    return {
      ok: false,
      problems: [problemOfFile(file, `cannot be read: ${(error as Error).message}`, { fix })],
    };
  }
}

export function markKnown(findings: readonly GateFinding[], known: ReadonlySet<string>): GateFinding[] {
  return findings.map((finding) => (known.has(fingerprint(finding)) ? { ...finding, known: true } : finding));
}
