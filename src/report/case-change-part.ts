import type { Json } from '../model/json.ts';
import type { CaseChange } from './case-change.ts';
import type { CaseReport } from './case-report.ts';
import { counted, cut, type Html, html, moment, NOTHING } from './html.ts';

/** Characters of one value: the whole of it is in the case folder. */
const VALUE = 2_000;

const STATES: Readonly<Record<CaseChange['state'], Html>> = {
  there: html`<span class="mark removed">not taken back</span>`,
  'taken-back': html`<span class="mark added">taken back</span>`,
  'brought-back': html`<span class="mark changed">brought back</span>`,
};

/** Who changed what, how it was before, and what became of it. */
export function change({ change: found }: CaseReport): Html {
  if (found === undefined) return NOTHING;
  const { callers, properties, state, text, proof } = found;
  const who = callers.map(
    ({ at, by, call, from }) =>
      html`<tr><td class="w">${at === undefined ? '' : moment(at)}</td><td>${by}${from === undefined ? NOTHING : html`<small>from ${from}</small>`}</td><td><code>${call}</code></td></tr>`,
  );
  return html`<h2>The change</h2><p>Who changed what, how it was before, and what became of it.</p>
<div class="card"><table><thead><tr><th>time</th><th>who</th><th>call</th></tr></thead><tbody>${who}</tbody></table></div>
${properties.length === 0 ? NOTHING : values(found)}
<div class="card step"><p class="rule">${STATES[state]} ${text}</p>${proof === undefined ? NOTHING : html`<p class="soft">Verified: ${proof}.</p>`}</div>`;
}

function values({ properties, known }: CaseChange): Html {
  const rows = properties.map(
    ({ name, before, after, same }) =>
      html`<tr><td><code>${name}</code>${same === 0 ? NOTHING : html`<small>${counted(same, 'item')} as before</small>`}</td><td>${value(before, known ? 'nothing' : 'not there, or not known')}</td><td>${value(after, 'nothing')}</td></tr>`,
  );
  return html`<div class="card"><table class="values"><thead><tr><th>property</th><th>before</th><th>after the change</th></tr></thead><tbody>${rows}</tbody></table></div>`;
}

function value(shown: Json | undefined, nothing: string): Html {
  if (shown === undefined) return html`<span class="soft">${nothing}</span>`;
  const lines = cut(typeof shown === 'string' ? shown : JSON.stringify(shown, null, 2), VALUE).split('\n');
  return html`<pre>${lines.map(
    (line) => html`${line}
`,
  )}</pre>`;
}
