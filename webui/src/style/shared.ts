/** What the elements have in common: text, buttons, fields, notices, tables, focus, stillness. */

import { css } from "lit";

import { tokens } from "./tokens.js";

const shared = css`
  :host {
    display: block;
    box-sizing: border-box;
    color: var(--c-text);
    font: 400 var(--c-size) / 1.45 var(--c-font);
  }
  :host([hidden]), [hidden] { display: none !important; }
  *, *::before, *::after { box-sizing: border-box; }
  h1, h2, h3 { margin: 0; font-weight: 600; line-height: 1.3; }
  h1 { font-size: 1.25rem; }
  h2 { font-size: 1.125rem; font-weight: 400; }
  h3 { font-size: 1rem; }
  p { margin: 0; }
  a { color: var(--c-link); }
  code, .mono { font-family: var(--c-mono); font-size: 0.8125rem; }
  .quiet { color: var(--c-text-2); }
  .small { font-size: var(--c-small); }
  .row { display: flex; flex-wrap: wrap; gap: var(--c-gap); align-items: center; }
  .grow { flex: 1 1 auto; min-width: 0; }

  :focus-visible { outline: 2px solid var(--c-focus); outline-offset: 1px; }
  :focus:not(:focus-visible) { outline: none; }

  button {
    min-height: 2rem;
    padding: 0.25rem 0.75rem;
    border: 1px solid var(--c-line-strong);
    border-radius: 0;
    background: var(--c-layer);
    color: var(--c-text);
    font: inherit;
    cursor: pointer;
  }
  button:hover:not([aria-disabled="true"], :disabled) { background: var(--c-layer-hover); }
  button:disabled, button[aria-disabled="true"] { color: var(--c-text-2); border-color: var(--c-line); cursor: not-allowed; }
  button.primary { background: var(--c-action); border-color: var(--c-action); color: var(--c-on-action); }
  button.primary:hover:not(:disabled) { background: var(--c-action-hover); }
  button.plain { border-color: transparent; background: transparent; color: var(--c-link); }
  button[aria-pressed="true"], button[aria-selected="true"] { background: var(--c-selected); border-color: var(--c-action); }

  input, select, textarea {
    min-height: 2rem;
    padding: 0.25rem 0.5rem;
    border: 1px solid var(--c-line-strong);
    border-radius: 0;
    background: var(--c-layer);
    color: var(--c-text);
    font: inherit;
  }
  ::file-selector-button { border: 1px solid var(--c-line-strong); background: var(--c-layer-hover); color: inherit; font: inherit; }
  input[type="checkbox"], input[type="radio"] { min-height: 0; accent-color: var(--c-action); }
  label { color: var(--c-text); }

  .notice { padding: 0.5rem 0.75rem; overflow-wrap: anywhere; border-inline-start: 3px solid var(--c-info); background: var(--c-info-bg); }
  .notice.good { border-color: var(--c-good); background: var(--c-good-bg); }
  .notice.bad { border-color: var(--c-bad); background: var(--c-bad-bg); }
  .notice.warn { border-color: var(--c-warn); background: var(--c-warn-bg); }
  .good-text { color: var(--c-good); }
  .bad-text { color: var(--c-bad); }
  .warn-text { color: var(--c-warn); }

  table { border-collapse: collapse; width: 100%; }
  th, td { padding: 0.375rem 0.5rem; border-bottom: 1px solid var(--c-line); text-align: start; vertical-align: baseline; }
  th { font-weight: 600; color: var(--c-text-2); }

  .unseen {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  @media (prefers-reduced-motion: reduce) {
    *, *::before, *::after { animation: none !important; transition: none !important; scroll-behavior: auto !important; }
  }
  @media (forced-colors: active) {
    button.primary { border: 2px solid ButtonText; }
  }
`;

/** The first entry of every element's `static styles`. */
export const sharedStyles = [tokens, shared];
