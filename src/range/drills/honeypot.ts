import type { Account } from '../account.ts';
import { type Connection, flowLogRecords } from '../flow-log.ts';
import { createHoneypot } from '../honeypot.ts';
import type { Act, Drill } from './drill.ts';

const VISITOR = '192.0.2.80';
const INTRUDER = '192.0.2.44';
/** On the threat list that Cordon ships. */
const COMMAND_SERVER = '198.51.100.66';
const NTP_SERVER = '203.0.113.23';
const MAIL_SERVER = '203.0.113.25';

/** Connections that one act of the beacon tries, more than Cordon keeps as samples. */
const BEACONS_PER_ACT = 120;

export const honeypotDrill: Drill = {
  name: 'honeypot',
  title: 'A honeypot is broken into',
  description:
    'SSH is open to the world: it is scanned, entered, used to send mail, and then calls a command server.',
  // In AWS snapshots and shutdowns take minutes.
  settings: { snapshotDuration: 3_000, stateChangeDuration: 1_500 },
  interval: 600,
  stage(account) {
    const { instanceId, interfaceId, volumeIds } = createHoneypot(account);
    return { instanceId, volumeIds, act: (number) => act(account, interfaceId, number) };
  },
};

function act(account: Account, interfaceId: string, number: number): Act | undefined {
  if (!account.networkInterfaces.has(interfaceId)) return undefined;
  const lines = (connections: readonly Omit<Connection, 'interfaceId'>[]): string[] =>
    connections.flatMap((connection) => flowLogRecords(account, { interfaceId, ...connection }));
  switch (number) {
    case 0:
      return { lines: lines(everyday(0)), note: 'everyday traffic: time, web visitors' };
    case 1:
      return {
        lines: lines([...everyday(1), ...scan()]),
        note: 'port scan from outside, also from a known-bad address: rejected, must change nothing',
      };
    case 2:
      return {
        lines: lines([...everyday(2), ssh()]),
        note: `SSH login from ${INTRUDER}`,
      };
    case 3:
      return {
        lines: lines([...everyday(3), mail()]),
        note: 'the instance sends mail: a port nobody expects, to be recorded only',
      };
    default:
      return {
        lines: lines([...everyday(number), ...beacon(number)]),
        ...(number === 4
          ? { note: `the instance calls ${COMMAND_SERVER}:4444, again and again`, firstBad: true }
          : {}),
      };
  }
}

type Attempt = Omit<Connection, 'interfaceId'>;

function everyday(number: number): Attempt[] {
  return [
    { openedBy: 'self', protocol: 'udp', ownPort: 123, peer: NTP_SERVER, peerPort: 123 },
    {
      openedBy: 'peer',
      ownPort: 80,
      peer: VISITOR,
      peerPort: 36_533 + number,
      packets: 7,
      bytes: 2_549,
    },
  ];
}

function scan(): Attempt[] {
  const ports = [21, 23, 445, 1433, 3306, 3389, 5900, 8080];
  return [INTRUDER, COMMAND_SERVER].flatMap((peer) =>
    ports.map((ownPort): Attempt => ({ openedBy: 'peer', ownPort, peer, peerPort: 51_000 + ownPort })),
  );
}

function ssh(): Attempt {
  return { openedBy: 'peer', ownPort: 22, peer: INTRUDER, peerPort: 51_022, packets: 412, bytes: 61_230 };
}

function mail(): Attempt {
  return { openedBy: 'self', ownPort: 41_337, peer: MAIL_SERVER, peerPort: 25, packets: 12, bytes: 4_410 };
}

function beacon(number: number): Attempt[] {
  return Array.from({ length: BEACONS_PER_ACT }, (_, index) => ({
    openedBy: 'self' as const,
    ownPort: 32_768 + ((number * BEACONS_PER_ACT + index) % 28_000),
    peer: COMMAND_SERVER,
    peerPort: 4444,
  }));
}
