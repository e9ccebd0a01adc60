import { type Problem, problemAt, type SourceText } from '../model/problem.ts';
import { parseRange } from './address.ts';

/** A threat list as a plain file: an address or network a line, comments after `#` or `;`. */
export interface AddressList {
  readonly entries: readonly string[];
  /** Lines that are no address: reported, and left out. */
  readonly problems: readonly Problem[];
}

export function parseAddressList(source: SourceText): AddressList {
  const entries: string[] = [];
  const problems: Problem[] = [];
  let offset = 0;
  for (const line of source.text.split('\n')) {
    const entry = (line.split(/[#;]/, 1)[0] ?? '').trim();
    if (entry !== '') {
      if (parseRange(entry) !== undefined) entries.push(entry);
      else {
        const start = offset + line.indexOf(entry);
        problems.push(
          problemAt(source, start, start + entry.length, 'no IP address and no network', {
            expected: 'an address such as 192.0.2.7, or a network such as 198.51.100.0/24 or 2001:db8::/32',
          }),
        );
      }
    }
    offset += line.length + 1;
  }
  return { entries, problems };
}
