/** How rows look; for the element whose shadow root holds them. */

import { css } from "lit";

export const rowStyles = css`
  .scroller {
    position: relative;
    overflow: auto;
    height: 100%;
    max-height: 3800px;
    background: var(--c-layer);
    direction: ltr;
    font: 400 13px / 20px var(--c-mono);
    overscroll-behavior: contain;
    contain: strict;
  }
  .spacer { position: relative; min-width: 100%; }
  .layer { position: sticky; top: 0; height: 0; }
  .line {
    position: absolute;
    inset: 0 0 auto;
    height: 20px;
    overflow: clip;
    white-space: pre;
    contain: layout style;
    cursor: default;
  }
  .line > .number {
    display: inline-block;
    width: 8ch;
    padding-inline-end: 1ch;
    text-align: end;
    color: var(--c-text-2);
    user-select: none;
  }
  .line > .sign { display: inline-block; width: 2ch; color: var(--c-text-2); user-select: none; cursor: pointer; }
  .line[aria-selected="true"] { background: var(--c-selected); }
  .line.current { outline: 1px solid var(--c-line-strong); outline-offset: -1px; }
  .scroller:focus-visible .line.current { outline: 2px solid var(--c-focus); outline-offset: -2px; }
  .line.added { background: var(--c-good-bg); }
  .line.removed { background: var(--c-bad-bg); }
  .line.gap { background: var(--c-bg); cursor: pointer; }
  .mark { position: absolute; margin-inline-start: -2ch; user-select: none; }
  /* A text never changes the order of what stands around it. */
  .key, .string, .note, .odd { unicode-bidi: isolate; }
  .odd { font-size: 0; }
  .odd::before { content: attr(data-sign); padding-inline: 2px; border: 1px solid var(--c-warn); color: var(--c-warn); font-size: 10px; }
  .key { color: var(--c-key); }
  .string { color: var(--c-string); }
  .decimal { color: var(--c-number); }
  .literal { color: var(--c-literal); }
  .note { margin-inline-start: 1ch; color: var(--c-text-2); font-style: italic; user-select: none; }
  ::highlight(candor-found) { background: var(--c-found); color: var(--c-text); }
`;
