import { formatIpv4, networkEnd, parseIpv4 } from './ipv4.ts';

/** The networks that make up a range of IPv4 addresses such as `192.0.2.0-192.0.2.9`; nothing when the text is no range. */
export function rangeNetworks(text: string): string[] | undefined {
  const dash = text.indexOf('-');
  if (dash === -1) return undefined;
  const first = parseIpv4(text.slice(0, dash).trim());
  const last = parseIpv4(text.slice(dash + 1).trim());
  if (first === undefined || last === undefined || first > last) return undefined;
  const networks: string[] = [];
  for (let start = first; start <= last; ) {
    let prefixLength = 32;
    while (prefixLength > 0 && grows(start, prefixLength - 1, last)) prefixLength--;
    networks.push(prefixLength === 32 ? formatIpv4(start) : `${formatIpv4(start)}/${prefixLength}`);
    start = networkEnd(start, prefixLength) + 1;
  }
  return networks;
}

/** Whether the network of a shorter prefix still starts at the address and ends within the range. */
function grows(start: number, prefixLength: number, last: number): boolean {
  return start % 2 ** (32 - prefixLength) === 0 && networkEnd(start, prefixLength) <= last;
}
