// Through every main state of the page, as one person after another would get there, on a real server.
// What is looked for in each state is its caller's: accessibility, layout, pictures.
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { root } from "./browser.mjs";
import { until } from "./lab.mjs";
import { PASSWORD, Visitor } from "./visitor.mjs";

const golden = join(root, "tests/golden/console-helm-8.5");
const scrape = (name) => readFileSync(join(golden, `scrape.${name}.prom`), "utf8");

/** Numbers that change with every question, and are the same in every run. */
const restless = () => {
  let asked = 0;
  return { get metrics() {
    const wave = Math.sin(asked++ / 2);
    return vitals((0.21 + 0.09 * wave + 0.04 * Math.sin(asked * 2.3)).toFixed(4), Math.round(79_884_391 * (1 + 0.1 * Math.cos(asked / 3))), 536_870_912);
  } };
};

// Beside what the golden case has: what a tile shows of a component.
const vitals = (cpu, used, most) => `
# TYPE process_cpu_usage gauge
process_cpu_usage ${cpu}
# TYPE jvm_memory_max_bytes gauge
jvm_memory_max_bytes{area="heap",id="G1 Old Gen"} ${most}
# TYPE jvm_memory_used_bytes gauge
jvm_memory_used_bytes{area="heap",id="G1 Old Gen"} ${used}
`;
const withVitals = (text, ...numbers) =>
  text.split("\n").filter((line) => !/jvm_memory_(used|max)_bytes|process_cpu_usage/.test(line)).join("\n") + vitals(...numbers);

const operateAt = (memoryUsed) => withVitals(scrape("operate"), 0.0213, memoryUsed, 536_870_912);

/** Components with the same metrics in every run, and two that are not well. */
export async function demoComponents(lab, operateSays = { metrics: operateAt(122_912_768) }) {
  const start = (name, id, metrics) => lab.startExposition(name, id, typeof metrics === "string" ? { metrics } : metrics);
  const [operate, optimize, tasklist, identity, zeebe] = await Promise.all([
    start("Operate", "operate", operateSays),
    start("Optimize", "optimize", withVitals(scrape("optimize"), 0.0921, 410_000_000, 536_870_912)),
    start("Tasklist", "tasklist", withVitals(scrape("tasklist"), 0.0052, 79_884_391, 536_870_912)),
    start("Identity", "identity", restless()),
    start("Zeebe", "zeebe", vitals(0.9412, 1_020_054_732, 1_073_741_824)),
  ]);
  const version = (component, text) => ({ ...component, version: text });
  return [
    version({ name: "Console", id: "console" }, "8.5.0"), version(identity, "8.5.1"), version(operate, "8.5.2"), version(optimize, "8.5.0"),
    version(tasklist, "8.5.2"), version(zeebe, "8.5.2"),
    version({ name: "Zeebe Gateway", id: "zeebeGateway", readiness: "http://127.0.0.1:9/ready", metrics: "http://127.0.0.1:9/metrics" }, "8.5.2"),
  ];
}

export const demoConfiguration = (components, more = {}) => ({
  mode: "online", catalogue: "console", customerId: "urbanisierung-in-da-house", installationId: "lenovo-diypunk",
  managed: { method: "plain", releases: [{ name: "camunda-platform", namespace: "camunda", components }] }, ...more,
});

/** The console's catalogue with one more metric that may be sent. */
function grown(catalogue) {
  const more = structuredClone(catalogue);
  more.fields.find(({ points }) => points).points.push({
    key: "jvm_threads_peak_threads", components: ["operate"], title: "Most threads", unit: "threads", since: "8.6",
    description: "The most threads that ran at one time since the component started.", why: "Shows how many threads to plan for.",
  });
  return more;
}

/**
 * Yields {name, tab} in every main state, one after another; `open` makes a tab:
 * open(address) -> Promise<tab>. All texts are found by what they are, not by what they say.
 */
