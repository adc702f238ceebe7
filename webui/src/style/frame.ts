/** The frame of a whole page: its head with the pages, what is shown, its foot. */

import { css } from "lit";

export const frameStyles = css`
  :host { display: grid; grid-template: auto 1fr auto / minmax(0, 1fr); min-block-size: 100vh; background: var(--c-bg); }
  .skip { position: absolute; inset-block-start: -10rem; inset-inline-start: 0.5rem; z-index: 2; padding: 0.5rem 1rem; background: var(--c-layer); }
  .skip:focus { inset-block-start: 0.5rem; }
  header { display: flex; flex-wrap: wrap; align-items: center; gap: 0.25rem 1rem; padding: 0 1.5rem; border-block-end: 1px solid var(--c-line-strong); }
  .brand { display: flex; align-items: center; gap: 0.5rem; font-weight: 600; padding-block: 0.5rem; }
  .brand svg { inline-size: 1.5rem; block-size: 1.5rem; }
  nav { flex: 1 1 0; min-inline-size: min(100%, 26rem); }
  nav ul { display: flex; flex-wrap: wrap; list-style: none; margin: 0; padding: 0; }
  nav a { display: block; padding: 0.75rem 1rem 0.625rem; border-block-end: 3px solid transparent; color: var(--c-text-2); text-decoration: none; }
  nav a:hover { color: var(--c-text); background: var(--c-layer-hover); }
  nav a[aria-current] { color: var(--c-text); border-color: var(--c-action); }
  .tools { display: flex; flex-wrap: wrap; gap: 0.5rem; align-items: center; padding-block: 0.375rem; }
  main { display: block; inline-size: 100%; max-inline-size: 75rem; margin-inline: auto; padding: 1.5rem; }
  main > * + * { margin-block-start: 1rem; }
  h1:focus { outline: none; }
  h1:focus-visible { outline: 2px solid var(--c-focus); outline-offset: 4px; }
  footer { padding: 1rem 1.5rem; color: var(--c-text-2); font-size: var(--c-small); }
  @media (max-width: 40rem) {
    header, footer { padding-inline: 0.75rem; }
    main { padding: 0.75rem; }
    nav a { padding-inline: 0.625rem; }
  }
`;
