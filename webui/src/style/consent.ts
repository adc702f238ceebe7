/** The dialog of candor-consent: a head, what scrolls, and the buttons. */

import { css } from "lit";

export const consentStyles = css`
  :host { display: contents; }
  candor-undelivered { margin-block-start: 1rem; }
  dialog candor-undelivered { margin-block-start: 0; }
  dialog { inline-size: min(68rem, 100vw - 2rem); max-inline-size: none; block-size: min(60rem, 100dvh - 2rem); max-block-size: none; padding: 0; border: 1px solid var(--c-line-strong); background: var(--c-layer); color: var(--c-text); }
  dialog[open] { display: flex; flex-direction: column; }
  dialog.done { block-size: fit-content; inline-size: min(36rem, 100vw - 2rem); }
  dialog::backdrop { background: rgb(0 0 0 / 55%); }
  header { padding: 1rem 1.5rem 0.75rem; border-block-end: 1px solid var(--c-line); }
  header h2 { font-size: 1.25rem; font-weight: 600; }
  h2:focus { outline: none; }
  h2:focus-visible { outline: 2px solid var(--c-focus); outline-offset: 4px; }
  .body { flex: 1 1 auto; overflow-y: auto; min-block-size: 0; padding: 1rem 1.5rem; display: flex; flex-direction: column; gap: 1rem; outline-offset: -2px; }
  .body > *, .content > * { flex: none; }
  .content { display: flex; flex-direction: column; gap: 1rem; }
  .body section { display: grid; gap: 0.5rem; grid-template-columns: minmax(0, 1fr); }
  candor-report-preview { --candor-preview-height: min(22rem, 55dvh); min-inline-size: 0; }
  footer { display: grid; gap: 0.5rem; padding: 0.75rem 1.5rem; border-block-start: 1px solid var(--c-line-strong); background: var(--c-layer); }
  .looked { display: flex; flex-wrap: wrap; gap: 0.25rem 1rem; align-items: baseline; }
  .decide { display: grid; gap: 0.5rem; grid-template-columns: repeat(auto-fit, minmax(min(100%, 10rem), 1fr)); }
  .decide button { min-block-size: 2.5rem; font-weight: 600; }
  @media (max-width: 40rem), (max-height: 34rem) {
    dialog:not(.done) { inline-size: 100vw; block-size: 100dvh; border: 0; }
    dialog[open] { display: block; overflow-y: auto; }
    .body { overflow: visible; }
    header, .body, footer { padding-inline: 0.75rem; }
  }
`;
