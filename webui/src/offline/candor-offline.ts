/** `<candor-offline>`: a report from files, in a page that connects to nothing. */

import type { Input } from "@candor/core";
import { css, html, nothing, type PropertyValues, type TemplateResult } from "lit";

import { readCatalogue } from "../core/bundle.js";
import type { Catalogue } from "../core/catalogue.js";
import { sharedCore } from "../core/client.js";
import { CandorElement, define } from "../elements/candor-element.js";
import { logo } from "../elements/icons.js";
import "../elements/candor-preferences.js";
import "../elements/candor-problems.js";
import "../elements/candor-report-preview.js";
import type { CandorVerify, ShownReport } from "../elements/candor-verify.js";
import "../elements/candor-verify.js";
import { MOST_FILE_BYTES } from "../preview/files.js";
import type { PreviewEvents, PreviewSource } from "../preview/source.js";
import { formatBytes } from "../text/format.js";
import { type GivenFile, type Made, makeInputs, MOST_FILES, recognise, type Role, ROLES } from "./given-files.js";

const DIGEST = /^[0-9a-f]{64}$/;

export class CandorOffline extends CandorElement {
  static override properties = {
    _files: { state: true },
    _profile: { state: true },
    _expected: { state: true },
    _complaints: { state: true },
    _shown: { state: true },
    _builtIn: { state: true },
  };
  static override styles = [CandorElement.styles, css`
    header { display: flex; flex-wrap: wrap; gap: 0.5rem 1rem; align-items: center; padding: 0.375rem 1.5rem; border-bottom: 1px solid var(--c-line-strong); }
    header svg { width: 1.5rem; height: 1.5rem; }
    h1 { font-size: 1rem; }
    main { display: grid; gap: 1rem; grid-template-columns: minmax(0, 1fr); max-width: 90rem; margin: 0 auto; padding: 1.5rem; }
    section { display: grid; gap: 0.5rem; grid-template-columns: minmax(0, 1fr); }
    section + section { margin-top: 1rem; }
    .drop { border: 1px dashed var(--c-line-strong); padding: 0.5rem 0.75rem; }
    .drop.over { background: var(--c-selected); }
    .drop .grow { flex-basis: 20rem; }
    .drop input { max-width: 100%; }
    td { overflow-wrap: anywhere; }
    .options { gap: 1.5rem; align-items: end; }
    .options label { display: grid; gap: 0.25rem; }
    .options input { width: min(42rem, 80vw); }
    .options .short { width: min(12rem, 80vw); }
    select, td input { max-width: 100%; }
    @media (max-width: 40rem) {
      header, main { padding-inline: 0.75rem; }
      table, tbody, tr, td { display: block; }
      thead { display: none; }
      tr { border-bottom: 1px solid var(--c-line); padding-block: 0.375rem; }
      td { border: 0; padding: 0.125rem 0; }
      .options, .options label, .options input, .options .short { width: 100%; }
    }
  `];

  declare private _files: readonly GivenFile[];
  declare private _profile: string;
  declare private _expected: string;
  declare private _complaints: readonly string[];
  declare private _shown: readonly ShownReport[];
  declare private _builtIn: Catalogue | undefined;
  #made: Made = { is: "nothing" };
  #sources: readonly PreviewSource[] = [];

  constructor() {
    super();
    this._files = [];
    this._profile = "";
    this._expected = "";
    this._complaints = [];
    this._shown = [];
  }

