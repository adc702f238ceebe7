// What a person does on the page, and what they see there; for the tests with a real server.
import { readFileSync } from "node:fs";

import { openTab, sha256 } from "./browser.mjs";
import { until } from "./lab.mjs";

export const PASSWORD = "correct horse battery staple";

export class Visitor {
  /** Opens the page in a browser context of its own. */
  static async visit(browser, address, options = {}) {
    const tab = await openTab(browser, address, { acceptDownloads: true, ...options });
    return new Visitor(tab);
  }

  constructor(tab) {
    this.tab = tab;
    this.dialog = tab.locator("candor-consent dialog[open]");
    this.connection = tab.locator("candor-connection");
  }

  async leave() {
    await this.tab.context().close();
  }

  /** The first superuser, by the one-time link the page was opened with. */
  async setUp(name = "ada", password = PASSWORD) {
    const form = this.tab.locator("candor-setup form");
    await form.locator("#name").fill(name);
    await form.locator("#password").fill(password);
    await form.locator("#again").fill(password);
    await form.locator("button.primary").click();
  }

  async signIn(name = "ada", password = PASSWORD) {
    const form = this.tab.locator("candor-sign-in form");
    await form.locator("#name").fill(name);
    await form.locator("#password").fill(password);
    await form.locator("button.primary").click();
  }

  /** The preview of the dialog, or that of the page Report. */
  get preview() {
    return new Preview(this.tab, this.tab.locator("candor-consent dialog[open] candor-report-preview"));
  }

  async openReport() {
    await this.tab.locator('nav a[href="#report"]').click();
    return new Preview(this.tab, this.tab.locator("candor-report-page > candor-report-preview, candor-report-page candor-report-preview").first());
  }

  async openPage(name) {
    await this.tab.locator(`nav a[href="#${name}"]`).click();
  }

  /** Takes the tick away from choices of the dialog, by their scope ids. */
  async withhold(ids) {
    for (const id of ids) {
      const choice = this.dialog.locator(".choice", { has: this.tab.locator(`code:text-is("${id.split("@")[0]}")`) }).first();
      const group = choice.locator("xpath=ancestor::details");
      if ((await group.getAttribute("open")) === null) await group.locator("summary").click();
      await choice.locator("input").uncheck();
    }
  }

  /** The same for many at once, as the element lets its page do it; whether anything changed. */
  leaveOut(ids) {
    return this.dialog.locator("candor-withholding").evaluate((element, withheld) => {
      if (JSON.stringify([...element.withheld].sort()) === JSON.stringify(withheld)) return false;
      element.withheld = withheld;
      element.dispatchEvent(new Event("withheld"));
      return true;
    }, ids);
  }

  /** What is left out just now. */
  chosen() {
    return this.dialog.locator("candor-withholding").evaluate((element) => element.withheld);
  }

  /** The bundle that the dialog's preview shows. */
  bundle() {
    return this.preview.element.evaluate((element) => {
      const bytes = element.sources[0]?.bundle;
      return bytes === undefined ? null : JSON.parse(new TextDecoder().decode(bytes));
    }).catch(() => null);
  }

  /** Waits until the dialog's preview is the one of the present choice, and was compared. */
  async settled() {
    return until("the preview to follow the choice", async () => {
      const [ids, bundle] = [await this.chosen(), await this.bundle()];
      if (bundle === null || JSON.stringify(bundle.withheld) !== JSON.stringify(ids)) return false;
      const { digest, notice } = await this.preview.compared();
      return digest === bundle.report.digest && { digest, notice };
    }, 30_000);
  }

  async agree() {
    await this.dialog.locator("#grant[aria-disabled=false]").click();
  }

  /** "Deliver it now", in the dialog or, where that was closed, on the page. */
  async deliverAgain() {
    await this.tab.locator("candor-consent #again:visible").first().click();
  }

  async deny() {
    await this.dialog.locator("#deny").click();
  }

  /** "I have looked at the report." */
  async sayLooked() {
    const box = this.dialog.locator("#stated");
    if (await box.count()) await box.check();
  }

  /** Leaves the dialog by its last button: close, decide later, leave it as it is. */
  async closeDialog() {
    if ((await this.dialog.count()) === 0) return;
    await this.dialog.locator("footer button").last().click();
    await this.dialog.waitFor({ state: "detached" });
  }

  /** On the page History, which says what became of it as soon as that is known. */
  async sendNow() {
    await this.openPage("history");
    await this.tab.locator("candor-history #send[aria-disabled=false]").press("Enter");
    await this.tab.locator("candor-history [role=status]", { hasText: "begins to send" }).waitFor();
  }

  /** What the dialog says when a decision has arrived. */
  async done() {
    await this.dialog.locator(".notice.good", { hasText: /^\s*You (agreed|said)/ }).waitFor();
    return (await this.text("candor-consent dialog .notice.good")).trim();
  }

  /** All text that can be seen of an element, through every shadow. */
  text(selector = "candor-app") {
    return this.tab.locator(selector).first().evaluate((element) => {
      const textOf = (node) => {
        if (node.nodeType === Node.TEXT_NODE) return node.data;
        if (node.nodeType === Node.ELEMENT_NODE && (["STYLE", "SCRIPT"].includes(node.tagName) || getComputedStyle(node).display === "none")) return "";
        return [...(node.shadowRoot ?? node).childNodes].map(textOf).join(" ");
      };
      return textOf(element).replace(/\s+/g, " ").trim();
    });
  }

