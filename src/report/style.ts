/** The looks of a report, on a screen, light or dark, and on paper. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --paper: light-dark(#fbfaf8, #14161a);
  --card: light-dark(#ffffff, #1c1f25);
  --line: light-dark(#e4e1dc, #2d323b);
  --ink: light-dark(#1d2025, #e9ebee);
  --soft: light-dark(#5f6670, #9aa3ae);
  --accent: light-dark(#c2410c, #fb923c);
  --informational: light-dark(#9aa1ab, #767f8b);
  --low: light-dark(#4f8edb, #5b9bea);
  --medium: light-dark(#d9a514, #e3b341);
  --high: light-dark(#e2702c, #f0883e);
  --critical: light-dark(#bb1f3a, #f85168);
  --good: light-dark(#2e8b57, #4cc38a);
}
* { box-sizing: border-box; }
body {
  margin: 0; background: var(--paper); color: var(--ink);
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
  font-variant-numeric: tabular-nums;
}
main { max-width: 1120px; margin: 0 auto; padding: 40px 28px 72px; }
header { border-bottom: 3px solid var(--accent); padding-bottom: 18px; margin-bottom: 26px; }
header p { margin: 4px 0 0; color: var(--soft); }
h1 { font-size: 30px; line-height: 1.2; margin: 0; letter-spacing: -0.02em; }
h2 { font-size: 19px; margin: 40px 0 4px; letter-spacing: -0.01em; }
h2 + p { margin: 0 0 12px; color: var(--soft); }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(150px, 1fr)); gap: 12px; }
.tile { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 14px 16px; }
.tile b { display: block; font-size: 27px; line-height: 1.15; font-weight: 650; letter-spacing: -0.02em; }
.tile span { color: var(--soft); font-size: 13px; }
.tile.run b { color: var(--critical); }
.tile.stopped b { color: var(--good); }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 16px 18px; overflow-x: auto; }
.card + .card { margin-top: 12px; }
table { border-collapse: collapse; width: 100%; }
th { text-align: left; font-weight: 550; font-size: 12.5px; color: var(--soft); border-bottom: 1px solid var(--line); }
th, td { padding: 7px 10px 7px 0; vertical-align: top; }
td { border-bottom: 1px solid var(--line); }
tr:last-child td { border-bottom: 0; }
td code { overflow-wrap: break-word; }
th.n, td.n { text-align: right; white-space: nowrap; }
td.w { white-space: nowrap; }
.soft, td small { color: var(--soft); }
td small { display: block; font-size: 12.5px; }
code, pre { font-family: ui-monospace, "SF Mono", Menlo, Consolas, monospace; font-size: 12.5px; }
pre { margin: 6px 0 0; white-space: pre-wrap; overflow-wrap: anywhere; color: var(--soft); }
.level { display: inline-block; min-width: 62px; text-align: center; font-size: 12px; font-weight: 600; line-height: 1.6;
  border-radius: 5px; color: #fff; padding: 0 7px; }
.level.informational { background: var(--informational); } .level.low { background: var(--low); }
.level.medium { background: var(--medium); color: #241a00; } .level.high { background: var(--high); }
.level.critical { background: var(--critical); }
.mark { font-weight: 600; white-space: nowrap; }
.mark.run, .mark.removed { color: var(--critical); } .mark.stopped, .mark.added { color: var(--good); }
.mark.changed { color: var(--accent); } .mark.none { color: var(--soft); }
svg { display: block; max-width: 100%; height: auto; }
svg text { fill: var(--soft); font-size: 11px; font-family: inherit; }
svg .axis { stroke: var(--line); stroke-width: 1; }
svg .informational { fill: var(--informational); } svg .low { fill: var(--low); } svg .medium { fill: var(--medium); }
svg .high { fill: var(--high); } svg .critical { fill: var(--critical); } svg .bar { fill: var(--low); }
svg .run { fill: var(--critical); } svg .stopped { fill: var(--good); } svg .none { fill: var(--informational); }
svg .base { fill: var(--line); }
.legend { display: flex; flex-wrap: wrap; gap: 6px 16px; margin-top: 8px; color: var(--soft); font-size: 13px; }
.legend svg { display: inline-block; vertical-align: -1px; margin-right: 5px; }
details { border-bottom: 1px solid var(--line); padding: 8px 0; }
details:last-child { border-bottom: 0; }
summary { cursor: pointer; }
summary .n { float: right; color: var(--soft); }
details > div { padding: 8px 0 4px 18px; }
.chips { columns: 3 240px; margin: 10px 0 0; padding: 0; list-style: none; font-size: 13px; }
.chips li { break-inside: avoid; padding: 2px 0; }
footer { margin-top: 48px; color: var(--soft); font-size: 13px; }
@media print {
  :root { color-scheme: light; }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  body { background: #fff; font-size: 11px; }
  main { max-width: none; padding: 0; }
  .card, .tile { break-inside: avoid; }
  h2 { break-after: avoid; }
  details::details-content { content-visibility: visible; block-size: auto; }
}
`;
