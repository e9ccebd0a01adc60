import type { GateFinding } from '../finding.ts';
import { lineIndex } from '../line-index.ts';
import type { Subject } from '../subject.ts';
import { member, textOf } from '../template/node.ts';
import type { Check } from './check.ts';
import type { Checks } from './configuration.ts';
import { inlinePolicyCheck, managedPolicyCheck, policyCheck } from './iam.ts';
import { logicalIdCheck, resourceTypeCheck } from './names-and-types.ts';
import { securityGroupInbound } from './security-group-inbound.ts';

/** Judges by a checks file of aws-cf-checker; each of its checks is like a policy of that name. */
export function judgeByChecks(checks: Checks): (subject: Subject) => readonly GateFinding[] {
  const active = checksOf(checks);
  return (subject) => {
    const lines = lineIndex(subject.source.text);
    const findings = new Map<string, GateFinding>();
    for (const world of subject.worlds) {
      for (const [id, check] of active) {
        for (const { logicalId, message, node, open } of check(world, subject)) {
          const resource = world.resources.find(({ key }) => key === logicalId);
          const place = lines.placeOf(node);
          findings.set(`${id} ${logicalId} ${message} ${open === true} ${place.line}:${place.column}`, {
            policy: { id, title: TITLES[id] ?? id, why: '', fix: '', references: [] },
            rule: id,
            verdict: open === true ? 'undecided' : 'fail',
            severity: 'high',
            message,
            file: subject.source.file,
            place,
            resource:
              resource === undefined
                ? undefined
                : { logicalId, type: textOf(member(resource.value, 'Type')) ?? '' },
            path: '',
            when: [],
            dependsOn: open === true ? ['a value that the template does not tell'] : [],
          });
        }
      }
    }
    return [...findings.values()].sort(
      (a, b) => a.place.line - b.place.line || a.place.column - b.place.column,
    );
  };
}

const TITLES: Readonly<Record<string, string>> = {
  logicalID: 'Logical ids are written alike',
  resourceType: 'Only allowed types of resources',
  securityGroupInbound: 'Only public load balancers let public addresses in',
  iamInlinePolicy: 'No inline policies',
  iamPolicy: 'Only allowed actions and resources in IAM policies',
  iamManagedPolicy: 'Only allowed managed policies',
};

function checksOf(checks: Checks): [string, Check][] {
  const {
    logicalID,
    resourceType,
    securityGroupInbound: inbound,
    iamInlinePolicy,
    iamPolicy,
    iamManagedPolicy,
  } = checks;
  const active: [string, Check][] = [];
  if (logicalID !== undefined && logicalID !== false) {
    active.push(['logicalID', logicalIdCheck(logicalID === true ? 'pascal' : logicalID.case)]);
  }
  if (resourceType !== undefined) active.push(['resourceType', resourceTypeCheck(resourceType)]);
  if (inbound !== undefined && inbound !== false) active.push(['securityGroupInbound', securityGroupInbound]);
  if (iamInlinePolicy !== undefined) active.push(['iamInlinePolicy', inlinePolicyCheck(iamInlinePolicy)]);
  if (iamPolicy !== undefined && iamPolicy !== false) {
    active.push(['iamPolicy', policyCheck(iamPolicy === true ? {} : iamPolicy)]);
  }
  if (iamManagedPolicy !== undefined) active.push(['iamManagedPolicy', managedPolicyCheck(iamManagedPolicy)]);
  return active;
}
