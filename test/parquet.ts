import { parquetWriteBuffer } from 'hyparquet-writer';

/** Connections to port 4444 that were rejected, as AWS writes them. */
export function parquetFlowLog(rows: number): Uint8Array {
  const text = (name: string, value: string) => ({
    name,
    data: Array(rows).fill(value),
    type: 'STRING' as const,
  });
  const int = (name: string, value: number) => ({
    name,
    data: Array(rows).fill(value),
    type: 'INT32' as const,
  });
  const long = (name: string, value: bigint) => ({
    name,
    data: Array(rows).fill(value),
    type: 'INT64' as const,
  });
  return new Uint8Array(
    parquetWriteBuffer({
      columnData: [
        int('version', 2),
        text('account_id', '123456789012'),
        text('interface_id', 'eni-1'),
        text('srcaddr', '10.0.0.5'),
        text('dstaddr', '192.0.2.99'),
        int('srcport', 45_000),
        int('dstport', 4_444),
        int('protocol', 6),
        long('packets', 1n),
        long('bytes', 60n),
        long('start', 1_795_500_000n),
        long('end', 1_795_500_060n),
        text('action', 'REJECT'),
        text('log_status', 'OK'),
      ],
    }),
  );
}
