// The campaign: varied installations, each through several states, and in each the same bytes from
// the page's core to the history. A life is one installation with up to four states.
//   CANDOR_STATES=200 CANDOR_SEED=7 node --test tests/webui/states.test.mjs
//   CANDOR_SEED=7 CANDOR_LIFE=12 replays one life
import assert from "node:assert/strict";
import { request } from "node:http";
import { after, before, test } from "node:test";

import { sha256, skipNative as skip } from "./browser.mjs";
import { arrived, assertSame, looked } from "./chain.mjs";
import { catalogues, Draw, drawCounts, drawExposition, drawFacts, drawProduct, drawWithheld, grow } from "./draw.mjs";
import { until } from "./lab.mjs";
import { browser, lab } from "./stage.mjs";
import { Visitor } from "./visitor.mjs";

const seed = process.env.CANDOR_SEED ?? "20261121";
const wanted = Number(process.env.CANDOR_STATES ?? 16);
const only = process.env.CANDOR_LIFE;
const STATES = 4;

let receiver;
before(async () => {
  if (skip) return;
  receiver = await lab.startReceiver();
});

/** One installation, from its first visitor on. */
class Life {
  constructor(number) {
    this.number = number;
    this.draw = new Draw(BigInt(seed) * 1_000_003n + BigInt(number));
    this.product = drawProduct(this.draw);
    this.catalogue = catalogues[this.product.name];
    this.told = [];
    this.expositions = {};
    this.states = 0;
    this.bytes = 0;
  }

  async begin() {
    const { name, profile } = this.product;
    const { draw } = this;
    const configuration = this.configuration = { mode: "online", catalogue: name, endpoint: receiver.endpoint, customerId: draw.text(100) };
    // The engine makes one where none is configured.
    if (name !== "engine") configuration.installationId = draw.text(60);
    else if (draw.maybe(2)) configuration.installationId = draw.uuid();
    if (name === "console") configuration.managed = await this.#components();
    if (profile !== undefined) configuration.profile = profile;
    this.socket = lab.path(`life-${this.number}.socket`);
    this.made = lab.installation(`life-${this.number}`, { configuration, words: ["--listen", `unix:${this.socket}`] });
    this.#tell();
    await this.made.start();
    this.visitor = await Visitor.visit(browser, await this.made.setupLink());
    await this.visitor.setUp();
    await this.visitor.dialog.waitFor();
    await this.#counted();
  }

  async end() {
    await this.visitor?.leave();
    await this.made?.stop();
  }