export async function* walk(lab, open) {
  const catalogue = JSON.parse(readFileSync(join(root, "core/catalogues/console.json"), "utf8"));
  const receiver = await lab.startReceiver();
  const operate = { metrics: operateAt(122_912_768) };
  const components = await demoComponents(lab, operate);
  const number = lab.programs.length;
  const catalogueName = `walk-${number}-catalogue.json`;
  const made = lab.installation(`walk-${number}`, {
    configuration: demoConfiguration(components, { endpoint: receiver.endpoint }), catalogue: lab.write(catalogueName, catalogue),
  });
  await made.start();
  const link = await made.setupLink();
  const tabs = [];
  const enter = async (address) => {
    const tab = await open(address);
    tabs.push(tab);
    return new Visitor(tab);
  };

  try {
    const stranger = await enter(`${made.address}#setup=${"x".repeat(43)}`);
    await stranger.setUp();
    await stranger.tab.locator("candor-setup [role=alert]").waitFor();
    yield { name: "setup-refused", tab: stranger.tab };
    await stranger.tab.close();

    const ada = await enter(link);
    const { tab } = ada;
    const body = tab.locator("candor-consent dialog > .body");
    const goTo = async (page, ready) => {
      await ada.openPage(page);
      await tab.locator(ready).first().waitFor();
    };
    const compared = (scope) => tab.locator(`${scope} candor-report-preview .notice.good`).first().waitFor();
    const consented = async () => {
      await ada.sayLooked();
      await ada.agree();
      await ada.dialog.locator(".notice.good[role=status]").first().waitFor();
      await tab.locator("candor-consent footer .decide button").waitFor();
    };
    await tab.locator("candor-setup form").waitFor();
    yield { name: "setup", tab };
    await tab.locator("candor-setup button.primary").click();
    await tab.locator("candor-setup [aria-invalid=true]").first().waitFor();
    yield { name: "setup-wrong", tab };
    await ada.setUp();

    await compared("candor-consent");
    yield { name: "consent", tab };
    await body.evaluate((element) => element.scrollTo({ top: element.scrollHeight }));
    yield { name: "consent-end", tab };
    const groups = ada.dialog.locator("candor-withholding details");
    await groups.first().locator("summary").click();
    const boxes = groups.first().locator(".choice input");
    await boxes.nth(1).uncheck();
    await boxes.nth(2).uncheck();
    await ada.dialog.locator("candor-withholding").evaluate((element) => element.scrollIntoView());
    await ada.dialog.locator("#grant").waitFor();
    await compared("candor-consent");
    yield { name: "consent-withheld", tab };
    await ada.dialog.locator("#later").click();

    await tab.locator("candor-tile").first().waitFor({ timeout: 30_000 });
    await tab.locator('candor-tile [role="meter"]').first().waitFor();
    yield { name: "telemetry-undecided", tab };
    await tab.locator("candor-tile details summary").first().click();
    await tab.locator("candor-chart canvas").first().waitFor();
    await tab.locator("candor-charts").first().evaluate((element) => element.scrollIntoView({ block: "end" }));
    yield { name: "telemetry-charts", tab };

    await tab.locator("candor-standing .actions button").first().click();
    await compared("candor-consent");
    await consented();
    yield { name: "consent-given", tab };
    await tab.locator("candor-consent footer .decide button").click();
    await made.reporter(["send"]);
    await until("a report to arrive", () => receiver.ids().length > 0);
    await tab.reload();
    await tab.locator("candor-tile").first().waitFor();
    yield { name: "telemetry-enabled", tab };
    await tab.locator("candor-standing summary").click();
    yield { name: "telemetry-why", tab };

    operate.metrics = operateAt(131_203_584);
    const before = (await ada.api("components")).json.collectedAt;
    await until("other numbers to be collected", async () => (await ada.api("components")).json.collectedAt > before, 60_000);
    await goTo("report", "candor-report-page candor-report-preview .notice.good");
    yield { name: "report", tab };
    const preview = tab.locator("candor-report-page candor-report-preview");
    await preview.locator(".line .code").nth(12).click();
    await preview.locator("candor-field-note").waitFor();
    await preview.locator("#search").fill("jvm");
    yield { name: "report-field", tab };
    await preview.locator("select").first().selectOption("last");
    await preview.locator("#differences").waitFor();
    yield { name: "report-compared", tab };

    await goTo("history", "candor-report-row");
    yield { name: "history", tab };
    await tab.locator("candor-report-row summary").first().click();
    await tab.locator("candor-report-row dl").first().waitFor();
    yield { name: "history-report", tab };
    await goTo("settings", "candor-settings table");
    yield { name: "settings", tab };
    await tab.locator("candor-settings [role=switch]").click();
    await tab.locator("candor-settings #keep").waitFor();
    yield { name: "settings-asks", tab };
    await goTo("account", "candor-account table tbody tr");
    yield { name: "account", tab };
    await tab.goto(`${made.address}#nowhere`);
    await tab.locator("candor-app h1").waitFor();
    yield { name: "unknown-page", tab };

    // The field set grows.
    lab.write(catalogueName, grown(catalogue));
    made.program.signal("SIGHUP");
    await tab.goto(`${made.address}#telemetry`);
    await tab.reload();
    await until("the new fields to be known", async () => {
      await tab.locator("candor-standing .notice").or(tab.locator("candor-new-fields")).first().waitFor({ timeout: 5000 }).catch(() => tab.reload());
      return tab.locator("candor-standing .notice").or(tab.locator("candor-new-fields")).count();
    }, 60_000);
    yield { name: "telemetry-grown", tab };
    if (!(await ada.dialog.count())) await tab.locator("candor-standing .actions button").first().click();
    await ada.dialog.locator("candor-new-fields").waitFor();
    await compared("candor-consent");
    yield { name: "consent-grown", tab };
    await ada.dialog.locator("#later").click();

    // Somebody who may only look.
    await made.user(["add", "bob", "--role", "viewer"], PASSWORD);
    const bob = await enter(made.address);
    await bob.tab.locator("candor-sign-in form").waitFor();
    yield { name: "sign-in", tab: bob.tab };
    await bob.signIn("bob", "this is not it");
    await bob.tab.locator("candor-sign-in [role=alert]:not([hidden])").waitFor();
    yield { name: "sign-in-wrong", tab: bob.tab };
    await bob.signIn("bob");
    await bob.tab.locator("candor-tile").first().waitFor();
    yield { name: "telemetry-viewer", tab: bob.tab };
    await bob.openPage("account");
    await bob.tab.locator("candor-account form").waitFor();
    yield { name: "account-viewer", tab: bob.tab };
    await made.user(["remove", "bob"]);
    await bob.tab.reload();
    await bob.tab.locator("candor-sign-in form").waitFor();
    yield { name: "sign-in-ended", tab: bob.tab };

    // A module that is not the one that the page was built with.
    await tab.route("**/candor-core-*.wasm", (route) => route.fulfill({ contentType: "application/wasm", body: Buffer.from("0061736d01000000", "hex") }));
    await tab.goto(`${made.address}#report`);
    await tab.reload();
    await tab.locator("candor-report-page candor-report-preview [role=alert], candor-report-page candor-report-preview .notice.bad").first().waitFor();
    yield { name: "report-refused", tab };
    await tab.unroute("**/candor-core-*.wasm");

    // A no that does not get through, and then does.
    await tab.goto(`${made.address}#telemetry`);
    await tab.reload();
    await tab.locator("candor-standing .actions button").first().click();
    await compared("candor-consent");
    await made.stop();
    await ada.deny();
    await ada.dialog.locator("#again:visible").waitFor({ timeout: 60_000 });
    yield { name: "consent-undelivered", tab };
    await tab.keyboard.press("Escape");
    await tab.locator("candor-connection .notice").waitFor({ timeout: 60_000 });
    yield { name: "telemetry-unreachable", tab };
    await made.start();
    await tab.locator("candor-connection button").click().catch(() => {});
    await tab.locator("candor-consent #again:visible").first().click();
    await tab.locator("candor-consent footer .decide button").click();
    await tab.locator("candor-standing .notice").waitFor({ state: "detached" });
    await tab.locator("candor-connection .notice").waitFor({ state: "detached" });
    yield { name: "telemetry-denied", tab };

    // What only its operator may switch on.
    for (const mode of ["download", "disabled"]) {
      made.configure(demoConfiguration(components, { mode }));
      await made.stop();
      await made.start();
      await tab.goto(`${made.address}#telemetry`);
      await tab.reload();
      await tab.locator("candor-standing").waitFor();
      if (mode === "download" && (await ada.dialog.count())) await ada.dialog.locator("#later").click();
      yield { name: `telemetry-${mode}`, tab };
    }
    await tab.goto(`${made.address}#report`);
    await tab.locator("candor-report-page p").waitFor();
    yield { name: "report-off", tab };
  } finally {
    await Promise.all(tabs.map((opened) => opened.close().catch(() => {})));
    await made.stop();
  }
}
