/** The search of one report: asked in the worker, walked through here. */

import { sharedCore } from "../core/client.js";
import type { Found } from "../core/search.js";
import { firstFrom } from "../rows/fold-rows.js";
import { formatNumber } from "../text/format.js";
import type { Texts } from "../text/index.js";

const WAIT_MS = 80;

export class SearchState {
  text = "";
  found: Found | undefined;
  readonly #changed: () => void;
  #document: number | undefined;
  #at = -1;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** `changed` is called when there are other matches. */
  constructor(changed: () => void) {
    this.#changed = changed;
  }

  /** Searches another document from now on. */
  of(document: number | undefined): void {
    if (document === this.#document) return;
    this.#document = document;
    if (this.text !== "") this.ask(this.text);
  }

  /** Searches soon: typing goes on meanwhile. */
  ask(text: string): void {
    this.text = text;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#run(text), text === "" ? 0 : WAIT_MS);
  }

  /** The byte of the first match at or after another, else the first one of all. */
  first(byte: number): number | undefined {
    const starts = this.found?.starts;
    if (starts === undefined || starts.length === 0) return undefined;
    this.#at = firstFrom(starts, byte) % starts.length;
    return starts[this.#at];
  }

  /** The byte of the next or previous match, around the ends. */
  step(forward: boolean): number | undefined {
    const starts = this.found?.starts;
    if (starts === undefined || starts.length === 0) return undefined;
    this.#at = (this.#at + (forward ? 1 : starts.length - 1)) % starts.length;
    return starts[this.#at];
  }

  readonly words = (preview: Texts["preview"]): string => {
    if (this.found === undefined) return "";
    const { starts, more } = this.found;
    if (starts.length === 0) return preview.noMatch;
    return preview.matches(formatNumber(this.#at + 1), formatNumber(starts.length) + (more ? "+" : ""));
  };

  async #run(text: string): Promise<void> {
    const document = this.#document;
    let found: Found | undefined;
    if (text !== "" && document !== undefined) {
      try {
        found = await sharedCore().run("search", { document, text });
      } catch {
        return; // The report is gone, or the page is.
      }
    }
    if (text !== this.text || document !== this.#document) return;
    this.found = found;
    this.#at = -1;
    this.#changed();
  }
}
