/**
 * `<candor-report-preview>`: the exact bytes of one report or several, built by the core where a
 * bundle is given, compared with what the server says they are, explained, searched, compared with
 * each other, copied, downloaded and checked again. README.md shows how to use it; what it is given
 * and tells is in preview/source.ts.
 */

import { html, nothing, type PropertyValues, type TemplateResult } from "lit";

import type { Catalogue } from "../core/catalogue.js";
import { sharedCore } from "../core/client.js";
import type { KnownReport } from "../core/history.js";
import { copyText, reportFileName, saveFile } from "../preview/files.js";
import { OpenReports } from "../preview/open-reports.js";
import type { Opened } from "../preview/opened.js";
import { previewStyles } from "../preview/preview-styles.js";
import { RowList } from "../preview/row-list.js";
import { SearchState } from "../preview/search-state.js";
import { stateOf } from "../preview/state-parts.js";
import type { PreviewEvents, PreviewSource } from "../preview/source.js";
import type { RowModel } from "../rows/row.js";
import { rowStyles } from "../rows/row-styles.js";
import { formatBytes, formatNumber } from "../text/format.js";
import { CandorElement, define } from "./candor-element.js";
import "./candor-field-note.js";
import "./candor-problems.js";
import { type CandorVerify, type ShownReport } from "./candor-verify.js";
import "./candor-verify.js";

export class CandorReportPreview extends CandorElement {
  static override properties = {
    sources: { attribute: false },
    bundle: { attribute: false },
    report: { attribute: false },
    catalogue: { attribute: false },
    known: { attribute: false },
    selected: { type: String },
    against: { type: String },
    noVerify: { type: Boolean, attribute: "no-verify" },
    _copied: { state: true },
    _place: { state: true },
  };
  static override styles = [CandorElement.styles, rowStyles, previewStyles];

  /** The reports to choose from. */
  declare sources: readonly PreviewSource[];
  /** Instead of sources: one bundle, or one report's bytes. */
  declare bundle: Uint8Array<ArrayBuffer> | undefined;
  declare report: Uint8Array<ArrayBuffer> | undefined;
  /** Explains the fields; a bundle brings its own. */
  declare catalogue: Catalogue | undefined;
  /** Sealed reports, for checking dropped files. */
  declare known: readonly KnownReport[];
  /** The id of the source shown; the first one at the beginning. */
  declare selected: string | undefined;
  /** The id of the source it is compared with line by line, or "". */
  declare against: string;
  /** Leaves out the place for checking files: the page has one of its own. */
  declare noVerify: boolean;
  declare private _copied: boolean;
  declare private _place: { readonly pointer: string; readonly pointKey: string | undefined } | undefined;

  readonly #open: OpenReports = new OpenReports((opened) => this.#changed(opened), (name, detail) => this.#tell(name, detail));
  readonly #search = new SearchState(() => this.#foundChanged());
  readonly #seen = new Set<string>();
  #list: RowList | undefined;
  #shownModel: unknown;
  #shownCount = 0;

  constructor() {
    super();
    this.sources = [];
    this.known = [];
    this.against = "";
    this.noVerify = false;
    this._copied = false;
  }

  /** The bytes shown, for whoever checks them by other means; not to be changed. */
  get bytes(): Uint8Array<ArrayBuffer> | undefined {
    return this.#current()?.report?.text.bytes;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#open.close();
  }

  override connectedCallback(): void {
    super.connectedCallback();
    // While the sources are still on their way.
    sharedCore().warm();
    this.requestUpdate();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    const sources = this.#sources();
    this.#open.keep(sources);
    if (!sources.some(({ id }) => id === this.selected)) this.selected = sources[0]?.id;
    if (!sources.some(({ id }) => id === this.against) || this.against === this.selected) this.against = "";
    for (const wanted of [this.selected, this.against]) this.#open.want(sources.find(({ id }) => id === wanted));
    if (changed.has("selected") || changed.has("against")) this._place = undefined;
    this.#open.compare(this.#open.get(this.against), this.#current());
  }

