// Real programs for the tests with a browser, on free ports of this machine: servers with metrics, a
// receiver, and `candor serve`. All that a lab started ends with it, and at the latest with the test.
import { spawn } from "node:child_process";
import { mkdtempSync, mkdirSync, openSync, closeSync, readFileSync, readdirSync, rmSync, writeFileSync, renameSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";

import { native, root } from "./browser.mjs";

const COLLECTOR = join(root, "build/native/native/cli/candor-collector");
const RECEIVER = join(root, "build/native/tests/native/test_receiver");
const LISTENING = /msg="Listening on" address=([\d.:]+)/;
const STARTS_WITHIN_MS = 30_000;

// A program that is still there when this process ends, by whatever way, ends with it.
const running = new Set();
process.on("exit", () => running.forEach((child) => child.kill("SIGKILL")));
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.once(signal, () => process.exit(1));

/** Waits until `ask` gives something that counts as true, and returns that. */
export async function until(what, ask, mostMs = 20_000) {
  const end = performance.now() + mostMs;
  for (;;) {
    const found = await ask();
    if (found) return found;
    if (performance.now() > end) throw new Error(`waited ${mostMs} ms for ${typeof what === "function" ? what() : what}`);
    await pause(20);
  }
}

/** One program, and the file with all it says. */
class Program {
  constructor(lab, name, command, words, environment = {}) {
    this.name = name;
    this.log = join(lab.folder, `${name}-${lab.programs.length}.log`);
    const log = openSync(this.log, "w");
    this.child = spawn(command, words, { stdio: ["ignore", log, log], env: { ...process.env, ...environment } });
    closeSync(log);
    this.child.once("error", (error) => (this.failure = error));
    this.ended = new Promise((resolve) => {
      const end = () => resolve(running.delete(this.child));
      this.child.once("exit", end).once("error", end);
    });
    running.add(this.child);
    lab.programs.push(this);
  }

  said() {
    return readFileSync(this.log, "utf8");
  }

  isRunning() {
    return this.failure === undefined && this.child.exitCode === null && this.child.signalCode === null;
  }

  /** What the expression finds in its log, once it is there. */
  async says(expression, mostMs = STARTS_WITHIN_MS) {
    const told = () => `${this.name} to say ${expression}; it said:\n${this.said()}`;
    return until(told, () => {
      const found = expression.exec(this.said());
      if (found === null && !this.isRunning()) throw new Error(`${this.name} ended; it said:\n${this.said()}${this.failure ?? ""}`);
      return found;
    }, mostMs);
  }

  signal(name) {
    if (this.isRunning()) this.child.kill(name);
  }

  /** SIGTERM, and SIGKILL to whoever does not mind. */
  async end() {
    if (!this.isRunning()) return;
    this.child.kill("SIGCONT");
    this.child.kill("SIGTERM");
    const timer = setTimeout(() => this.child.kill("SIGKILL"), 5000);
    await this.ended;
    clearTimeout(timer);
  }

  async kill() {
    this.signal("SIGKILL");
    await this.ended;
  }
}

export class Lab {
  constructor() {
    this.folder = mkdtempSync(join(tmpdir(), "candor-lab-"));
    this.programs = [];
    this.servers = [];
  }

  async close() {
    await Promise.all(this.programs.map((program) => program.end()));
    for (const server of this.servers) server.close();
    if (process.env.CANDOR_KEEP) console.log(`kept: ${this.folder}`);
    else rmSync(this.folder, { recursive: true, force: true });
  }

  path(...parts) {
    return join(this.folder, ...parts);
  }

  /** Three real servers, as components of a Console's configuration. */
  async startComponents() {
    const start = async (name, id, words, ready) => {
      const program = new Program(this, id, words[0], [...words.slice(1), "--web.listen-address=127.0.0.1:0"]);
      const [, at] = await program.says(LISTENING);
      return { name, id, readiness: `http://${at}${ready}`, metrics: `http://${at}/metrics` };
    };
    writeFileSync(this.path("prometheus.yml"), "global: {}\n");
    return Promise.all([
      start("Node Exporter", "node-exporter", ["prometheus-node-exporter"], "/"),
      start("Prometheus", "prometheus", ["prometheus", `--config.file=${this.path("prometheus.yml")}`, `--storage.tsdb.path=${this.path("prometheus")}`], "/-/ready"),
      start("Pushgateway", "pushgateway", ["prometheus-pushgateway"], "/-/ready"),
    ]);
  }

  /** A component of the test's own: `texts.metrics` is its exposition, and may change. */
  async startExposition(name, id, texts) {
    const server = createServer((request, response) => {
      response.setHeader("Content-Type", "text/plain; version=0.0.4");
      response.end(request.url === "/metrics" ? texts.metrics : "UP");
    });
    await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
    this.servers.push(server);
    const at = `http://127.0.0.1:${server.address().port}`;
    return { name, id, readiness: `${at}/`, metrics: `${at}/metrics` };
  }

  async startReceiver(words = []) {
    const folder = mkdtempSync(this.path("received-"));
    const program = new Program(this, "receiver", RECEIVER, [...words, folder]);
    const [, endpoint] = await program.says(/^(https?:\S+)$/m);
    return {
      program, endpoint, folder,
      /** Ids of what it accepted. */
      ids: () => readdirSync(folder).filter((name) => name.endsWith(".json")).map((name) => name.slice(0, -5)),
      bytes: (id) => readFileSync(join(folder, `${id}.json`)),
    };
  }

  async startCollector(words = []) {
    const folder = mkdtempSync(this.path("collector-"));
    const program = new Program(this, "collector", COLLECTOR, ["serve", "--folder", folder, "--listen", "127.0.0.1:0", ...words]);
    const [, at] = await program.says(/(127\.0\.0\.1:\d+)/);
    return { program, folder, address: `http://${at}/`, endpoint: `http://${at}/v1/reports` };
  }

  /** Writes whole, as programs should that others watch. */
  write(name, content) {
    const path = this.path(name);
    writeFileSync(`${path}.new`, typeof content === "string" || content instanceof Uint8Array ? content : JSON.stringify(content));
    renameSync(`${path}.new`, path);
    return path;
  }

  /** A state folder with a configuration, and the server on it once start() was called. */
  installation(name, options) {
    return new Installation(this, name, options);
  }
}

/** One installation: configuration, state, facts, and the server that runs on them. */
export class Installation {
  constructor(lab, name, { configuration, facts, catalogue, profile, words = [], environment = {} }) {
    this.lab = lab;
    this.name = name;
    this.words = words;
    this.environment = environment;
    this.state = lab.path(`${name}-state`);
    this.factsFolder = lab.path(`${name}-facts`);
    mkdirSync(this.factsFolder);
    this.catalogue = catalogue;
    this.profile = profile;
    this.configure(configuration);
    if (facts !== undefined) this.tell("facts", facts);
  }

  configure(configuration) {
    this.config = this.lab.write(`${this.name}.json`, configuration);
  }

  /** A file of the facts folder. */
  tell(name, facts) {
    this.lab.write(`${this.name}-facts/${name}.json`, facts);
  }

  #made() {
    const words = ["--config", this.config, "--state-folder", this.state];
    if (this.catalogue !== undefined) words.push("--catalogue", this.catalogue);
    if (this.profile !== undefined) words.push("--profile", this.profile);
    return words;
  }

  /** Starts the server; again, it listens where it listened before. */
  async start() {
    const at = this.address === undefined ? "127.0.0.1:0" : new URL(this.address).host;
    this.program = new Program(this.lab, `${this.name}-serve`, native, [
      "serve", ...this.#made(), "--facts-folder", this.factsFolder, "--collect-every", "10", "--admin", at, ...this.words,
    ], this.environment);
    const [, address] = await this.program.says(/The page is at (https?:\/\/[\d.]+:\d+)/);
    this.address = `${address}/`;
    return this;
  }

  /** The one-time link; the server prints it while there is no account. */
  async setupLink() {
    const [link] = await this.program.says(/https?:\/\/\S+\/#setup=[\w-]+/);
    return link;
  }

  pause() {
    this.program.signal("SIGSTOP");
  }

  resume() {
    this.program.signal("SIGCONT");
  }

  async stop() {
    await this.program.end();
  }

  async kill() {
    await this.program.kill();
  }

  /** A command on the same state: {status, output, errors}. */
  async candor(words, { input = "", environment = {} } = {}) {
    return run(native, words, input, { ...this.environment, ...environment });
  }

  /** As candor(), with this installation's configuration and state. */
  reporter(words, options) {
    return this.candor([...words, ...this.#made()], options);
  }

  /** `candor user ...`: accounts, beside the running server. */
  user(words, password = "") {
    return this.candor(["user", ...words, "--state-folder", this.state], { input: `${password}\n` });
  }
}

function run(program, words, input, environment) {
  const child = spawn(program, words, { stdio: ["pipe", "pipe", "pipe"], env: { ...process.env, ...environment } });
  running.add(child);
  const [output, errors] = [[], []];
  child.stdout.on("data", (bytes) => output.push(bytes));
  child.stderr.on("data", (bytes) => errors.push(bytes));
  child.stdin.on("error", () => {});
  child.stdin.end(input);
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (status) => {
      running.delete(child);
      resolve({ status, output: Buffer.concat(output), errors: Buffer.concat(errors).toString() });
    });
  });
}