  /** Takes these files in addition to those that are there; one of the same name is replaced. */
  async take(files: readonly File[]): Promise<void> {
    const { offline, core } = this.t;
    this._complaints = [];
    let given = this._files;
    for (const file of files) {
      if (file.size > MOST_FILE_BYTES) this.#complain(core.tooLarge(file.name, formatBytes(MOST_FILE_BYTES)));
      else if (given.length >= MOST_FILES) this.#complain(offline.tooMany(MOST_FILES));
      else {
        const read = await file.arrayBuffer().catch(() => undefined);
        if (read === undefined) {
          this.#complain(this.t.verify.unreadable(file.name));
          continue;
        }
        const known = recognise(file.name, new Uint8Array(read));
        if (known.role === "check") void this.#check(file);
        else given = [...given.filter(({ name }) => name !== file.name), known];
      }
    }
    this._files = given;
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has("_files") || changed.has("_profile")) {
      this.#made = makeInputs(this._files, this._profile.trim());
      this._shown = [];
      void this.#lookUp(this.#made);
    }
    // Nothing changed but the language, where it says nothing of what changed.
    if (changed.size > 0 && !["_files", "_profile", "_expected", "_builtIn"].some((name) => changed.has(name))) return;
    const { identical, differs } = this.t.offline;
    const digest = DIGEST.test(this._expected) ? { digest: this._expected } : {};
    const made = this.#made;
    const catalogue = this.#catalogue();
    const source = made.is === "bundle" ? { bundle: made.bundle } : made.is === "inputs" ? { inputs: made.inputs } : undefined;
    this.#sources = source === undefined ? [] : [{ id: "now", words: { identical, differs }, ...source, ...digest, ...(catalogue && { catalogue }) }];
  }

  override render(): TemplateResult {
    const { offline, verify } = this.t;
    return html`
      <header>${logo}<h1 class="grow">${offline.title}</h1><candor-preferences></candor-preferences></header>
      <main @candor-compared=${this.#compared}>
        <p>${offline.alone}</p>
        <section aria-labelledby="make">
          <h2 id="make">${offline.make}</h2>
          <div class="drop" @dragover=${this.#over} @dragleave=${this.#over} @drop=${this.#dropped}>
            <label class="row"><span class="grow">${offline.intro}</span>
              <input id="files" type="file" multiple aria-label=${offline.choose} @change=${this.#chosen}></label>
          </div>
          ${this._complaints.map((words) => html`<p class="notice bad" role="alert">${words}</p>`)}
          ${this._files.length > 0 ? this.#renderFiles() : nothing}
          ${this.#renderMade()}
          ${this.#sources.length > 0
            ? html`<candor-report-preview no-verify .sources=${this.#sources}></candor-report-preview>`
            : nothing}
        </section>
        <section aria-labelledby="check">
          <h2 id="check">${verify.label}</h2>
          <candor-verify .shown=${this._shown}></candor-verify>
        </section>
      </main>`;
  }

  #renderFiles(): TemplateResult {
    const { offline } = this.t;
    const row = (file: GivenFile): TemplateResult => html`
      <tr>
        <td><code>${file.name}</code></td>
        <td>${formatBytes(file.bytes.length)}</td>
        <td><div class="row">
          <select aria-label="${offline.role}: ${file.name}"
            @change=${(event: Event) => this.#change(file, { role: (event.target as HTMLSelectElement).value as Role })}>
            ${ROLES.map((role) => html`<option value=${role} ?selected=${role === file.role}>${offline.roles[role]}</option>`)}
          </select>
          ${file.role === "scrape"
            ? html`<input aria-label=${offline.component} title=${offline.component} .value=${file.component}
                @change=${(event: Event) => this.#change(file, { component: (event.target as HTMLInputElement).value })}>`
            : nothing}
        </div></td>
        <td><button class="plain" aria-label=${offline.removeNamed(file.name)}
          @click=${() => (this._files = this._files.filter((other) => other !== file))}>${offline.remove}</button></td>
      </tr>`;
    const bad = this._expected !== "" && !DIGEST.test(this._expected);
    return html`
      <table>
        <thead><tr><th scope="col">${offline.name}</th><th scope="col">${offline.size}</th><th scope="col">${offline.role}</th><td></td></tr></thead>
        <tbody>${this._files.map(row)}</tbody>
      </table>
      <div class="row options">
        <label>${offline.profile}
          <input id="profile" class="short" maxlength="100" title=${offline.profileHint} .value=${this._profile}
            @change=${(event: Event) => (this._profile = (event.target as HTMLInputElement).value)}></label>
        <label>${offline.expected}
          <input id="expected" class="mono" maxlength="64" title=${offline.expectedHint} aria-invalid=${bad ? "true" : "false"}
            .value=${this._expected}
            @change=${(event: Event) => (this._expected = (event.target as HTMLInputElement).value.trim().toLowerCase())}></label>
        <button @click=${this.#clear}>${offline.clear}</button>
      </div>
      ${bad ? html`<p class="bad-text" role="alert">${offline.expectedBad}</p>` : nothing}`;
  }

  #renderMade(): TemplateResult | typeof nothing {
    const { offline } = this.t;
    const made = this.#made;
    switch (made.is) {
      case "incomplete":
        return html`<p class="notice" role="status">${offline.missing}</p>`;
      case "twice":
        return html`<p class="notice bad" role="alert">${offline.twice(offline.roles[made.role])}</p>`;
      case "xml":
        return html`<p class="notice bad" role="alert">${offline.xml(made.name)}</p>`;
      case "problems":
        return html`<candor-problems .problems=${made.problems}></candor-problems>`;
      case "bundle":
        return made.mixed ? html`<p class="notice warn" role="status">${offline.mixed}</p>` : nothing;
      default:
        return nothing;
    }
  }

  /** To explain the fields: the one among the files, else the one that the configuration means. */
  #catalogue(): Catalogue | undefined {
    const file = this._files.find(({ role }) => role === "catalogue");
    return file === undefined ? this._builtIn : parseCatalogue(file.bytes);
  }

  async #lookUp(made: Made): Promise<void> {
    this._builtIn = undefined;
    if (made.is !== "inputs") return;
    const core = sharedCore();
    const ask = async (operation: string, inputs: readonly Input[]): Promise<Uint8Array | undefined> => {
      const { status, output } = await core.perform(operation, inputs);
      return status === 0 ? output : undefined;
    };
    try {
      const config = await ask("config", made.inputs.filter(({ name }) => /^(config:|environment)/.test(name)));
      if (config === undefined) return;
      const { catalogue } = JSON.parse(new TextDecoder().decode(config)) as { catalogue?: unknown };
      const shown = await ask("catalogue-show", [{ name: "catalogue-name", bytes: String(catalogue) }]);
      if (this.#made === made) this._builtIn = shown && parseCatalogue(shown);
    } catch {
      // Then fields go without words; the preview says what is wrong with the core.
    }
  }

  #compared({ detail: { digest } }: PreviewEvents["candor-compared"]): void {
    this._shown = [{ label: this.t.preview.names["now"] ?? "", digest }];
  }

  #complain(words: string): void {
    this._complaints = [...this._complaints, words];
  }

  #change(file: GivenFile, change: Partial<GivenFile>): void {
    if (change.role === "check") {
      this._files = this._files.filter((other) => other !== file);
      void this.#check(new File([file.bytes], file.name));
      return;
    }
    this._files = this._files.map((other) => (other === file ? { ...file, ...change } : other));
  }

  #clear(): void {
    this._files = [];
    this._profile = "";
    this._expected = "";
    this._complaints = [];
  }

  async #check(file: File): Promise<void> {
    await this.updateComplete;
    await this.renderRoot.querySelector<CandorVerify>("candor-verify")?.verify(file);
  }

  #over(event: DragEvent): void {
    event.preventDefault();
    (event.currentTarget as HTMLElement).classList.toggle("over", event.type === "dragover");
  }

  #dropped(event: DragEvent): void {
    this.#over(event);
    void this.take([...(event.dataTransfer?.files ?? [])]);
  }

  #chosen(event: Event): void {
    const input = event.target as HTMLInputElement;
    void this.take([...(input.files ?? [])]).then(() => (input.value = ""));
  }
}

/** Nothing for what is no catalogue: the core says what is wrong with it. */
function parseCatalogue(bytes: Uint8Array): Catalogue | undefined {
  try {
    return readCatalogue(JSON.parse(new TextDecoder().decode(bytes)));
  } catch {
    return undefined;
  }
}

define("candor-offline", CandorOffline);

declare global {
  interface HTMLElementTagNameMap {
    "candor-offline": CandorOffline;
  }
}
