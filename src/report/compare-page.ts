import { beforeAndAfter } from './chart.ts';
import type { CompareReport, FindingEffect, ResponseEffect, RuleChange } from './compare-report.ts';
import { count, counted, cut, type Html, html, moment, NOTHING, page } from './html.ts';
import { level, more } from './rows.ts';

const ROWS = 100;

/** What a change of the rules adds and removes, as one HTML file. */
export function comparePage(report: CompareReport): string {
  const { before, after, findings, responses } = report;
  return page(
    'Cordon replay: two sets of rules',
    html`<header><h1>What the change adds and removes</h1>
<p>From <b>${before.name}</b> (${counted(before.rules, 'rule')}) to <b>${after.name}</b> (${counted(after.rules, 'rule')}), on ${counted(report.events, 'record')} in ${counted(report.files, 'file')}. Times are UTC.</p></header>
${tiles(report)}
${report.differs ? NOTHING : html`<h2>No difference</h2><p>The same is found, and the same would run.</p>`}
${changes(report.rules)}
${effects(report)}
${found('Found only now', 'Rules and subjects for which there was nothing before.', findings.added)}
${found('Found no more', 'Rules and subjects for which there is nothing any more.', findings.removed)}
${found('Found more or less often', '', findings.changed)}
${responded('Responses that would newly run', responses.added)}
${responded('Responses that would run no more', responses.removed)}
<footer>Written by cordon replay --compare. Nothing was done to any account. Responses are as if every binding were enforced.</footer>`,
  );
}

function tiles({ before, after }: CompareReport): Html {
  const tile = (old: number, young: number, label: string): Html => {
    const difference = young - old;
    const text =
      difference === 0 ? 'as before' : `${difference > 0 ? '+' : '−'}${count(Math.abs(difference))}`;
    return html`<div class="tile"><b>${count(young)}</b><span>${label}</span><br><span class="mark ${difference === 0 ? 'none' : 'changed'}">${text}</span></div>`;
  };
  return html`<div class="tiles">
${tile(before.matches, after.matches, 'matches')}
${tile(before.cases, after.cases, 'cases')}
${tile(before.subjects, after.subjects, 'subjects')}
${tile(before.responses, after.responses, 'responses would run, if enforced')}
${tile(before.stopped, after.stopped, 'stopped by a guardrail')}
</div>`;
}

function changes(rules: readonly RuleChange[]): Html {
  if (rules.length === 0) return NOTHING;
  const rows = rules.map(
    ({ rule, change, parts }) =>
      html`<tr><td><span class="mark ${change}">${change}</span></td><td>${level(rule)}</td><td>${rule.title}<small><code>${rule.id}</code></small></td><td>${parts.join(', ')}</td></tr>`,
  );
  return html`<h2>Rules that are not the same</h2><p>As they are after filters and pipelines; comments and descriptions do not count.</p>
<div class="card"><table><tr><th></th><th></th><th>rule</th><th>what changed</th></tr>${rows}</table></div>`;
}

function effects({ effects: all }: CompareReport): Html {
  if (all.length === 0) return NOTHING;
  const most = Math.max(...all.flatMap(({ before, after }) => [before.matches, after.matches]));
  const rows = all.slice(0, ROWS).map(
    ({
      rule,
      before,
      after,
    }) => html`<tr><td>${level(rule)}</td><td>${rule.title}<small><code>${rule.id}</code></small></td>
<td class="n">${count(before.matches)}</td><td class="n">${count(after.matches)}</td><td>${beforeAndAfter(before.matches, after.matches, most)}</td><td class="n">${count(before.subjects)} → ${count(after.subjects)}</td><td class="n">${count(before.cases)} → ${count(after.cases)}</td></tr>`,
  );
  return html`<h2>Matches of each rule</h2><p>Above before the change, below after it.</p><div class="card"><table>
<tr><th></th><th>rule</th><th class="n">before</th><th class="n">after</th><th></th><th class="n">subjects</th><th class="n">cases</th></tr>${rows}</table>${more(all.length, ROWS, 'rules')}</div>`;
}

function found(title: string, about: string, findings: readonly FindingEffect[]): Html {
  if (findings.length === 0) return NOTHING;
  const rows = findings.slice(0, ROWS).map(
    ({ rule, subject, before, after }) => html`<tr><td>${level(rule)}</td><td><code>${rule.id}</code></td>
<td><code>${cut(subject.id, 120)}</code><small>${subject.type} in ${subject.account} ${subject.region}</small></td><td class="n">${count(before)}</td><td class="n">${count(after)}</td></tr>`,
  );
  return html`<h2>${title}</h2><p>${about}</p><div class="card"><table>
<tr><th></th><th>rule</th><th>on</th><th class="n">before</th><th class="n">after</th></tr>${rows}</table>${more(findings.length, ROWS, 'findings')}</div>`;
}

function responded(title: string, responses: readonly ResponseEffect[]): Html {
  if (responses.length === 0) return NOTHING;
  const rows = responses.slice(0, ROWS).map(
    ({
      subject,
      at,
      rule,
      playbook,
      plan,
    }) => html`<tr><td class="w">${moment(at)}</td><td class="w">${playbook}</td>
<td><code>${cut(subject.id, 120)}</code></td><td>because of ${rule.title}<small>${plan.join('; ')}</small></td></tr>`,
  );
  return html`<h2>${title}</h2><p>Had every binding been enforced.</p><div class="card"><table>
<tr><th>when</th><th>playbook</th><th>on</th><th>why, and what</th></tr>${rows}</table>${more(responses.length, ROWS, 'responses')}</div>`;
}
