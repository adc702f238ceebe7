/**
 * An element that shows what a server says: it reads when it is put into a page, again when something
 * changed there, and keeps what it has while the server does not answer.
 */

import type { PropertyValues } from "lit";

import type { ApiClient } from "../api/client.js";
import { ProblemError } from "../api/problem.js";
import { type Connection, connectionOf, type News } from "../app/connection.js";
import { CandorElement } from "./candor-element.js";

export abstract class PageElement extends CandorElement {
  static override properties = { api: { attribute: false } };

  /** The server; nothing is shown without it. */
  declare api: ApiClient | undefined;

  #unsubscribe: (() => void) | undefined;

  protected get connection(): Connection | undefined {
    return this.api === undefined ? undefined : connectionOf(this.api);
  }

  protected get isSuperuser(): boolean {
    return this.connection?.session?.role === "superuser";
  }

  /** Something changed, or may have: reads it again. "signed" comes first, with who is signed in. */
  protected abstract changed(news: News): void;

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.hasUpdated) this.#subscribe();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#unsubscribe?.();
    this.#unsubscribe = undefined;
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has("api")) this.#subscribe();
  }

  /** The answer, or what is wrong, for people; the connection learns from both, see Connection.call. */
  protected async ask<T>(question: (api: ApiClient) => Promise<T>, calm = false): Promise<T | ProblemError> {
    const { api, connection } = this;
    if (api === undefined || connection === undefined) return new ProblemError(0, {});
    try {
      return await connection.call(() => question(api), calm);
    } catch (error) {
      if (error instanceof ProblemError) return error;
      throw error;
    }
  }

  #subscribe(): void {
    this.#unsubscribe?.();
    this.#unsubscribe = undefined;
    const { connection } = this;
    if (connection === undefined || !this.isConnected) return;
    this.#unsubscribe = connection.subscribe((news) => {
      this.requestUpdate();
      this.changed(news);
    });
    if (connection.session === undefined) void connection.readSession().catch(() => undefined);
    else this.changed("signed");
  }
}
