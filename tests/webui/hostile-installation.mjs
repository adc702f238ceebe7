// An installation whose every text is hostile: catalogue, configuration, facts, licence key, scrape.
// As many texts as each place takes; none is left out by all of them.
import { cut } from "./hostile-texts.mjs";

const TITLE_BYTES = 200;
const PROSE_BYTES = 2000;
const VALUE_BYTES = 1024;
const CONTROL = /[\u0000-\u001F\u007F-\u009F\u2028\u2029]/g;
const id = (i) => `t${String(i).padStart(4, "0")}`;

/** One line, as catalogues have them. */
const line = (text, mostBytes) => cut(text.replace(CONTROL, " "), mostBytes).trim() || "-";

const point = (key, kind, text, more) => ({
  key, kind, title: line(text, TITLE_BYTES), description: line(text, PROSE_BYTES), why: line(text, PROSE_BYTES),
  since: line(text, TITLE_BYTES), unit: line(text, 64), ...more,
});

/** A catalogue with a field for each text, which is its title, its words and its example. */
export function hostileCatalogue(texts) {
  const at = (i) => texts[i % texts.length];
  const field = (pointer, type, text, more) => ({
    pointer, type, group: ["general", "environment", "usage"][pointer.length % 3], title: line(text, TITLE_BYTES),
    description: line(text, PROSE_BYTES), why: line(text, PROSE_BYTES), example: cut(text, VALUE_BYTES),
    since: line(text, TITLE_BYTES), purposes: ["purpose"], withhold: true, maxBytes: 65536, ...more,
  });
  const licence = (name, type, text, more) => field(`/license/${name}`, type, text, { sensitivity: "business", ...more });
  return {
    catalogue: 1, name: "hostile", version: line(at(0), 64), title: line(at(1), TITLE_BYTES), description: line(at(2), PROSE_BYTES),
    purposes: { purpose: line(at(3), PROSE_BYTES) },
    fields: [
      field("/installation", "string", at(4), { withhold: false, required: true, sensitivity: "identifier" }),
      field("/customer", "string", at(5), { sensitivity: "business" }),
      field("/named", "string", at(6), {}),
      licence("customer", "string", at(7)),
      licence("raw", "string", at(8)),
      licence("features", "string-map", at(9), { keyPattern: "[A-Za-z][A-Za-z0-9_.-]{0,63}", example: { [id(9)]: at(9) } }),
      field("/list", "string-list", at(10), { example: [at(10)] }),
      field("/map", "string-map", at(11), { keyPattern: "[a-z][a-z0-9]{0,15}", example: { [id(11)]: at(11) } }),
      ...texts.map((text, i) => field(`/text/${id(i)}`, "string", text, {})),
      field("/dataPoints", "data-points", at(12), {
        maxBytes: undefined, example: [],
        points: [
          point("component-count", "component-count", at(13)),
          point("hostile_info", "scraped", at(14), { components: ["*"], labels: ["text", "more"] }),
        ],
      }),
    ],
    license: { pointer: "/license" },
    settings: { "/customer": "customerId", "/named": "installationId" },
  };
}

/** Facts with each text as a value, in a list and in a map. */
export function hostileFacts(texts) {
  const values = texts.map((text) => cut(text, VALUE_BYTES));
  const byId = Object.fromEntries(values.map((text, i) => [id(i), text]));
  return { values: { text: byId, list: values, map: byId } };
}

/** Licence keys that carry the texts as customers and features; texts that no key may hold are left out. */
export function hostileLicences(texts) {
  // What might be a signature makes the whole key unrecognised.
  const plain = (text) => (text.match(/[A-Za-z0-9+/=_-]{8,}/g) ?? []).join("").length < 32;
  const features = texts.map((text) => text.replaceAll(";", ",").replace(CONTROL, " ").trim()).filter((text) => text !== "" && text.length < 400 && plain(text));
  const keys = [];
  for (let i = 0; i < features.length; i += 90) {
    const some = features.slice(i, i + 90);
    keys.push(`c2lnbmF0dXJl;customer=${some[0]};expiryDate=unlimited;${some.map((text, j) => `${id(i + j)}=${text};`).join("")}`);
  }
  return keys;
}

/** Releases and components named by the texts. The components of `real` are asked; the others only stand there. */
export function hostileConfiguration(texts, real, more = {}) {
  const names = [...new Set(texts.filter((text) => text !== "" && !text.startsWith("${")))];
  const release = (name) => ({
    name, namespace: name, version: name, tags: [name], components: [{ name, id: name, version: name }],
  });
  return {
    mode: "online", customerId: texts[5], installationId: texts[6],
    managed: { method: "plain", releases: [{ ...release(names[0]), components: real }, ...names.slice(1).map(release)] },
    ...more,
  };
}

const escaped = (text) => text.replaceAll("\\", "\\\\").replaceAll("\n", "\\n").replaceAll('"', '\\"');

/** Prometheus text with each text in a label; HELP texts too. */
export function hostileExposition(texts) {
  const help = escaped(texts[0]).replaceAll("\r", " ");
  const lines = texts.map((text, i) => `hostile_info{text="${escaped(text)}",more="${escaped(texts[(i + 1) % texts.length])}",n="${i}"} 1`);
  return `# HELP hostile_info ${help}\n# TYPE hostile_info gauge\n${lines.join("\n")}\nprocess_cpu_usage 0.4\n`;
}
