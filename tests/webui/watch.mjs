// Watches a browser's context for all that a page must never do: run what came as text, break its own
// policy, open a dialog, or ask another origin for anything.
import assert from "node:assert/strict";

/** What was noticed, in words; empty when all is well. */
export class Watch {
  #noticed = [];
  #origin;
  #expected = () => false;

  /** `origin`: the only one that may be asked; undefined for a page that may ask nobody. */
  static async on(context, origin) {
    const watch = new Watch();
    watch.#origin = origin;
    await context.exposeBinding("candorNotice", (_source, words) => watch.#note(words));
    await context.addInitScript(inPage);
    context.on("request", (request) => watch.#asked(request.url()));
    context.on("console", (message) => {
      if (!["error", "warning", "assert"].includes(message.type())) return;
      if (!watch.#expected(message.text(), message.location().url)) watch.#note(`console: ${message.text()} (${message.location().url})`);
    });
    context.on("weberror", (error) => watch.#note(`uncaught: ${error.error().stack ?? error.error()}`));
    context.on("dialog", (dialog) => {
      watch.#note(`dialog: ${dialog.type()} ${dialog.message()}`);
      dialog.dismiss().catch(() => {});
    });
    context.on("page", (tab) => {
      tab.on("websocket", (socket) => watch.#asked(socket.url()));
      tab.on("crash", () => watch.#note("the tab crashed"));
      tab.on("popup", () => watch.#note("a window was opened"));
    });
    return watch;
  }

  /** Complaints of the console that a test provokes, such as the browser's line about an answer of 401. */
  expect(isExpected) {
    this.#expected = isExpected;
  }

  #note(words) {
    this.#noticed.push(words);
  }

  #asked(address) {
    const { protocol, origin } = new URL(address);
    if (protocol === "data:" || protocol === "blob:" || protocol === "about:" || origin === this.#origin) return;
    if (this.#origin === undefined && protocol === "file:") return;
    this.#note(`request: ${address}`);
  }

  noticed() {
    return [...this.#noticed];
  }

  /** What was noticed since the last call. */
  take() {
    return this.#noticed.splice(0);
  }

  assertCalm(when) {
    assert.deepEqual(this.noticed(), [], when);
  }
}

// In every document, before its own scripts.
function inPage() {
  const notice = (words) => globalThis.candorNotice(String(words));
  globalThis.candorRan = () => notice(`ran: ${new Error().stack}`);
  for (const name of ["alert", "confirm", "prompt", "print"]) globalThis[name] = (text) => notice(`${name}(${text})`);
  document.addEventListener("securitypolicyviolation", ({ effectiveDirective, blockedURI, sample, sourceFile, lineNumber }) =>
    notice(`policy: ${effectiveDirective} ${blockedURI} ${sample} (${sourceFile}:${lineNumber})`));
  new ReportingObserver((reports) => reports.forEach(({ type, body }) => notice(`report: ${type} ${JSON.stringify(body)}`)), { buffered: true }).observe();
}

// Elements that the pages are made of; others came from a text.
const ELEMENTS = new Set(`
  html head meta title link body noscript script main header footer nav section article div span p h1 h2 h3 h4 a button
  label input select option textarea form fieldset legend details summary dialog ul ol li dl dt dd table caption thead tbody
  tr th td code pre strong em b i br hr time small mark bdi output progress meter slot
  svg g path rect circle line polyline polygon text canvas`.trim().split(/\s+/));

/**
 * Walks the whole document with all its shadow trees: elements and attributes that the pages do not
 * have. `address` is the page's own.
 */
export async function strangers(tab) {
  return tab.evaluate((names) => {
    const known = new Set(names);
    const found = [];
    const absolute = (address) => URL.canParse(address, document.baseURI) ? new URL(address, document.baseURI).href : "";
    const near = absolute(".") || "nowhere:";
    const isAddress = (name) => ["src", "href", "action", "formaction", "data", "xlink:href", "srcset", "poster", "ping", "background"].includes(name);
    const mayBe = (address) => address === "" || /^(#|blob:|data:,$|data:image\/)/.test(address) || absolute(address).startsWith(near);
    const look = (root) => {
      for (const element of root.querySelectorAll("*")) {
        const name = element.localName;
        const place = `${root.host?.localName ?? "document"} <${name}`;
        if (!known.has(name) && !/^candor-[a-z-]+$/.test(name)) found.push(`${place}>`);
        if (name.startsWith("candor-") && customElements.get(name) === undefined) found.push(`${place}> (unknown)`);
        for (const { name: attribute, value } of element.attributes) {
          if (/^on/i.test(attribute) || attribute === "srcdoc" || (attribute === "style" && /url|fixed|@/.test(value))) found.push(`${place} ${attribute}=${value}>`);
          if (isAddress(attribute) && !mayBe(value)) found.push(`${place} ${attribute}=${value}>`);
        }
        if (name === "script" && root !== document) found.push(`${place}> in a shadow tree`);
        if (element.shadowRoot !== null) look(element.shadowRoot);
      }
    };
    look(document);
    return found;
  }, [...ELEMENTS]);
}

/** The text of all text nodes and of all that is said aside (titles, labels, values), one a line. */
export async function allTexts(tab) {
  return tab.evaluate(() => {
    const texts = [];
    const look = (root) => {
      const walker = document.createTreeWalker(root, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
      while (walker.nextNode()) {
        const node = walker.currentNode;
        if (node.nodeType === Node.TEXT_NODE) texts.push(node.data);
        else {
          if (typeof node.value === "string") texts.push(node.value);
          if (node.shadowRoot !== null) look(node.shadowRoot);
        }
      }
    };
    look(document);
    return texts;
  });
}
