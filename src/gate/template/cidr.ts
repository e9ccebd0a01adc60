import ipaddr from 'ipaddr.js';

const MAX_SUBNETS = 256;

/** The networks that `Fn::Cidr` answers, or none where CloudFormation would refuse the arguments. */
export function subnets(block: string, count: number, hostBits: number): string[] | undefined {
  if (!ipaddr.isValidCIDR(block) || !Number.isInteger(count) || !Number.isInteger(hostBits)) return undefined;
  const [address, prefix] = ipaddr.parseCIDR(block);
  const width = address.kind() === 'ipv4' ? 32 : 128;
  const subnetPrefix = width - hostBits;
  if (count < 1 || count > MAX_SUBNETS || hostBits < 1 || subnetPrefix < prefix || subnetPrefix > width)
    return undefined;
  if (2n ** BigInt(subnetPrefix - prefix) < BigInt(count)) return undefined;
  let first = 0n;
  for (const byte of address.toByteArray()) first = (first << 8n) | BigInt(byte);
  first = (first >> BigInt(width - prefix)) << BigInt(width - prefix);
  return Array.from({ length: count }, (_, index) => {
    const number = first + (BigInt(index) << BigInt(hostBits));
    const bytes = Array.from({ length: width / 8 }, (_, at) =>
      Number((number >> BigInt(width - 8 - at * 8)) & 255n),
    );
    return `${ipaddr.fromByteArray(bytes).toString()}/${subnetPrefix}`;
  });
}
