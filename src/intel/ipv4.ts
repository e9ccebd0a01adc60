/** The first address of the IPv4 network that an address is in. */
export function networkStart(address: number, prefixLength: number): number {
  return prefixLength === 0 ? 0 : (address & (-1 << (32 - prefixLength))) >>> 0;
}

/** The last address of an IPv4 network. */
export function networkEnd(start: number, prefixLength: number): number {
  return prefixLength === 0 ? 0xffff_ffff : (start | ~(-1 << (32 - prefixLength))) >>> 0;
}

const DOT = 0x2e;
const ZERO = 0x30;

/** An IPv4 address in dotted decimal as a number of 32 bits: millions are asked a second, so no library. */
export function parseIpv4(text: string): number | undefined {
  let value = 0;
  let part = 0;
  let digits = 0;
  let dots = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === DOT) {
      if (digits === 0 || ++dots > 3) return undefined;
      value = value * 256 + part;
      part = 0;
      digits = 0;
      continue;
    }
    const digit = code - ZERO;
    // A leading zero is octal to some and decimal to others: it is no address.
    if (digit < 0 || digit > 9 || (digits > 0 && part === 0)) return undefined;
    part = part * 10 + digit;
    digits++;
    if (part > 255) return undefined;
  }
  return dots === 3 && digits > 0 ? value * 256 + part : undefined;
}

export function formatIpv4(address: number): string {
  return `${address >>> 24}.${(address >>> 16) & 255}.${(address >>> 8) & 255}.${address & 255}`;
}
