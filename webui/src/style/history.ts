/** The history's lists. */

import { css } from "lit";

export const historyStyles = css`
  :host { display: grid; gap: 1rem; grid-template-columns: minmax(0, 1fr); }
  section { display: grid; gap: 0.5rem; grid-template-columns: minmax(0, 1fr); }
  ul.reports { display: grid; gap: 0.5rem; grid-template-columns: minmax(0, 1fr); }
`;
