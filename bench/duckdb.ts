/** The three rules in SQL, with all the cores that DuckDB likes. */
import { DuckDBInstance } from '@duckdb/node-api';

const [list = '', ...files] = process.argv.slice(2);
const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;
const instance = await DuckDBInstance.create(':memory:');
const connection = await instance.connect();
await connection.run(
  `CREATE TABLE bad AS SELECT column0 AS address FROM read_csv(${quoted(list)}, header = false, columns = {'column0': 'VARCHAR'}, comment = '#')`,
);
const answer = await connection.runAndReadAll(`
  WITH flows AS (
    SELECT "interface-id" AS eni, action, dstport,
      srcaddr LIKE '10.%' AND dstaddr NOT LIKE '10.%' AND srcport > dstport AS began,
      srcaddr IN (SELECT address FROM bad) OR dstaddr IN (SELECT address FROM bad) AS listed
    FROM read_csv([${files.map(quoted).join(', ')}], delim = ' ', header = true, columns = {
      'version': 'UTINYINT', 'account-id': 'VARCHAR', 'interface-id': 'VARCHAR', 'srcaddr': 'VARCHAR', 'dstaddr': 'VARCHAR',
      'srcport': 'UINTEGER', 'dstport': 'UINTEGER', 'protocol': 'UTINYINT', 'packets': 'UBIGINT', 'bytes': 'UBIGINT',
      'start': 'UBIGINT', 'end': 'UBIGINT', 'action': 'VARCHAR', 'log-status': 'VARCHAR'})),
  matches AS (
    SELECT eni, (began AND action = 'REJECT')::INT + (listed AND (action = 'ACCEPT' OR began))::INT
      + (began AND action = 'ACCEPT' AND dstport < 1024 AND dstport NOT IN (0, 53, 80, 123, 443))::INT AS matches
    FROM flows)
  SELECT sum(found)::BIGINT FROM (SELECT eni, sum(matches) AS found FROM matches WHERE matches > 0 GROUP BY eni)`);
process.stdout.write(`${answer.getRows()[0]?.[0]}\n`);
