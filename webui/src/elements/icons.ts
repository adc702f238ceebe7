/** Small pictures that always stand beside a word. */

import { html, type TemplateResult } from "lit";

export type Mark = "good" | "warn" | "bad" | "none" | "info";

const SHAPES: Readonly<Record<Mark, TemplateResult>> = {
  good: html`<svg viewBox="0 0 16 16" aria-hidden="true" class="icon good-text"><circle cx="8" cy="8" r="7" fill="currentColor"></circle>
    <path d="M4.5 8.2 7 10.6 11.6 5.8" fill="none" class="cut" stroke-width="1.6"></path></svg>`,
  warn: html`<svg viewBox="0 0 16 16" aria-hidden="true" class="icon warn-text"><path d="M8 1 15.5 14.5H.5Z" fill="currentColor"></path>
    <path d="M8 5.5v4.4M8 11.2v1.6" fill="none" class="cut" stroke-width="1.6"></path></svg>`,
  bad: html`<svg viewBox="0 0 16 16" aria-hidden="true" class="icon bad-text"><circle cx="8" cy="8" r="7" fill="currentColor"></circle>
    <path d="m5.3 5.3 5.4 5.4m0-5.4-5.4 5.4" fill="none" class="cut" stroke-width="1.6"></path></svg>`,
  none: html`<svg viewBox="0 0 16 16" aria-hidden="true" class="icon quiet"><circle cx="8" cy="8" r="6.2" fill="none" stroke="currentColor" stroke-width="1.6"></circle>
    <path d="M5 8h6" fill="none" stroke="currentColor" stroke-width="1.6"></path></svg>`,
  info: html`<svg viewBox="0 0 16 16" aria-hidden="true" class="icon info-text"><circle cx="8" cy="8" r="7" fill="currentColor"></circle>
    <path d="M8 7v5M8 3.8v1.7" fill="none" class="cut" stroke-width="1.8"></path></svg>`,
};

export const logo = html`<svg viewBox="0 0 24 24" aria-hidden="true"><rect width="24" height="24" rx="3" fill="currentColor"></rect>
  <path d="M16.5 8.5a5.5 5.5 0 1 0 0 7" fill="none" stroke="var(--c-bg)" stroke-width="2.5"></path></svg>`;

export const icon = (mark: Mark): TemplateResult => SHAPES[mark];

export const downloadIcon = html`<svg viewBox="0 0 16 16" aria-hidden="true" class="icon">
  <path d="M8 1.5v8.5M4.3 6.8 8 10.5l3.7-3.7M1.5 11v3h13v-3" fill="none" stroke="currentColor" stroke-width="1.2"></path></svg>`;
export const closeIcon = html`<svg viewBox="0 0 16 16" aria-hidden="true" class="icon">
  <path d="m3.5 3.5 9 9m0-9-9 9" fill="none" stroke="currentColor" stroke-width="1.4"></path></svg>`;