  async #components() {
    const components = [];
    for (const id of this.draw.some(["operate", "tasklist", "optimize", "zeebe"], 3).concat("console")) {
      this.expositions[id] = { metrics: drawExposition(this.draw, id) };
      components.push(await lab.startExposition(`${this.draw.text(40).replace(/[\n\r]/g, " ")}`, id, this.expositions[id]));
    }
    return { method: "plain", releases: [{ name: `release-${this.draw.below(99)}`, namespace: "default", components }] };
  }

  /** New facts; their version tells which. */
  #tell() {
    const { name } = this.product;
    if (name === "console") {
      for (const [id, texts] of Object.entries(this.expositions)) texts.metrics = drawExposition(this.draw, id);
      this.toldMs = Date.now();
      // A server that reads its configuration anew asks its components at once.
      this.made.configure({ ...this.configuration, requestTimeoutMs: 10_000 + this.states });
      this.made.program?.signal("SIGHUP");
      return;
    }
    this.values = drawFacts(this.draw, name);
    this.values.product.version = `${this.number}.${this.states} ${this.draw.text(900)}`;
    this.made.tell("facts", { values: this.values });
  }

  /** New counts, at the local API. */
  async #counted() {
    if (this.product.name !== "engine") return;
    const counts = Object.fromEntries(drawCounts(this.draw).map(([name, count]) => [name, Number(count)]));
    if (Object.keys(counts).length === 0) return;
    assert.equal(await post(this.socket, "/v1/counts", counts), 204);
  }

  /** Waits until the server knows what was told last. */
  async #known() {
    if (this.product.name === "console") {
      await until("the components to be asked", async () => {
        const { status, json } = await this.visitor.api("components");
        return status === 200 && json.collectedAt > this.toldMs;
      });
      return;
    }
    let last;
    await until(() => `the facts to be known; the server says ${last}`, async () => {
      const { json, bytes } = await this.visitor.api("preview", { method: "POST", body: { as: "grant", withheld: [] } });
      last = bytes.toString().slice(0, 2000);
      return json.facts?.values?.product?.version === this.values.product.version;
    });
  }

  /** The kind of state it came to be: not every catalogue can grow. */
  async live(wanted) {
    const grows = this.product.profile === undefined && grow(this.catalogue, this.states) !== undefined;
    const kind = wanted === "grown" && !grows ? "change" : wanted;
    await { first: () => this.#first(), change: () => this.#change(), later: () => this.#later(), grown: () => this.#grown() }[kind]();
    this.states++;
    return kind;
  }

  async #first() {
    await this.#known();
    await this.#decide(drawWithheld(this.draw, this.catalogue, this.product.profile));
  }

  async #change() {
    this.#tell();
    await this.#counted();
    await this.#known();
    await this.#openDialog();
    await this.#decide(drawWithheld(this.draw, this.catalogue, this.product.profile));
  }

  /** A report under the yes that stands: nobody decides anything. */
  async #later() {
    const { visitor, made } = this;
    this.#tell();
    await this.#counted();
    await this.#known();
    await visitor.openPage("telemetry");
    const preview = await visitor.openReport();
    const now = await looked(visitor, preview, { rows: this.draw.maybe(3) });
    const before = new Set(receiver.ids());
    const sent = await made.reporter(["send"]);
    assert.equal(sent.status, 0, sent.errors);
    const [id] = receiver.ids().filter((one) => !before.has(one));
    const received = receiver.bytes(id);
    assertSame({ "would be sent": now, received });
    await arrived(visitor, made, receiver, received, { id });
    await visitor.openPage("telemetry");
    const last = await visitor.openReport();
    await last.choose("Last sent");
    const { digest, notice } = await until("the last report to be shown", async () => {
      const state = await last.compared();
      return state.digest === sha256(received) && state;
    });
    assert.match(notice, /^Identical/);
    assertSame({ received, "shown as last sent": await last.bytes(), "downloaded as last sent": (await last.download()).bytes });
    assert.equal(digest, sha256(received));
    this.#count(received);
  }

  /** The product's next version may say more: the page asks again, and the old yes covers what it did. */
  async #grown() {
    const grown = grow(this.catalogue, this.states);
    this.catalogue = grown;
    await this.made.stop();
    this.made.catalogue = lab.write(`life-${this.number}-catalogue-${this.states}.json`, grown);
    this.#tell();
    this.values.product.internals ??= {};
    for (const { pointer } of grown.fields.slice(-2)) this.values.product.internals[pointer.split("/").at(-1)] = this.draw.text();
    this.made.tell("facts", { values: this.values });
    await this.made.start();
    await this.visitor.tab.reload();
    await this.#known();
    await this.#counted();
    await this.#openDialog();
    await this.visitor.reads("candor-consent dialog", /2 new items/);
    const standing = (await this.visitor.api("preview", { method: "POST", body: { as: "now", withheld: [] } })).json;
    const old = (await this.visitor.api(`preview/${standing.report.digest}`)).bytes.toString();
    for (const { pointer } of grown.fields.slice(-2)) {
      assert.ok(!old.includes(`"${pointer.split("/").at(-1)}"`), "until somebody decides, nothing new goes out");
    }
    await this.#decide(this.draw.maybe(2) ? [] : drawWithheld(this.draw, grown));
  }

  /** The dialog made its report before the latest facts were there. */
  async #reopen() {
    await this.visitor.closeDialog();
    await this.#openDialog();
  }

  async #openDialog() {
    const { visitor } = this;
    await visitor.openPage("telemetry");
    await visitor.tab.locator("candor-telemetry-page").getByRole("button", { name: /Change the decision|Look and decide|Reopen the decision/ }).click();
    await visitor.dialog.waitFor();
  }

  async #decide(withheld) {
    const { visitor, made } = this;
    if (this.states === 0) await this.#reopen();
    await visitor.settled();
    await visitor.leaveOut(withheld);
    await visitor.settled();
    const bytes = await looked(visitor, visitor.preview, { rows: this.draw.maybe(3) });
    await visitor.agree();
    await visitor.done();
    await visitor.closeDialog();
    const record = await arrived(visitor, made, receiver, bytes);
    assert.equal(record.kind, "shown");
    this.#count(bytes);
  }

  #count(bytes) {
    this.bytes += bytes.length;
    digests.add(sha256(bytes));
  }
}

function post(socketPath, path, body) {
  return new Promise((resolve, reject) => {
    const asked = request({ socketPath, path, method: "POST", agent: false, headers: { "Content-Type": "application/json" } }, (answer) => {
      answer.resume();
      answer.once("end", () => resolve(answer.statusCode));
    });
    asked.once("error", reject);
    asked.end(JSON.stringify(body));
  });
}

const lives = only === undefined ? Array.from({ length: Math.ceil(wanted / STATES) }, (_, i) => i) : [Number(only)];
const digests = new Set();
const totals = { states: 0, bytes: 0, kinds: {} };

for (const number of lives) {
  test(`life ${number} of seed ${seed} keeps its bytes in every state`, { skip, timeout: 300_000 }, async (t) => {
    const life = new Life(number);
    const kinds = ["first"];
    const count = only === undefined ? Math.min(STATES, wanted - number * STATES) : STATES;
    while (kinds.length < count) kinds.push(life.draw.pick(["change", "later", "later", "grown"]));
    t.diagnostic(`${life.product.name} ${life.product.profile ?? ""}: ${kinds.join(", ")}`);
    try {
      await life.begin();
      for (const kind of kinds) {
        try {
          const lived = await life.live(kind);
          totals.states++;
          totals.kinds[lived] = (totals.kinds[lived] ?? 0) + 1;
        } catch (error) {
          error.message = `state ${life.states} (${kind}), replay with CANDOR_SEED=${seed} CANDOR_LIFE=${number}: ${error.message}`;
          throw error;
        }
      }
      assert.deepEqual(life.visitor.tab.complaints.filter((text) => !text.startsWith("Failed to load resource")), []);
    } finally {
      totals.bytes += life.bytes;
      await life.end();
    }
  });
}

after(() => console.log(`# seed ${seed}: ${totals.states} states in ${lives.length} lives, ${digests.size} different reports of ${totals.bytes} bytes, ${JSON.stringify(totals.kinds)}`));