  /** Waits until an element says that, and gives all that it says. */
  async reads(selector, words, timeout = 30_000) {
    let said = "";
    const ask = async () => words.test((said = await this.text(selector).catch(() => ""))) && said;
    return until(() => `${selector} to say ${words}; it says: ${said}`, ask, timeout);
  }

  /** How often somebody decided, by the journal. */
  async decisions() {
    const { entries } = (await this.api("history")).json;
    return entries.filter(({ kind }) => kind === "consent").length;
  }

  /** A request as the page makes it: with the cookie, the token, and the page's origin. */
  async api(path, { method = "GET", body, headers = {} } = {}) {
    const answer = await this.tab.evaluate(async ([address, verb, content, fields]) => {
      const base = new URL("api/v1/", document.baseURI);
      const { csrf } = await (await fetch(new URL("session", base))).json();
      const response = await fetch(new URL(address, base), {
        method: verb, cache: "no-store",
        headers: { ...(csrf && { "X-Candor-Token": csrf }), ...(content !== null && { "Content-Type": "application/json" }), ...fields },
        body: content === null ? undefined : content,
      });
      const bytes = new Uint8Array(await response.arrayBuffer());
      let text = "";
      for (let i = 0; i < bytes.length; i += 0x8000) text += String.fromCharCode(...bytes.subarray(i, i + 0x8000));
      return { status: response.status, headers: Object.fromEntries(response.headers), base64: btoa(text) };
    }, [path, method, body === undefined ? null : typeof body === "string" ? body : JSON.stringify(body), headers]);
    const bytes = Buffer.from(answer.base64, "base64");
    return { status: answer.status, headers: answer.headers, bytes, get json() { return JSON.parse(bytes.toString()); } };
  }
}

export class Preview {
  constructor(tab, element) {
    this.tab = tab;
    this.element = element;
  }

  /** Waits until the report was compared, and tells how it came out. */
  async compared(not = "", timeout = 30_000) {
    const digest = await until("the preview to be compared", async () => {
      const state = await this.#state();
      return state.digest !== "" && state.digest !== not && state.notice !== "" && !state.busy && state;
    }, timeout);
    return digest;
  }

  async #state() {
    if ((await this.element.count()) === 0) return { digest: "", notice: "" };
    return this.element.evaluate((element) => {
      const find = (selector) => element.renderRoot.querySelector(selector)?.textContent.trim().replace(/\s+/g, " ") ?? "";
      return {
        digest: find("#digest"), notice: find(".notice.good, .notice.bad"),
        busy: /Building|Comparing/.test(find("p[role=status]") + find(".notice")),
      };
    }).catch(() => ({ digest: "", notice: "" }));
  }

  /** The bytes as the element has them, once it has them: while others are being built it has none. */
  async bytes() {
    const text = await this.element.evaluate(async (element) => {
      while (element.bytes === undefined) await new Promise(requestAnimationFrame);
      const { bytes } = element;
      let made = "";
      for (let i = 0; i < bytes.length; i += 0x8000) made += String.fromCharCode(...bytes.subarray(i, i + 0x8000));
      return btoa(made);
    });
    return Buffer.from(text, "base64");
  }

  /** The bytes as they can be read: every row that is shown, top to bottom. */
  async rows() {
    const lines = await this.element.evaluate(async (element) => {
      const scroller = element.renderRoot.querySelector(".scroller");
      const frame = () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
      const count = Number(scroller.getAttribute("aria-rowcount"));
      const found = new Map();
      scroller.focus({ preventScroll: true });
      scroller.dispatchEvent(new KeyboardEvent("keydown", { key: "Home" }));
      for (let rounds = 0; found.size < count && rounds < 20_000; rounds++) {
        await frame();
        let last = 0;
        for (const row of scroller.querySelectorAll(".line:not([hidden])")) {
          const texts = [...row.querySelector(".code").childNodes].filter((node) => node.className !== "note");
          const index = Number(row.getAttribute("aria-rowindex"));
          found.set(index, texts.map((node) => node.textContent).join(""));
          last = Math.max(last, index);
        }
        scroller.scrollTop += Math.max(200, scroller.clientHeight - 60);
      }
      return Array.from({ length: count }, (_, i) => found.get(i + 1) ?? null);
    });
    if (lines.includes(null)) throw new Error(`row ${lines.indexOf(null) + 1} of ${lines.length} never came into sight`);
    return Buffer.from(lines.map((line) => `${line}\n`).join(""));
  }

  /** The downloaded file: its bytes and the name that the browser was told. */
  async download() {
    const [download] = await Promise.all([
      this.tab.waitForEvent("download"), this.element.locator("#download").click(),
    ]);
    return { name: download.suggestedFilename(), bytes: readFileSync(await download.path()) };
  }

  async choose(name) {
    await this.element.getByRole("button", { name, exact: true }).click();
  }
}

export const fileName = (bytes) => `candor-report-${sha256(bytes).slice(0, 16)}.json`;
