import { languages } from "../core/text.ts";
import { fontFamily } from "./style.ts";

/** Shows one language: the one whose radio button is on. */
const languageRules = languages
  .map((shown) =>
    languages
      .filter((hidden) => hidden !== shown)
      .map((hidden) => `body:has(#show-${shown}:checked) :is(header,main,legend) [lang="${hidden}"]{display:none}`)
      .join("\n"),
  )
  .join("\n");

/** The report's style sheet: light and dark, narrow and wide, screen and paper. */
export const reportStyle = `
:root{--background:#fff;--ink:#1c1e21;--soft:#565c64;--faint:#d9dce1;--panel:#f5f6f8;--accent:#0072b2;--changed:#fff4d6}
@media (prefers-color-scheme:dark){:root{--background:#15181c;--ink:#e6e8eb;--soft:#a9b0b8;--faint:#3a4048;--panel:#1d2126;--accent:#7cc4f0;--changed:#3a3115}}
*{box-sizing:border-box}
html{color-scheme:light dark}
body{margin:0 auto;max-width:920px;padding:16px 24px 64px;background:var(--background);color:var(--ink);font:16px/1.75 ${fontFamily}}
h1{font-size:1.7rem;line-height:1.35;margin:.6em 0 .2em}
h2{font-size:1.35rem;line-height:1.4;margin:2.4em 0 .4em;border-top:1px solid var(--faint);padding-top:1em}
h3{font-size:1.05rem;margin:1.8em 0 .4em}
h4{font-size:.95rem;margin:0}
header p,.summary,.formula p{color:var(--soft);margin-top:0}
.formula p{font-size:.8rem;margin:.2em 0 0}
.number{color:var(--soft);font-weight:400}
a{color:var(--accent)}
code{overflow-wrap:anywhere;font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;font-size:.9em}
nav ol{list-style:none;padding:0}
.languages{border:0;margin:0;padding:0;display:flex;gap:12px;justify-content:flex-end;font-size:.9rem}
.languages legend{float:left;padding:0;color:var(--soft)}
.languages label{padding:2px 4px;cursor:pointer}
.languages input:focus-visible+label{outline:2px solid var(--accent)}
li{overflow-wrap:anywhere}
figure{margin:1.2em 0;break-inside:avoid}
figure svg{display:block;max-width:100%;height:auto}
.narrow{display:none}
.wide{overflow-x:auto}
table{border-collapse:collapse;font-size:.92rem}
th,td{padding:4px 14px 4px 0;text-align:left;border-bottom:1px solid var(--faint);font-weight:400;vertical-align:top}
thead th{color:var(--soft);white-space:nowrap}
td.number{text-align:right;color:inherit;font-variant-numeric:tabular-nums}th.number{text-align:right}
tr.changed td:nth-child(2){background:var(--changed)}
dl{display:grid;grid-template-columns:max-content 1fr;gap:2px 16px;font-size:.92rem}
dt{color:var(--soft)}
dd{margin:0;overflow-wrap:anywhere;min-width:0}
details{margin:1.6em 0;background:var(--panel);border-radius:6px;padding:8px 14px}
summary{cursor:pointer}
.findings{background:var(--panel);border-left:3px solid var(--accent);padding:8px 14px 8px 32px}
.notes{background:var(--panel);border-left:3px solid #d55e00;padding:8px 14px 8px 32px}
.formulas{display:grid;grid-template-columns:repeat(auto-fill,minmax(300px,1fr));gap:14px}
.formula{background:var(--panel);border-radius:6px;padding:10px 14px;overflow-x:auto}
${languageRules}
@media (max-width:640px){body{padding:8px 10px 48px}.broad{display:none}.narrow{display:block}.formulas{grid-template-columns:1fr}}
@media print{:root{--background:#fff;--ink:#000;--soft:#444;--faint:#ccc;--panel:#fff}.languages{display:none}section+section h2{break-before:page}details{break-inside:avoid}.broad{display:block}.narrow{display:none}}
`;
