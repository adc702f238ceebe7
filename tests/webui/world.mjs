// Real installations of the Console's kind for the tests of the page: components, a receiver, users.
import { basename } from "node:path";

import { catalogues } from "./draw.mjs";

export const PASSWORDS = {
  ada: "correct horse battery staple", grace: "debugging moths since 1947", vic: "just looking around here",
};

const ROLES = { ada: "superuser", grace: "superuser", vic: "viewer" };
const VITALS = `# TYPE process_cpu_usage gauge
process_cpu_usage 0.0052
# TYPE jvm_memory_max_bytes gauge
jvm_memory_max_bytes{area="heap",id="G1 Old Gen"} 5.36870912E8
# TYPE jvm_memory_used_bytes gauge
jvm_memory_used_bytes{area="heap",id="G1 Old Gen"} 7.9884391E7
`;

const GROWN = {
  key: "jvm_threads_peak_threads", components: ["operate"], title: "Most threads", unit: "threads", since: "8.6",
  description: "The most threads that ran at one time since the component started.", why: "Shows how many threads to plan for.",
};

let prepared;
let numbers = 0;

export class World {
  /** What all worlds of a lab share: components and a receiver. */
  static async prepare(lab) {
    const component = (name, id) => lab.startExposition(name, id, { metrics: VITALS });
    const [identity, operate, [node], receiver] = await Promise.all([
      component("Identity", "identity"), component("Operate", "operate"), lab.startComponents(), lab.startReceiver(),
    ]);
    prepared = { components: [{ name: "Console", id: "console" }, identity, operate, node], receiver };
  }

  static async start(lab, users) {
    const world = new World();
    const { components, receiver } = prepared;
    world.lab = lab;
    world.made = lab.installation(`world-${++numbers}`, {
      configuration: {
        mode: "online", endpoint: receiver.endpoint, customerId: "urbanisierung-in-da-house", installationId: "lenovo-diypunk",
        managed: { method: "plain", releases: [{ name: "camunda", namespace: "default", components }] },
      },
      catalogue: lab.write(`catalogue-${numbers}.json`, catalogues.console),
    });
    await world.made.start();
    for (const name of users) {
      const { status, errors } = await world.made.user(["add", name, "--role", ROLES[name]], PASSWORDS[name]);
      if (status !== 0) throw new Error(errors);
    }
    return world;
  }

  get address() {
    return this.made.address;
  }

  setupLink() {
    return this.made.setupLink();
  }

  stop() {
    return this.made.stop();
  }

  /** The same installation after an update whose reports hold one more metric. */
  async grow() {
    const catalogue = structuredClone(catalogues.console);
    catalogue.fields.find(({ points }) => points).points.push(GROWN);
    await this.made.stop();
    this.lab.write(basename(this.made.catalogue), catalogue);
    await this.made.start();
  }

  /** A request as a program makes it, by name and password. */
  async call(method, path, { as = "ada", password = PASSWORDS[as], body, headers = {} } = {}) {
    const response = await fetch(new URL(path, this.address), {
      method,
      headers: {
        Authorization: `Basic ${Buffer.from(`${as}:${password}`).toString("base64")}`,
        ...(body && { "Content-Type": "application/json" }), ...headers,
      },
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, etag: response.headers.get("ETag"), text, json: () => JSON.parse(text) };
  }
}
