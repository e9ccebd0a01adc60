import type { CaseReport } from './case-report.ts';
import type { CaseStep } from './case-steps.ts';
import { count, counted, cut, type Html, html, moment, NOTHING } from './html.ts';
import { level } from './rows.ts';

/** Records of a finding, and characters of one, on a page: all are in the JSON and in the case folder. */
const RECORDS = 10;
const RAW = 1_200;

export function findings({ findings: found }: CaseReport): Html {
  if (found.length === 0) return NOTHING;
  const cards = found.map(({ rule, count: matches, firstSeen, lastSeen, branch, records }) => {
    const because = branch.because.map(
      ({ field, value, pattern, entry }) =>
        html`<tr><td><code>${cut(field, 80)}</code></td><td><code>${cut(value, 200)}</code></td><td class="soft">${entry === undefined ? cut(pattern, 200) : `on ${cut(pattern, 100)} as ${cut(entry, 100)}`}</td></tr>`,
    );
    const shown = records.slice(0, RECORDS).map(({ origin, raw }, at) => {
      const place = `line ${origin.line}, byte ${origin.offset}`;
      const same = records[at - 1]?.origin.source === origin.source;
      return html`<tr><td><code>${cut(raw, RAW)}</code><small>${same ? place : `${origin.source}, ${place}`}</small></td></tr>`;
    });
    return html`<div class="card"><p class="rule">${level(rule)} <b>${rule.title}</b> <code class="soft">${rule.id}</code></p>
${(branch.advice ?? []).map((sentence) => html`<p>${sentence}</p>`)}
<p class="soft">${counted(matches, 'record')}, from ${moment(firstSeen)} to ${moment(lastSeen)}</p>
${because.length === 0 ? NOTHING : html`<table><thead><tr><th>field</th><th>value</th><th>the rule wants</th></tr></thead><tbody>${because}</tbody></table>`}
<table class="raw"><thead><tr><th>${records.length > RECORDS ? `the first ${RECORDS} of ${count(records.length)} records that are kept` : 'the records'}</th></tr></thead><tbody>${shown}</tbody></table></div>`;
  });
  return html`<h2>What was seen</h2><p>The rules that matched, why, and the raw records.</p>${cards}`;
}

const STEP_STATES: Readonly<Record<CaseStep['state'], Html>> = {
  done: html`<span class="mark added">done</span>`,
  failed: html`<span class="mark removed">not done</span>`,
  running: html`<span class="mark changed">running</span>`,
  skipped: html`<span class="mark none">left out</span>`,
  undone: html`<span class="mark changed">taken back</span>`,
};
const EFFECTS: Readonly<Record<CaseStep['effect'], string>> = {
  read: 'reads only',
  reversible: 'can be undone',
  irreversible: 'cannot be undone',
};

export function actions({ steps }: CaseReport): Html {
  if (steps.length === 0) return NOTHING;
  const cards = steps.map((step) => {
    const {
      title,
      step: name,
      state,
      effect,
      attempts,
      proof,
      reason,
      startedAt,
      endedAt,
      calls,
      undo,
    } = step;
    const took = endedAt === undefined ? '' : `, ${count(endedAt - startedAt)} ms`;
    const rows = calls.map(
      (call) =>
        html`<tr><td class="w">${moment(call.at).slice(11)}</td><td><code>${call.service}:${call.operation}</code></td><td class="${call.error === undefined ? 'w' : 'w bad'}">${[call.status ?? '', call.error ?? ''].join(' ').trim()}</td><td><code>${call.requestId ?? ''}</code></td></tr>`,
    );
    const table =
      calls.length === 0
        ? NOTHING
        : html`<table class="calls"><thead><tr><th>time</th><th>call</th><th>answer</th><th>request id</th></tr></thead><tbody>${rows}</tbody></table>`;
    return html`<div class="card step"><p class="rule">${STEP_STATES[state]} <b>${title}</b> <code class="soft">${name}</code></p>
<p class="soft">${undo?.kind === 'nothing' && effect !== 'read' ? 'needs no undo' : EFFECTS[effect]}; ${counted(attempts, 'attempt')}${took}</p>
<p>${state === 'done' || state === 'undone' ? (proof ?? '') : (reason ?? '')}</p>${table}</div>`;
  });
  return html`<h2>What was done</h2><p>Each step, what was verified, and every call to AWS as it was made.</p>${cards}`;
}

export function evidence({ evidence: verdict }: CaseReport): Html {
  if (verdict === undefined) return html`<h2>Evidence</h2><p>Nothing was sealed: the case has no folder.</p>`;
  const { whole, faults, files, signatures, ledger, timestamps } = verdict;
  const facts: Html[] = [
    ...signatures.map(
      ({ part, at, key }) =>
        html`<li>Part ${part} was signed at ${moment(at)} by key <code>${key}</code></li>`,
    ),
    ...(ledger === undefined
      ? []
      : [
          html`<li>${counted(ledger.entries, 'entry', 'entries')} of the ledger are proven to be in the ledger that was signed up to entry ${ledger.checkpoint}: <code>${ledger.hash}</code></li>`,
        ]),
    ...timestamps.map(
      ({ at, by, trusted }) =>
        html`<li>Time stamp of ${moment(at)} by ${by}${trusted ? '' : ' (not checked against an authority)'}</li>`,
    ),
  ];
  const wrong = faults.map(({ file, fault }) => html`<li><code>${file}</code> ${fault}</li>`);
  const rows = files.map(
    ({ name, bytes, part, sha256 }) =>
      html`<tr><td><code>${name}</code></td><td class="n">${count(bytes)}</td><td class="n">${part}</td><td><code class="hash">${sha256}</code></td></tr>`,
  );
  return html`<h2>Evidence</h2><p>Every file with its SHA-256, verified when this was written.</p>
<div class="card seal ${whole ? 'good' : 'bad'}"><p><b>${whole ? 'Whole: nothing was changed, removed or added' : 'Not as it was sealed'}</b></p>
${wrong.length === 0 ? NOTHING : html`<ul>${wrong}</ul>`}${facts.length === 0 ? NOTHING : html`<ul>${facts}</ul>`}</div>
<div class="card"><table><thead><tr><th>file</th><th class="n">bytes</th><th class="n">part</th><th>SHA-256</th></tr></thead><tbody>${rows}</tbody></table></div>`;
}
