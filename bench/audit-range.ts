/** A simulated account in a process of its own: `CreateSecurityGroup`s as they are asked for, and a count of calls. */
import { createHoneypot } from '../src/range/honeypot.ts';
import { startRange } from '../src/range/range.ts';

const range = await startRange();
const { vpcId } = createHoneypot(range.account);
const known = range.account.securityGroups;
process.send?.({ endpoint: range.endpoint });
process.on('message', (message: { readonly groups?: readonly string[] }) => {
  if (message.groups === undefined) {
    process.send?.({ calls: range.calls.length });
    return;
  }
  for (const groupId of message.groups) {
    known.set(groupId, {
      groupId,
      name: groupId,
      description: 'application servers',
      vpcId,
      ingress: [
        {
          IpProtocol: 'tcp',
          FromPort: 22,
          ToPort: 22,
          IpRanges: [{ CidrIp: '10.0.0.0/8', Description: 'inside' }],
        },
      ],
      egress: [],
    });
  }
  process.send?.({ ready: true });
});