  protected override firstUpdated(): void {
    const scroller = this.renderRoot.querySelector<HTMLElement>(".scroller");
    if (scroller === null) return;
    const { preview } = this.t;
    this.#list = new RowList(scroller, {
      moved: (index) => this.#moved(index),
      fold: (index, folded) => this.#fold(index, folded),
      outer: (index) => this.#model()?.outer(index) ?? -1,
      copy: () => void this.#copySelection(),
      find: () => this.renderRoot.querySelector<HTMLInputElement>("#search")?.focus(),
      ended: () => this.#ended(),
      words: { cut: (bytes) => preview.cut(bytes), folded: (lines) => this.t.preview.folded(lines) },
    });
    this.#syncRows();
  }

  protected override updated(): void {
    this.#syncRows();
  }

  #syncRows(): void {
    const model = this.#model();
    const shown = this.#current();
    const longest = Math.max(shown?.report?.text.index.longest ?? 0, this.#open.diff?.from.report?.text.index.longest ?? 0);
    const other = model !== this.#shownModel;
    if (other || model?.count !== this.#shownCount) this.#list?.show(model, Math.min(longest, 4200) + 30);
    this.#shownModel = model;
    this.#shownCount = model?.count ?? 0;
    if (other) this.#search.of(this.against === "" ? shown?.report?.document : undefined);
  }

  override render(): TemplateResult {
    const { preview } = this.t;
    const opened = this.#current();
    const ready = opened?.phase === "shown";
    return html`
      <section aria-label=${preview.label} @dragover=${prevent} @drop=${this.#dropped}>
        ${this.#renderViews()}
        ${stateOf(opened, (line) => this.#goToLine(line))}
        ${ready ? this.#renderTools(opened) : nothing}
        <div class="body" ?hidden=${!ready}>
          <div class="rows">
            <div class="scroller" role="treegrid" tabindex="0" aria-readonly="true" aria-multiselectable="true"
              aria-label=${preview.rows} aria-describedby="keys"></div>
          </div>
          <candor-field-note role="group" tabindex="0" aria-label=${this.t.note.label} aria-live="polite" .catalogue=${this.#catalogueOf(opened)}
            .pointer=${this._place?.pointer} .pointKey=${this._place?.pointKey}></candor-field-note>
        </div>
        <p id="keys" class="unseen">${preview.keys}</p>
        ${this.noVerify ? nothing : html`<candor-verify .shown=${this.#shownReports()} .known=${this.known}></candor-verify>`}
      </section>`;
  }

  #renderViews(): TemplateResult | typeof nothing {
    const { preview } = this.t;
    const sources = this.#sources();
    if (sources.length < 2) return nothing;
    const views = sources.map((source) => html`
      <button aria-pressed=${source.id === this.selected ? "true" : "false"} ?disabled=${source.absent ?? false}
        title=${source.absent === true ? preview.nothing : ""}
        @click=${() => (this.selected = source.id)}>${this.#label(source)}</button>`);
    const others = sources.filter(({ id, absent }) => id !== this.selected && absent !== true);
    return html`
      <div class="row views">
        <div class="row" role="group" aria-label=${preview.views}>${views}</div>
        <label class="row">${preview.against}
          <select @change=${(event: Event) => (this.against = (event.target as HTMLSelectElement).value)}>
            <option value="" ?selected=${this.against === ""}>${preview.againstNothing}</option>
            ${others.map((source) =>
              html`<option value=${source.id} ?selected=${source.id === this.against}>${this.#label(source)}</option>`)}
          </select>
        </label>
      </div>`;
  }

  #renderTools(opened: Opened): TemplateResult {
    const { preview, common } = this.t;
    const { digest = "", report } = opened;
    const bytes = report?.text.bytes.length ?? 0;
    return html`
      <div class="row tools">
        <span class="digest">${common.sha256} <code id="digest">${digest}</code>
          <button class="plain" aria-label=${preview.copyDigest} @click=${() => this.#copy(digest)}>${common.copy}</button></span>
        <span class="quiet">${preview.size(formatBytes(bytes), formatNumber(report?.text.lines ?? 0))}</span>
        <span class="row end"><span role="status" class="good-text">${this._copied ? common.copied : nothing}</span>
        <button @click=${() => this.#copy(report?.text.between(0, bytes) ?? "")}>${preview.copyAll}</button>
        <button id="download" ?disabled=${digest === ""} @click=${() => this.#download(opened)}>${common.download}</button></span>
      </div>
      ${this.against === "" ? this.#renderSearch() : this.#renderDifferences()}`;
  }

  #renderSearch(): TemplateResult {
    const { preview } = this.t;
    const { text, words } = this.#search;
    return html`
      <div class="row tools" role="search">
        <input id="search" type="search" aria-label=${preview.search} placeholder=${preview.search} maxlength="1000"
          .value=${text} @input=${(event: Event) => this.#search.ask((event.target as HTMLInputElement).value)}
          @keydown=${this.#searchKey}>
        <button aria-label=${preview.previous} title=${preview.previous} @click=${() => this.#step(false)}>↑</button>
        <button aria-label=${preview.next} title=${preview.next} @click=${() => this.#step(true)}>↓</button>
        <span role="status" id="matches">${words(preview)}</span>
        <span class="grow"></span>
        <button @click=${() => this.#foldAll(true)}>${preview.foldAll}</button>
        <button @click=${() => this.#foldAll(false)}>${preview.unfoldAll}</button>
      </div>`;
  }

  #renderDifferences(): TemplateResult {
    const { preview } = this.t;
    const rows = this.#open.diff?.rows;
    if (rows === undefined) return html`<p role="status" class="quiet">${preview.comparison.building}</p>`;
    const none = rows.removed === 0 && rows.added === 0;
    return html`
      <div class="row tools">
        <span role="status" id="differences">${none ? preview.noDifference : preview.differences(formatNumber(rows.removed), formatNumber(rows.added))}</span>
        <span class="grow"></span>
        <button ?disabled=${none} @click=${() => this.#stepDifference(false)}>${preview.previousDifference}</button>
        <button ?disabled=${none} @click=${() => this.#stepDifference(true)}>${preview.nextDifference}</button>
      </div>`;
  }

  // ---- what is shown

  #sources(): readonly PreviewSource[] {
    if (this.sources.length > 0) return this.sources;
    if (this.bundle !== undefined) return [{ id: "now", bundle: this.bundle }];
    return this.report === undefined ? [] : [{ id: "now", report: this.report }];
  }

  #label({ id, label }: PreviewSource): string {
    return label ?? this.t.preview.names[id] ?? id;
  }

  #current(): Opened | undefined {
    return this.#open.get(this.selected);
  }

  #changed(opened?: Opened): void {
    this.requestUpdate();
    if (opened?.digest !== undefined && opened === this.#current()) void this.updateComplete.then(() => this.#list?.refresh());
  }

  #model(): RowModel | undefined {
    return this.against === "" ? this.#current()?.rows : this.#open.diff?.rows;
  }

  #catalogueOf(opened: Opened | undefined): Catalogue | undefined {
    return opened?.source.catalogue ?? opened?.claims?.catalogue ?? this.catalogue ?? this.#open.get("now")?.claims?.catalogue;
  }

  #shownReports(): ShownReport[] {
    return this.#sources().flatMap((source) => {
      const digest = this.#open.get(source.id)?.digest;
      return digest === undefined ? [] : [{ label: this.#label(source), digest }];
    });
  }

  // ---- moving about

  #moved(index: number): void {
    const place = this.#model()?.place(index);
    if (place === undefined) return;
    const pointer = place.text.pointer(place.line);
    const catalogue = this.#catalogueOf(this.#current());
    const points = catalogue?.fields.find((field) => field.points !== undefined && pointer.startsWith(`${field.pointer}/`));
    this._place = { pointer, pointKey: points && place.text.pointKey(place.line, points.pointer) };
  }

  #fold(index: number, folded: boolean): void {
    this.#model()?.fold(index, folded);
    this.#reshow(index);
  }

  #foldAll(folded: boolean): void {
    const rows = this.#current()?.rows;
    const line = rows?.lineOf(this.#list?.current ?? 0) ?? 0;
    rows?.foldBelow(folded ? 2 : Number.MAX_SAFE_INTEGER);
    this.#reshow(rows?.rowOf(line) ?? 0);
  }

  #reshow(index: number): void {
    this.#syncRows();
    this.#list?.refresh();
    this.#list?.go(index);
  }

  #goToLine(line: number): void {
    const rows = this.#current()?.rows;
    if (rows === undefined) return;
    this.against = "";
    rows.reveal(line);
    this.#syncRows();
    this.#list?.go(rows.rowOf(line), "middle");
    this.#list?.focus();
  }

  #ended(): void {
    const opened = this.#current();
    const { digest } = opened ?? {};
    if (opened === undefined || digest === undefined || this.against !== "" || this.#seen.has(digest)) return;
    this.#seen.add(digest);
    this.#tell("candor-seen", { id: opened.source.id, digest });
  }

  #stepDifference(forward: boolean): void {
    const row = this.#open.diff?.rows?.nextDifference(this.#list?.current ?? -1, forward) ?? -1;
    if (row >= 0) this.#list?.go(row, "middle");
  }

  // ---- searching

  #searchKey(event: KeyboardEvent): void {
    if (event.key === "Enter") this.#step(!event.shiftKey);
    else if (event.key === "Escape") {
      this.#search.ask("");
      this.#list?.focus();
    } else return;
    event.preventDefault();
  }

  #foundChanged(): void {
    const rows = this.#current()?.rows;
    if (rows === undefined) return;
    rows.found = this.#search.found;
    this.#list?.refresh();
    this.requestUpdate();
    const [from] = rows.text.range(rows.lineOf(this.#list?.current ?? 0));
    this.#goToByte(this.#search.first(from));
  }

  #step(forward: boolean): void {
    this.#goToByte(this.#search.step(forward));
    this.requestUpdate();
  }

  #goToByte(byte: number | undefined): void {
    const rows = this.#current()?.rows;
    if (rows === undefined || byte === undefined) return;
    const line = rows.text.lineOf(byte);
    rows.reveal(line);
    this.#syncRows();
    this.#list?.go(rows.rowOf(line), "middle");
  }

  // ---- taking it away

  #copySelection(): Promise<void> {
    const [from, to] = this.#list?.selection ?? [0, 0];
    return this.#copy(this.#model()?.copied(from, to) ?? "");
  }

  async #copy(text: string): Promise<void> {
    if (!(await copyText(text))) return;
    this._copied = true;
    setTimeout(() => (this._copied = false), 2000);
  }

  #download({ digest, report, source }: Opened): void {
    if (digest === undefined || report === undefined) return;
    saveFile(report.text.bytes, reportFileName(digest));
    this.#tell("candor-downloaded", { id: source.id, digest });
  }

  #dropped(event: DragEvent): void {
    event.preventDefault();
    const file = this.noVerify ? undefined : event.dataTransfer?.files[0];
    if (file !== undefined) void this.renderRoot.querySelector<CandorVerify>("candor-verify")?.verify(file);
  }

  #tell<Name extends keyof PreviewEvents>(name: Name, detail: PreviewEvents[Name]["detail"]): void {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true }));
  }
}

const prevent = (event: Event): void => event.preventDefault();

define("candor-report-preview", CandorReportPreview);

declare global {
  interface HTMLElementTagNameMap {
    "candor-report-preview": CandorReportPreview;
  }
}
