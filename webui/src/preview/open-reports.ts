/** The reports of a preview that are open, and the comparison of two of them. */

import { sharedCore } from "../core/client.js";
import { DiffRows } from "../rows/diff-rows.js";
import { Opened } from "./opened.js";
import type { PreviewEvents, PreviewSource } from "./source.js";

interface Diff {
  readonly from: Opened;
  readonly to: Opened;
  /** Once the worker has found them. */
  readonly rows: DiffRows | undefined;
}

export type Tell = <Name extends keyof PreviewEvents>(name: Name, detail: PreviewEvents[Name]["detail"]) => void;

export class OpenReports {
  diff: Diff | undefined;
  readonly #opened = new Map<string, Opened>();
  readonly #changed: (opened?: Opened) => void;
  readonly #tell: Tell;
  #asked = "";

  /** `changed` is called when a report, or the comparison, has more to show. */
  constructor(changed: (opened?: Opened) => void, tell: Tell) {
    this.#changed = changed;
    this.#tell = tell;
  }

  get(id: string | undefined): Opened | undefined {
    return id === undefined ? undefined : this.#opened.get(id);
  }

  /** Closes what is no longer among the sources. */
  keep(sources: readonly PreviewSource[]): void {
    for (const [id, opened] of this.#opened) {
      const source = sources.find((candidate) => candidate.id === id);
      if (source !== undefined && opened.isOf(source)) {
        void opened.update(source);
      } else {
        opened.close();
        this.#opened.delete(id);
      }
    }
  }

  /** Opens it, and asks for its bytes where it has none. */
  want(source: PreviewSource | undefined): void {
    if (source === undefined) return;
    const { id } = source;
    let opened = this.#opened.get(id);
    if (opened === undefined) {
      const made = new Opened(sharedCore(), source, () => this.#more(made));
      opened = made;
      this.#opened.set(id, opened);
    }
    if (!opened.start() && source.absent !== true && this.#asked !== id) {
      this.#asked = id;
      queueMicrotask(() => this.#tell("candor-source-needed", { id }));
    } else if (this.#asked === id) {
      this.#asked = "";
    }
  }

  /** Line by line, once both are there. */
  compare(from: Opened | undefined, to: Opened | undefined): void {
    if (from?.report === undefined || to?.report === undefined) {
      this.diff = undefined;
      return;
    }
    if (this.diff?.from === from && this.diff.to === to) return;
    const mine = { from, to, rows: undefined };
    this.diff = mine;
    const [one, two] = [from.report, to.report];
    void sharedCore().run("diff", { from: one.document, to: two.document }).then(({ runs }) => {
      if (this.diff !== mine) return;
      this.diff = { from, to, rows: new DiffRows(one.text, two.text, runs) };
      this.#changed();
    }, () => {});
  }

  close(): void {
    this.keep([]);
    this.diff = undefined;
  }

  #more(opened: Opened): void {
    const { id, reference } = opened.source;
    if (this.#opened.get(id) !== opened) return;
    const { digest, comparison, expected } = opened;
    this.#changed(opened);
    if (digest === undefined || comparison === undefined || comparison.state === "building") return;
    this.#tell("candor-compared", { id, digest, comparison });
    if (opened.differs && reference === undefined && expected !== undefined) {
      this.#tell("candor-reference-needed", { id, digest: expected });
    }
  }
}
