/**
 * Colours, sizes and fonts as custom properties, for light and dark. Inside the elements they are
 * called `--c-...`; a product overrides them from outside as `--candor-...`.
 *
 * Which of the two colours counts is decided by `color-scheme`, which is inherited: by default as
 * the browser prefers, or as style/theme.ts sets it on the document.
 */

import { css } from "lit";

export const tokens = css`
  :host {
    --c-bg: var(--candor-bg, light-dark(#f4f4f4, #161616));
    --c-layer: var(--candor-layer, light-dark(#ffffff, #262626));
    --c-layer-hover: var(--candor-layer-hover, light-dark(#e8e8e8, #333333));
    --c-selected: var(--candor-selected, light-dark(#d0e2ff, #2b3f66));
    --c-text: var(--candor-text, light-dark(#161616, #f4f4f4));
    --c-text-2: var(--candor-text-2, light-dark(#525252, #c6c6c6));
    --c-line: var(--candor-line, light-dark(#e0e0e0, #393939));
    --c-line-strong: var(--candor-line-strong, light-dark(#767676, #8d8d8d));
    --c-link: var(--candor-link, light-dark(#0043ce, #78a9ff));
    --c-action: var(--candor-action, light-dark(#0f62fe, #0f62fe));
    --c-action-hover: var(--candor-action-hover, light-dark(#0043ce, #0050e6));
    --c-on-action: var(--candor-on-action, #ffffff);
    --c-focus: var(--candor-focus, light-dark(#0f62fe, #ffffff));
    --c-good: var(--candor-good, light-dark(#0e6027, #6fdc8c));
    --c-good-bg: var(--candor-good-bg, light-dark(#defbe6, #04321a));
    --c-bad: var(--candor-bad, light-dark(#a2191f, #ffb3b8));
    --c-bad-bg: var(--candor-bad-bg, light-dark(#fff1f1, #4a0b10));
    --c-warn: var(--candor-warn, light-dark(#684e00, #f1c21b));
    --c-warn-bg: var(--candor-warn-bg, light-dark(#fcf4d6, #3d2e00));
    --c-info: var(--candor-info, light-dark(#0043ce, #a6c8ff));
    --c-info-bg: var(--candor-info-bg, light-dark(#edf5ff, #001d6c));
    --c-found: var(--candor-found, light-dark(#ffe69c, #6b5300));
    --c-key: var(--candor-key, light-dark(#0043ce, #78a9ff));
    --c-string: var(--candor-string, light-dark(#0e6027, #6fdc8c));
    --c-number: var(--candor-number, light-dark(#8a3800, #ffb784));
    --c-literal: var(--candor-literal, light-dark(#6929c4, #d4bbff));
    --c-font: var(--candor-font, "IBM Plex Sans", system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif);
    --c-mono: var(--candor-mono, "IBM Plex Mono", ui-monospace, "SF Mono", Menlo, Consolas, "Liberation Mono", monospace);
    --c-size: var(--candor-size, 0.875rem);
    --c-small: var(--candor-small, 0.75rem);
    --c-gap: var(--candor-gap, 0.5rem);
  }
`;
