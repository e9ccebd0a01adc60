import type { JudgeResource, Violation } from '../audit/violation.ts';
import { subjectOfResource } from '../gate/enforce/changes.ts';
import type { GateFinding } from '../gate/finding.ts';
import { judge } from '../gate/judge.ts';
import type { Policy } from '../gate/policy.ts';

const PROPERTIES = 'Properties.';

/** Judges live resources by the policies that judge templates; only those that speak of a type are asked. */
export function resourceJudge(policies: readonly Policy[]): JudgeResource {
  const byType = new Map<string, readonly Policy[]>();
  const policiesFor = (type: string): readonly Policy[] => {
    const known = byType.get(type);
    if (known !== undefined) return known;
    const found = policies.filter(
      ({ header, speaksOf }) => header.resources.includes(type) || speaksOf().types.has(type),
    );
    byType.set(type, found);
    return found;
  };
  return ({ type, id }, properties) => {
    const subject = subjectOfResource(type, id, properties, `<${type} ${id}>`);
    const asked = policiesFor(type);
    return judge(subject, asked)
      .filter(({ verdict }) => verdict === 'fail')
      .map((finding) => violationOf(finding, asked));
  };
}

function violationOf(finding: GateFinding, policies: readonly Policy[]): Violation {
  const { policy, rule, severity, message, path, found, expected } = finding;
  const words = policies.find(({ header }) => header.id === policy.id)?.speaksOf().words;
  const below = path.startsWith(PROPERTIES) ? path.slice(PROPERTIES.length) : '';
  const [attribute = ''] = below.split(/[.[]/);
  return {
    policy: { id: policy.id, title: policy.title, level: severity },
    rule,
    message,
    fix: policy.fix,
    attribute,
    speaksOf: (name) => words?.has(name) === true,
    path,
    ...(found === undefined ? {} : { found }),
    ...(expected === undefined ? {} : { expected }),
  };
}
