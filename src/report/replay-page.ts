import type { RehearsedOutcome } from '../respond/rehearsal.ts';
import { matchesByDay, share, sparkline, timeline } from './chart.ts';
import { count, counted, cut, type Html, html, moment, NOTHING, page, rate } from './html.ts';
import type { ReplayedCase, ReplayReport, RuleNoise } from './replay-report.ts';
import { responseCounts } from './responses.ts';
import { level, more } from './rows.ts';

/** Rows of a table, and cases, on a page: all are in the JSON. */
const ROWS = 50;
const CASES = 300;
const RAW = 600;

/** The report as one HTML file. */
export function replayPage(report: ReplayReport): string {
  return page(
    'Cordon replay',
    html`${head(report)}
${tiles(report)}
${report.span === undefined ? NOTHING : overTime(report)}
${responses(report)}
${rules(report)}
${subjects(report)}
${overlap(report)}
${silent(report)}
${badRecords(report)}
${cases(report)}
<footer>Written by cordon replay. Nothing was asked of an account and nothing was done to one, unless it was told to ask with --aws.</footer>`,
  );
}

function head({ span, files, byFormat, range }: ReplayReport): Html {
  const formats = Object.keys(byFormat).join(', ');
  const when =
    span === undefined ? '' : span.first === span.last ? span.first : `${span.first} to ${span.last}`;
  const { from, to } = range ?? {};
  const asked = [
    ...(from === undefined ? [] : [`events from ${moment(from)}`]),
    ...(to === undefined ? [] : [`before ${moment(to)}`]),
  ].join(' ');
  return html`<header><h1>What would have happened</h1>
<p>${[when, counted(files, 'file'), formats, asked].filter((part) => part !== '').join(' · ')}. Times are UTC.</p></header>`;
}

function tiles({ events, rules: found, silent: quiet, cases: all, subjects: loud }: ReplayReport): Html {
  const armed = all.flatMap((one) => one.armed);
  const matches = found.reduce((sum, one) => sum + one.matches, 0);
  const tile = (value: number, label: string, kind = ''): Html =>
    html`<div class="tile ${kind}"><b>${count(value)}</b><span>${label}</span></div>`;
  return html`<div class="tiles">
${tile(events, 'records read')}
${tile(matches, `matches of ${counted(found.length, 'rule')}; ${count(quiet.length)} never fired`)}
${tile(all.length, `cases on ${counted(loud.length, 'subject')}`)}
${tile(armed.filter(({ outcome }) => outcome === 'responding').length, 'responses would run, if enforced', 'run')}
${tile(armed.filter(({ outcome }) => outcome === 'awaiting-approval').length, 'stopped by a guardrail', 'stopped')}
</div>`;
}

function overTime({ rules: found, span }: ReplayReport): Html {
  if (span === undefined) return NOTHING;
  return html`<h2>Matches by day</h2><p>All rules together, by their level.</p>
<div class="card">${matchesByDay(found, span)}</div>`;
}

const MARKS: Readonly<
  Record<RehearsedOutcome, { readonly kind: 'run' | 'stopped' | 'none'; readonly text: string }>
> = {
  responding: { kind: 'run', text: 'would run' },
  'awaiting-approval': { kind: 'stopped', text: 'stopped' },
  recorded: { kind: 'none', text: 'not possible' },
  observed: { kind: 'none', text: 'observed' },
  'answered-before': { kind: 'none', text: 'answered before' },
};

