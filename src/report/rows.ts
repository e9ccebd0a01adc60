import type { RuleRef } from '../model/finding.ts';
import { count, type Html, html, NOTHING } from './html.ts';

/** The level of a rule as a coloured word. */
export function level({ level: name }: RuleRef): Html {
  return html`<span class="level ${name}">${name === 'informational' ? 'info' : name}</span>`;
}

/** What a page leaves out. */
export function more(all: number, shown: number, what: string): Html {
  return all > shown
    ? html`<p class="soft">… and ${count(all - shown)} more ${what}: --json has them all.</p>`
    : NOTHING;
}
