/**
 * The report that a yes would seal, made again whenever something is left out. Only the last question
 * counts; the choice stays whatever the answer is.
 */

import type { ApiClient } from "../api/client.js";
import type { ProblemError } from "../api/problem.js";
import type { PreviewSource } from "../preview/source.js";
import { type BundleReport, reportOf } from "./report-file.js";

export interface Look {
  /** For the preview. */
  readonly sources: readonly PreviewSource[];
  readonly report: BundleReport;
}

const PAUSE_MS = 150;

export class Looker {
  #abort: AbortController | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** `ask` as PageElement.ask; `done` hears of the last question only. */
  look(
    withheld: readonly string[],
    ask: <T>(question: (api: ApiClient) => Promise<T>) => Promise<T | ProblemError>,
    done: (look: Look | ProblemError) => void,
    pause = PAUSE_MS,
  ): void {
    this.stop();
    const abort = (this.#abort = new AbortController());
    this.#timer = setTimeout(async () => {
      try {
        const look = await ask(async (api) => {
          const bundle = await api.preview("grant", withheld, abort.signal);
          return { sources: [{ id: "now", bundle }], report: reportOf(bundle) };
        });
        if (!abort.signal.aborted) done(look);
      } catch (error) {
        if (!abort.signal.aborted) throw error;
      }
    }, pause);
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#abort?.abort();
  }
}
