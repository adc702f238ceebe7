/** What the parts of the page share beyond style/shared.ts. */

import { css } from "lit";

export const pageStyles = css`
  .icon { inline-size: 1rem; block-size: 1rem; flex: none; vertical-align: -0.15em; }
  .cut { stroke: var(--c-layer); }
  .info-text { color: var(--c-info); }
  .card { padding: 1rem; background: var(--c-layer); border: 1px solid var(--c-line); }
  .actions { display: flex; flex-wrap: wrap; gap: 0.5rem; }
  .wide { overflow-x: auto; }
  .break { overflow-wrap: anywhere; }
  dl { display: grid; grid-template-columns: minmax(6rem, max-content) minmax(0, 1fr); gap: 0.25rem 1rem; margin: 0; }
  dt { color: var(--c-text-2); }
  dd { margin: 0; overflow-wrap: anywhere; grid-column: -2; }
  summary { cursor: pointer; }
  ul.bare { list-style: none; margin: 0; padding: 0; }
  @media (max-width: 30rem) {
    dl { grid-template-columns: minmax(0, 1fr); gap: 0; }
    dd { margin-block-end: 0.375rem; }
  }
`;
