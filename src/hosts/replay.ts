import { awsClients } from '../aws/clients.ts';
import { ec2Inventory } from '../aws/inventory.ts';
import { detector } from '../detect/detector.ts';
import { NO_INVENTORY } from '../detect/inventory.ts';
import type { DecodeOptions } from '../formats/detected.ts';
import { addressSet } from '../intel/address-set.ts';
import type { BadRecord } from '../model/event.ts';
import { type Finding, LEVELS, type Level, type Sample } from '../model/finding.ts';
import type { Incident } from '../model/incident.ts';
import { INSTANCE, type Subject } from '../model/subject.ts';
import { takeIn } from '../respond/intake.ts';
import { inputsOf, readInput } from '../sources/inputs.ts';
import { openSqliteStore } from '../store/sqlite.ts';
import type { Setup } from './setup.ts';

/** What would have happened, had a watch read these files. Nothing is asked and nothing is done. */
export interface Replay {
  readonly files: number;
  readonly events: number;
  /** Records that are right and say nothing: headers, NODATA, SKIPDATA. */
  readonly skipped: number;
  readonly badRecords: number;
  /** The first bad records, with place and reason. */
  readonly badExamples: readonly BadRecord[];
  readonly cases: readonly ReplayedCase[];
  readonly highest: Level | undefined;
}

export interface ReplayedCase {
  readonly incident: Incident;
  readonly findings: readonly Finding[];
  readonly samples: readonly Sample[];
  /** What the playbook of the case would do, step by step; empty when the case is only recorded. */
  readonly would: readonly string[];
}

const BAD_EXAMPLES = 20;
const MINUTE = 60_000;

export interface ReplayOptions extends DecodeOptions {
  /** Ask EC2 whose the network interfaces are; otherwise no AWS is needed. */
  readonly askAws: boolean;
}

/** `-` is standard input. */
export async function replay(
  { config, rules, playbooks, bindingOf }: Setup,
  patterns: readonly string[],
  { askAws, ...decode }: ReplayOptions,
): Promise<Replay> {
  const paths = inputsOf(patterns);
  const aws = askAws ? awsClients(config.aws) : undefined;
  const store = openSqliteStore(':memory:');
  try {
    const detect = detector({
      rules,
      inventory: aws === undefined ? NO_INVENTORY : ec2Inventory(aws),
      ownNetworks: addressSet(config.networks),
      region: config.aws.region,
    });
    const counts = { events: 0, skipped: 0 };
    for (const path of paths) {
      for await (const chunk of readInput(path, decode)) {
        counts.events += chunk.events.length;
        counts.skipped += chunk.skipped;
        const detections = await detect(chunk.events);
        const intake = { window: config.window * MINUTE, bindingOf };
        await takeIn(store, { detections, badRecords: chunk.badRecords }, intake, Date.now);
      }
    }
    const cases: ReplayedCase[] = [];
    for (const incident of (await store.incidents()).reverse()) {
      const playbook = playbooks.get(incident.playbook ?? '');
      cases.push({
        incident,
        findings: await store.findings(incident.id),
        samples: await store.samples(incident.id),
        would: (playbook?.steps ?? []).map(({ action }) => action.plan(planned(incident.subject))),
      });
    }
    const bad = await store.badRecords(BAD_EXAMPLES);
    const levels = cases.flatMap(({ findings }) => findings.map(({ rule }) => LEVELS.indexOf(rule.level)));
    return {
      files: paths.length,
      ...counts,
      badRecords: bad.total,
      badExamples: bad.records,
      cases,
      highest: LEVELS[levels.reduce((highest, level) => Math.max(highest, level), -1)],
    };
  } finally {
    aws?.close();
    await store.close();
  }
}

/** Without an account nobody knows the instance's name: a plan speaks of the interface's instance. */
function planned(subject: Subject): Subject {
  return subject.type === INSTANCE ? subject : { ...subject, id: `the instance of ${subject.id}` };
}