function responses({ cases: all }: ReplayReport): Html {
  const decided = all.flatMap((one) => one.armed).sort((a, b) => a.at - b.at);
  const armed = decided.filter(({ outcome }) => outcome !== 'answered-before');
  const title = html`<h2>Responses, had every binding been enforced</h2>`;
  if (armed.length === 0)
    return html`${title}<p>None: no rule that found something is bound to a playbook.</p>`;
  const subjectOf = new Map(all.map(({ id, subject }) => [id, subject.id]));
  const first = all[0]?.firstSeen ?? 0;
  const last = all.reduce((latest, { lastSeen }) => Math.max(latest, lastSeen), first);
  const marks = armed.map(({ at, outcome, caseId }) => ({
    at,
    kind: MARKS[outcome].kind,
    title: `${moment(at)} ${subjectOf.get(caseId) ?? ''}`,
  }));
  const unknown = armed.some(({ answers }) => answers.some((answer) => answer.unknown));
  const rows = armed.slice(0, ROWS).map(({ at, caseId, rule, playbook, outcome, reason }) => {
    const why = outcome === 'responding' ? rule.title : reason;
    return html`<tr><td class="w">${moment(at)}</td><td><span class="mark ${MARKS[outcome].kind}">${MARKS[outcome].text}</span></td>
<td class="w">${playbook}</td><td><code>${cut(subjectOf.get(caseId) ?? '', 120)}</code></td><td>${outcome === 'responding' ? 'because of ' : ''}${why}</td></tr>`;
  });
  return html`${title}<p>As bound now: ${responseCounts(all.map(({ decisions }) => decisions))}.${decided.length > armed.length ? ` ${counted(decided.length - armed.length, 'case')} came after a response on the same subject.` : ''}${unknown ? ' Protected tags and groups of instances are not known without an account.' : ''}</p>
<div class="card">${timeline(marks, first, last)}</div>
<div class="card"><table><tr><th>when</th><th></th><th>playbook</th><th>on</th><th>why</th></tr>${rows}</table>${more(armed.length, ROWS, 'responses')}</div>`;
}

function rules({ rules: found, span }: ReplayReport): Html {
  if (found.length === 0 || span === undefined) return NOTHING;
  return html`<h2>Rules, loudest first</h2><p>What a day of each costs: matches a day, over ${counted(span.days, 'day')}.</p>
<div class="card"><table>
<tr><th></th><th>rule</th><th class="n">matches</th><th class="n">a day</th><th class="n">cases</th><th class="n">subjects</th><th>by day</th><th>bound to</th></tr>
${found.map((one) => ruleRow(one, span))}</table></div>`;
}

function ruleRow(one: RuleNoise, span: NonNullable<ReplayReport['span']>): Html {
  const { rule, matches, perDay, cases: all, subjects: loud, binding } = one;
  return html`<tr><td>${level(rule)}</td><td>${rule.title}<small><code>${rule.id}</code></small></td>
<td class="n">${count(matches)}</td><td class="n">${rate(perDay)}</td><td class="n">${count(all)}</td><td class="n">${count(loud)}</td>
<td>${sparkline(one, span)}</td><td>${binding.playbook === undefined ? html`<span class="soft">recorded</span>` : html`${binding.playbook}<small>${binding.mode}</small>`}</td></tr>`;
}

function subjects({ subjects: loud }: ReplayReport): Html {
  const [loudest] = loud;
  if (loudest === undefined) return NOTHING;
  const rows = loud.slice(0, ROWS).map(
    ({ subject, matches, cases: all, rules: ids }) => html`<tr>
<td><code>${cut(subject.id, 120)}</code><small>${subject.type} in ${subject.account} ${subject.region}</small></td>
<td class="n">${count(matches)}</td><td>${share(matches / loudest.matches)}</td><td class="n">${count(all)}</td><td>${ids.slice(0, 3).join(', ')}${ids.length > 3 ? ` and ${ids.length - 3} more` : ''}</td></tr>`,
  );
  return html`<h2>Loudest subjects</h2><p>Whom most matches are about.</p><div class="card"><table>
<tr><th>subject</th><th class="n">matches</th><th></th><th class="n">cases</th><th>rules</th></tr>${rows}</table>${more(loud.length, ROWS, 'subjects')}</div>`;
}

