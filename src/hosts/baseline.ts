import { type BaselineNews, takeBaseline } from '../audit/baseline.ts';
import { awsClients } from '../aws/clients.ts';
import type { Config } from '../config/config.ts';
import { openSqliteStore } from '../store/sqlite.ts';
import type { AuditSetup } from './auditing.ts';
import { stateFolder } from './state.ts';

/** Takes the states of an account into the store of a configuration; of all types that a policy speaks of, when none is named. */
export async function* baselineOf(
  config: Config,
  { judge, types }: AuditSetup,
  named: readonly string[] | undefined,
  signal: AbortSignal,
): AsyncGenerator<BaselineNews> {
  const aws = awsClients(config.aws);
  const store = openSqliteStore(stateFolder(config));
  try {
    const sts = await aws.use('sts');
    const { Account = '' } = await sts.getCallerIdentity({});
    yield* takeBaseline(named ?? types, { store, aws, judge, account: Account, now: Date.now, signal });
  } finally {
    aws.close();
    await store.close();
  }
}
