/** `<candor-upload>`: reports that were carried here as files, and the receipts to carry back. */

import { css, html, nothing, type TemplateResult } from "lit";

import { ProblemError } from "../api/problem.js";
import { CandorElement, define } from "../elements/candor-element.js";
import { icon } from "../elements/icons.js";
import { MOST_FILE_BYTES, saveFile } from "../preview/files.js";
import { pageStyles } from "../style/page.js";
import { formatBytes } from "../text/format.js";
import { texts } from "../text/index.js";
import { type Uploaded, uploadReport } from "./collector-client.js";

interface Upload {
  readonly name: string;
  readonly size: number;
  /** Nothing: it is on its way. */
  readonly outcome?: Uploaded | ProblemError;
}

const MOST_FILES = 100;

export class CandorUpload extends CandorElement {
  static override properties = { _uploads: { state: true }, _notice: { state: true }, _busy: { state: true } };
  static override styles = [CandorElement.styles, pageStyles, css`
    :host { display: grid; gap: 1rem; grid-template-columns: minmax(0, 1fr); }
    .drop { display: grid; gap: 0.5rem; grid-template-columns: minmax(0, 1fr); border: 1px dashed var(--c-line-strong); padding: 1rem; background: var(--c-layer); }
    .drop.over { background: var(--c-selected); }
    input { max-inline-size: 100%; }
    ul { display: grid; gap: 0.5rem; grid-template-columns: minmax(0, 1fr); }
    li ul { gap: 0.125rem; padding-inline-start: 1.5rem; }
    li { display: grid; gap: 0.25rem; grid-template-columns: minmax(0, 1fr); overflow-wrap: anywhere; }
  `];

  declare private _uploads: readonly Upload[];
  declare private _notice: string;
  declare private _busy: boolean;

  constructor() {
    super();
    this._uploads = [];
    this._notice = "";
    this._busy = false;
  }

  override render(): TemplateResult {
    const { upload } = this.t.collector;
    return html`
      <p>${upload.intro}</p>
      <div class="drop" @dragover=${this.#over} @dragleave=${this.#over} @drop=${this.#dropped}>
        <label for="files">${upload.drop}</label>
        <input id="files" type="file" multiple accept=".json,application/json" ?disabled=${this._busy} @change=${this.#chosen}>
      </div>
      <div role="status">${this._notice ? html`<p class="notice">${this._notice}</p>` : nothing}</div>
      ${this._uploads.length === 0 ? nothing : html`
        <section aria-labelledby="results"><h2 id="results">${upload.results}</h2>
          <ul class="bare">${this._uploads.map((one) => html`<li class="card">${this.#result(one)}</li>`)}</ul>
        </section>`}
    `;
  }

  #result({ name, size, outcome }: Upload): TemplateResult {
    const { upload } = this.t.collector;
    const file = html`<strong><bdi>${name}</bdi></strong> <span class="quiet">${formatBytes(size)}</span>`;
    if (outcome === undefined) return html`<p>${file} ${upload.sending}</p>`;
    if (outcome instanceof ProblemError) {
      return html`<p>${icon("bad")} ${file} ${upload.refused}</p><p lang="en">${outcome.words}</p>
        ${outcome.errors.length === 0 ? nothing : html`<ul lang="en">${outcome.errors.map(({ pointer, detail }) => html`<li><span><code>${pointer}</code> ${detail}</span></li>`)}</ul>`}`;
    }
    return html`<p>${icon("good")} ${file} ${outcome.isNew ? upload.kept : upload.repeated}</p>
      <p class="quiet">${this.t.common.sha256} <code>${outcome.digest}</code></p>
      <div class="actions"><button @click=${() => saveFile(outcome.receipt, `${outcome.digest}.receipt.json`)}>${upload.receipt}</button></div>`;
  }

  async #send(files: readonly File[]): Promise<void> {
    if (this._busy || files.length === 0) return;
    const { upload } = this.t.collector;
    this._busy = true;
    const before = this._uploads;
    const made: Upload[] = [];
    for (const file of files.slice(0, MOST_FILES)) {
      made.unshift({ name: file.name, size: file.size });
      this._uploads = [...made, ...before];
      made[0] = { name: file.name, size: file.size, outcome: await outcomeOf(file) };
      this._uploads = [...made, ...before];
    }
    this._busy = false;
    const kept = made.filter(({ outcome }) => outcome !== undefined && !(outcome instanceof ProblemError)).length;
    this._notice = upload.done(kept, made.length - kept) + (files.length > MOST_FILES ? ` ${upload.most(MOST_FILES)}` : "");
  }

  #over(event: DragEvent): void {
    event.preventDefault();
    (event.currentTarget as HTMLElement).classList.toggle("over", event.type === "dragover");
  }

  #dropped(event: DragEvent): void {
    this.#over(event);
    void this.#send([...(event.dataTransfer?.files ?? [])]);
  }

  #chosen(event: Event): void {
    const input = event.target as HTMLInputElement;
    void this.#send([...(input.files ?? [])]);
    input.value = ""; // The same file may be chosen again.
  }
}

async function outcomeOf(file: File): Promise<Uploaded | ProblemError> {
  if (file.size > MOST_FILE_BYTES) return new ProblemError(413, { detail: texts().collector.upload.tooLong(formatBytes(MOST_FILE_BYTES)) });
  try {
    return await uploadReport(file);
  } catch (error) {
    // A file that was moved away meanwhile cannot be read.
    return error instanceof ProblemError ? error : new ProblemError(400, { detail: String(error) });
  }
}

define("candor-upload", CandorUpload);

declare global {
  interface HTMLElementTagNameMap {
    "candor-upload": CandorUpload;
  }
}
