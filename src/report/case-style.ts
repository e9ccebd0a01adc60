/** What the report of a case looks like beside what all reports have. */
export const CASE_STYLE = `
h3 { font-size: 13px; margin: 0 0 4px; color: var(--soft); font-weight: 600; }
header .kind { margin: 0 0 4px; color: var(--accent); font-weight: 600; font-size: 13px; letter-spacing: 0.04em; text-transform: uppercase; }
header h1 { overflow-wrap: anywhere; }
.verdict { border: 1px solid var(--line); border-left: 6px solid var(--medium); border-radius: 10px; background: var(--card);
  padding: 18px 22px 20px; margin-bottom: 14px; }
.verdict.good { border-left-color: var(--good); } .verdict.bad { border-left-color: var(--critical); }
.verdict .headline { font-size: 19px; font-weight: 650; margin: 0; letter-spacing: -0.01em; }
.verdict .headline + p { margin: 2px 0 0; }
.parts { display: grid; grid-template-columns: repeat(auto-fit, minmax(215px, 1fr)); gap: 18px 26px; margin-top: 18px; }
.part p { margin: 0; overflow-wrap: anywhere; }
.part.good p { color: var(--good); font-weight: 600; } .part.bad p { color: var(--critical); font-weight: 600; }
.dot { display: inline-block; width: 9px; height: 9px; border-radius: 50%; margin-right: 8px; background: var(--informational); }
.dot.alarm { background: var(--critical); } .dot.warning { background: var(--medium); }
.dot.good { background: var(--good); } .dot.plain { background: var(--low); }
td, td small { overflow-wrap: anywhere; }
td.w, th { overflow-wrap: normal; }
.rule { margin: 0; } .rule + p { margin: 2px 0 10px; }
.step > p { margin: 0 0 6px; }
table.raw, table.calls { margin-top: 12px; }
table.raw, table.values { table-layout: fixed; } table.values th:first-child { width: 22%; } table.values pre { margin: 0; }
td.bad { color: var(--critical); }
.seal { border-left: 6px solid var(--critical); } .seal.good { border-left-color: var(--good); }
.seal p { margin: 0; } .seal ul { margin: 8px 0 0; padding-left: 20px; } .seal code { overflow-wrap: anywhere; }
.hash { font-size: 11px; color: var(--soft); overflow-wrap: anywhere; }
.todo { list-style: none; margin: 0; padding: 0; }
.todo li { display: flex; gap: 11px; padding: 7px 0; border-bottom: 1px solid var(--line); }
.todo li:last-child { border-bottom: 0; padding-bottom: 0; }
.todo div { min-width: 0; }
.box { flex: none; width: 14px; height: 14px; margin-top: 4px; border: 1.5px solid var(--soft); border-radius: 3px; }
@page { size: A4; margin: 16mm 14mm 18mm; @bottom-right { content: counter(page) " / " counter(pages); font-size: 9px; color: #666; } }
@media print {
  header { padding-bottom: 10px; margin-bottom: 14px; }
  h2 { margin-top: 22px; break-after: avoid; } h2 + p { break-after: avoid; }
  thead { display: table-header-group; }
  tr, .todo li, .verdict, .seal, .rule, .tile { break-inside: avoid; }
  .rule, .rule + p, .step > p, .phase h3, thead { break-after: avoid; }
  .card { break-inside: auto; overflow: visible; padding: 10px 12px; }
  .tiles { grid-template-columns: repeat(6, 1fr); gap: 8px; } .tile { padding: 8px 10px; } .tile b { font-size: 18px; }
  .tile span { font-size: 9.5px; display: block; line-height: 1.3; }
  th, td { padding: 4px 8px 4px 0; } code, pre, td small { font-size: 9.5px; } .hash { font-size: 8.5px; }
  .parts { grid-template-columns: repeat(2, 1fr); } footer { font-size: 9.5px; margin-top: 20px; }
}
`;
