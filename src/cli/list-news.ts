import type { ListNews } from '../intel/list-slot.ts';
import { plural, safe } from './terminal.ts';

/** What a refresh did to a list, in one line. */
export function listNews({ list, outcome, entries, entriesBefore, reason = '', faults }: ListNews): string {
  const name = safe(list);
  const kept =
    entriesBefore === undefined
      ? 'there is none yet'
      : `the last good one stays (${plural(entries, 'entry', 'entries')})`;
  switch (outcome) {
    case 'failed':
      return `${name} could not be fetched: ${safe(reason)}; ${kept}`;
    case 'refused':
      return `${name} was refused: ${safe(reason)}; ${kept}`;
    case 'unchanged':
      return `${name} is as it was: ${plural(entries, 'entry', 'entries')}`;
    case 'updated': {
      const before = entriesBefore === undefined ? '' : `, before ${entriesBefore.toLocaleString('en-US')}`;
      const left = faults === 0 ? '' : `; ${faults.toLocaleString('en-US')} more not understood and left out`;
      return `${name} is new: ${plural(entries, 'entry', 'entries')}${before}${left}`;
    }
  }
}