function overlap({ overlaps }: ReplayReport): Html {
  if (overlaps.length === 0) return NOTHING;
  const rows = overlaps
    .slice(0, ROWS)
    .map(
      ({ rules: [a, b], cases: together, share: part }) =>
        html`<tr><td><code>${a}</code></td><td><code>${b}</code></td><td class="n">${count(together)}</td><td>${share(part)}</td><td class="n">${Math.floor(part * 100)} %</td></tr>`,
    );
  return html`<h2>Found together</h2><p>Rules that found something on the same subject in the same case, and of how many cases of either that is so. At 100 % one of the two may do.</p>
<div class="card"><table><tr><th>rule</th><th>and rule</th><th class="n">cases</th><th></th><th></th></tr>${rows}</table>${more(overlaps.length, ROWS, 'pairs')}</div>`;
}

function silent({ silent: quiet }: ReplayReport): Html {
  if (quiet.length === 0) return NOTHING;
  const list = (title: string, hadRecords: boolean): Html => {
    const those = quiet.filter((one) => one.hadRecords === hadRecords);
    if (those.length === 0) return NOTHING;
    const items = those.map(({ rule }) => html`<li>${level(rule)} ${rule.id}</li>`);
    return html`<details><summary>${title}<span class="n">${count(those.length)}</span></summary><ul class="chips">${items}</ul></details>`;
  };
  return html`<h2>Rules that never fired</h2><p>A rule that had nothing to look at says nothing of itself.</p>
<div class="card">${list('Had records of their log, and found nothing', true)}${list('Had no record of their log', false)}</div>`;
}

function badRecords({ badRecords: total, badExamples, badSources }: ReplayReport): Html {
  if (total === 0) return NOTHING;
  const rows = badExamples.map(
    ({ origin, reason, raw }) =>
      html`<tr><td><code>${cut(origin.source, 160)}:${origin.line}</code></td><td>${reason}</td><td><code>${cut(raw, 120)}</code></td></tr>`,
  );
  return html`<h2>Bad records</h2><p>${counted(total, 'record')} could not be read, most of them in ${badSources[0]?.source ?? ''}.</p>
<div class="card"><table><tr><th>place</th><th>reason</th><th>record</th></tr>${rows}</table>${more(total, badExamples.length, 'bad records')}</div>`;
}

function cases({ cases: all }: ReplayReport): Html {
  if (all.length === 0) return NOTHING;
  return html`<h2>Cases</h2><p>In the order of their beginning; each opens.</p><div class="card">${all.slice(0, CASES).map(caseDetails)}${more(all.length, CASES, 'cases')}</div>`;
}

function caseDetails({ id, subject, firstSeen, lastSeen, findings, armed }: ReplayedCase): Html {
  const matches = findings.reduce((sum, one) => sum + one.count, 0);
  const outcome = armed.at(-1)?.outcome;
  return html`<details><summary><code>${cut(subject.id, 120)}</code> <span class="soft">${moment(firstSeen)}</span>
${outcome === undefined ? NOTHING : html`<span class="mark ${MARKS[outcome].kind}">${MARKS[outcome].text}</span>`}<span class="n">${counted(matches, 'match', 'matches')}</span></summary>
<div><p class="soft">${id} · until ${moment(lastSeen)} · account ${subject.account}</p>
${findings.map(
  ({
    rule,
    count: times,
    branch,
    samples: [sample],
  }) => html`<section>${level(rule)} <b>${rule.title}</b>, ${counted(times, 'time')}
<br><span class="soft">because ${cut(branch.because.map(({ field, value }) => `${field} = ${value}`).join(', '), RAW)}</span>
${sample === undefined ? NOTHING : html`<pre>${cut(sample.raw, RAW)}\n${sample.origin.source}:${sample.origin.line}</pre>`}</section>`,
)}
${armed.map(({ plan, reason, outcome: end }) => html`<p><b>${MARKS[end].text}</b>${end === 'responding' ? NOTHING : html`: ${reason}`}</p><ol>${plan.map((step) => html`<li>${step}</li>`)}</ol>`)}</div></details>`;
}
