import { change } from './case-change-part.ts';
import { actions, evidence, findings } from './case-page-parts.ts';
import type { CaseReport, Decision, Limit } from './case-report.ts';
import { CASE_STYLE } from './case-style.ts';
import { count, counted, type Html, html, moment, NOTHING, page } from './html.ts';
import { PHASES } from './next-steps.ts';

/** The report of a case as one HTML file. */
export function casePage(report: CaseReport): string {
  return page(
    `Cordon case ${report.incident.id}`,
    html`${head(report)}
${summary(report)}
${tiles(report)}
${change(report)}
${timeline(report)}
${findings(report)}
${decisions(report)}
${actions(report)}
${evidence(report)}
${limits(report)}
${next(report)}
${foot(report)}`,
    CASE_STYLE,
  );
}

function head({ incident }: CaseReport): Html {
  const { id, subject, playbook, mode } = incident;
  const facts = [
    `account ${subject.account}`,
    subject.region,
    ...(playbook === undefined ? [] : [`playbook ${playbook}`]),
    `mode ${mode}`,
    'times are UTC',
  ];
  return html`<header><p class="kind">Incident report</p><h1>${subject.id}</h1>
<p>${subject.type} · <code>${id}</code></p>
<p>${facts.join(' · ')}</p></header>`;
}

function summary({ incident, summary: told, evidence: verdict }: CaseReport): Html {
  const state = STATES[incident.state] ?? 'open';
  const whole = verdict === undefined ? 'none' : verdict.whole ? 'good' : 'bad';
  const part = (title: string, text: string, kind = ''): Html =>
    html`<div class="part ${kind}"><h3>${title}</h3><p>${text}</p></div>`;
  return html`<section class="verdict ${state}"><p class="headline">The case ${told.headline}.</p>
${incident.reason === undefined ? NOTHING : html`<p class="soft">${incident.reason}</p>`}
<div class="parts">
${part('What happened', told.happened)}
${part('What was done', told.done)}
${part('What was not', told.notDone)}
${part('Is the evidence intact?', told.evidence, whole)}
</div></section>`;
}

const STATES: Readonly<Record<string, string>> = {
  closed: 'good',
  'needs-decision': 'bad',
  'awaiting-approval': 'open',
};

function tiles(report: CaseReport): Html {
  const {
    timeToDecide,
    timeToContain,
    timeToEnd,
    calls,
    matched,
    change: changed,
    evidence: verdict,
  } = report;
  const tile = (value: string, label: string): Html =>
    html`<div class="tile"><b>${value}</b><span>${label}</span></div>`;
  const time = (milliseconds: number | undefined, label: string): Html =>
    milliseconds === undefined ? NOTHING : tile(lasted(milliseconds), label);
  return html`<div class="tiles">
${time(timeToDecide, 'from the case to the decision')}
${time(timeToContain, changed === undefined ? 'until it was contained' : 'until it was taken back')}
${time(timeToEnd, 'until it was ended')}
${tile(count(matched), matched === 1 ? 'record matched' : 'records matched')}
${tile(count(calls), 'calls to AWS, each with its request id')}
${verdict === undefined ? NOTHING : tile(count(verdict.files.length), 'files of evidence')}
</div>`;
}

function lasted(milliseconds: number): string {
  if (milliseconds < 1_000) return `${Math.round(milliseconds)} ms`;
  const seconds = milliseconds / 1_000;
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 120 ? `${minutes} min` : `${Math.round(minutes / 60)} h`;
}

function timeline({ timeline: entries, incident }: CaseReport): Html {
  const rows = entries.map(
    ({ at, seq, label, tone, text, details }) => html`<tr><td class="w">${precise(at)}</td>
<td class="w"><span class="dot ${tone}"></span>${label}</td><td>${text}${details.map((line) => html`<small>${line}</small>`)}</td><td class="n soft">${seq}</td></tr>`,
  );
  return html`<h2>Timeline</h2><p>As the ledger tells it. The events are from ${moment(incident.firstSeen)} to ${moment(incident.lastSeen)}; the number is that of the ledger entry.</p>
<div class="card"><table><thead><tr><th>time</th><th></th><th>what</th><th class="n">entry</th></tr></thead><tbody>${rows}</tbody></table></div>`;
}

/** `2026-11-24 16:03:37.482`. */
function precise(time: number): string {
  return `${moment(time)}.${String(Math.abs(time % 1_000)).padStart(3, '0')}`;
}

const ANSWERS: Readonly<Record<Decision['answer'], Html>> = {
  yes: html`<span class="mark added">yes</span>`,
  no: html`<span class="mark removed">no</span>`,
  noted: html`<span class="mark changed">waits</span>`,
};

function decisions({ decisions: all }: CaseReport): Html {
  if (all.length === 0) return NOTHING;
  const rows = all.map(
    ({ at, by, answer, reason }) =>
      html`<tr><td class="w">${moment(at)}</td><td>${by}</td><td>${ANSWERS[answer]}</td><td>${reason}</td></tr>`,
  );
  return html`<h2>Decisions</h2><p>Who allowed it: the binding, the guardrails, each time they were asked, and people.</p>
<div class="card"><table><thead><tr><th>time</th><th>who</th><th>answer</th><th>why</th></tr></thead><tbody>${rows}</tbody></table></div>`;
}

const KINDS: Readonly<Record<Limit['kind'], Html>> = {
  'not-done': html`<span class="mark removed">not done</span>`,
  'not-undoable': html`<span class="mark changed">stays</span>`,
  undoable: html`<span class="mark added">can be undone</span>`,
};

function limits({ limits: all }: CaseReport): Html {
  if (all.length === 0) return NOTHING;
  const rows = all.map(
    ({ kind, what, why, commands }) =>
      html`<tr><td class="w">${KINDS[kind]}</td><td>${what}</td><td>${why}${commandsOf(commands)}</td></tr>`,
  );
  return html`<h2>What could not be done, and what can be undone</h2>
<div class="card"><table><thead><tr><th></th><th>step</th><th>why, or how</th></tr></thead><tbody>${rows}</tbody></table></div>`;
}

function next({ next: steps }: CaseReport): Html {
  const phases = Object.entries(PHASES).map(([phase, title]) => {
    const ofPhase = steps.filter((step) => step.phase === phase);
    if (ofPhase.length === 0) return NOTHING;
    const items = ofPhase.map(
      ({ what, commands }) =>
        html`<li><span class="box"></span><div>${what}${commandsOf(commands)}</div></li>`,
    );
    return html`<div class="card phase"><h3>${title}</h3><ul class="todo">${items}</ul></div>`;
  });
  return html`<h2>Next steps</h2><p>By the phases of NIST SP 800-61, from what was found and done here.</p>${phases}`;
}

function commandsOf(commands: readonly string[]): Html {
  return html`${commands.map((command) => html`<pre>${command}</pre>`)}`;
}

function foot({ writtenAt, evidence: verdict, incident }: CaseReport): Html {
  const [signature] = verdict?.signatures ?? [];
  const key = signature === undefined ? '' : ` Signed by key ${signature.key}.`;
  const files = verdict === undefined ? '' : ` ${counted(verdict.files.length, 'file')} of evidence.`;
  return html`<footer>Written by cordon report at ${moment(writtenAt)}.${files}${key} Verify with: <code>cordon evidence verify ${incident.id}</code>. This page loads nothing and sends nothing.</footer>`;
}
