/**
 * Loaded with `--import` into a real process: kills it (SIGKILL) just before or just after the
 * n-th COMMIT of its store, as CORDON_CRASH=before:7 says.
 */
import { DatabaseSync, type StatementSync } from 'node:sqlite';

const [when, number] = (process.env.CORDON_CRASH ?? '').split(':');
const prepare = DatabaseSync.prototype.prepare;
let commits = 0;

function die(): void {
  process.kill(process.pid, 'SIGKILL');
}

DatabaseSync.prototype.prepare = function (this: DatabaseSync, sql: string): StatementSync {
  const statement = prepare.call(this, sql);
  if (sql !== 'COMMIT') return statement;
  const run = statement.run.bind(statement);
  statement.run = () => {
    commits++;
    if (when === 'before' && commits === Number(number)) die();
    const result = run();
    if (when === 'after' && commits === Number(number)) die();
    return result;
  };
  return statement;
};
