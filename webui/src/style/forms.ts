/** Forms of one column, and cards. */

import { css } from "lit";

export const formStyles = css`
  form { display: grid; gap: 0.75rem; max-inline-size: 26rem; }
  .field { display: grid; gap: 0.25rem; }
  .field input, .field select { inline-size: 100%; }
  .card { padding: 1rem; background: var(--c-layer); border: 1px solid var(--c-line); display: grid; gap: 0.75rem; }
  .card input, .card select { background: var(--c-bg); }
  .actions { display: flex; flex-wrap: wrap; gap: 0.5rem; }
`;
