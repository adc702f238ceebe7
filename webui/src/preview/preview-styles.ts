/** How the preview is laid out. */

import { css } from "lit";

export const previewStyles = css`
  :host { container-type: inline-size; }
  section { display: grid; gap: 0.5rem; grid-template-columns: minmax(0, 1fr); }
  .views { justify-content: space-between; }
  .digest { display: inline-flex; flex-wrap: wrap; gap: 0.25rem; align-items: baseline; min-width: 0; }
  .end { margin-inline-start: auto; }
  .digest code { overflow-wrap: anywhere; }
  .body { display: grid; grid-template-columns: minmax(0, 1fr) minmax(14rem, 22rem); border: 1px solid var(--c-line); }
  .rows { height: var(--candor-preview-height, min(70vh, 44rem)); min-width: 0; }
  candor-field-note {
    overflow: auto;
    max-height: var(--candor-preview-height, min(70vh, 44rem));
    padding: 0.75rem;
    border-inline-start: 1px solid var(--c-line);
    background: var(--c-bg);
  }
  input[type="search"] { width: min(20rem, 100%); }
  @container (max-width: 44rem) {
    .body { grid-template-columns: minmax(0, 1fr); }
    candor-field-note { border-inline-start: 0; border-top: 1px solid var(--c-line); max-height: 14rem; }
  }
`;
