// Builds dist/page (what `candor serve` holds), dist/collector (what `candor-collector` holds),
// dist/lib (the npm package) and dist/candor-offline.html (one file for file://), from the same
// sources. They differ in how the worker and the WebAssembly module are reached: see
// src/core/platform.d.ts; the collector's page needs neither.
import { createHash } from "node:crypto";
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, relative } from "node:path";
import { fileURLToPath } from "node:url";

import { build } from "vite";

const at = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url));
const wasm = readFileSync(createRequire(import.meta.url).resolve("@candor/core/candor-core.wasm"));
const hash = (bytes, length) => createHash("sha256").update(bytes).digest("base64url").slice(0, length);
const TARGET = "es2022";
const ELEMENTS = readdirSync(at("src/elements")).map((name) => name.replace(/\.ts$/, ""));

const common = {
  configFile: false,
  logLevel: "warn",
  root: at("src"),
  publicDir: false,
  define: { "process.env.NODE_ENV": '"production"' },
};

/** The module of that name that src/core imports, with this text. */
function platform(code) {
  return {
    name: "candor-platform",
    resolveId: (id) => (id === "virtual:candor-platform" ? "\0candor-platform" : null),
    load: (id) => (id === "\0candor-platform" ? code : null),
  };
}

/** One script without imports; returned, not written. */
async function bundleOne(entry, plugins = []) {
  const { output } = await build({
    ...common,
    plugins,
    build: {
      write: false, target: TARGET, minify: "oxc", modulePreload: false,
      rolldownOptions: { input: at(entry), output: { codeSplitting: false, format: "es" } },
    },
  });
  if (output.length !== 1) throw new Error(`${entry} gives ${output.map(({ fileName }) => fileName)}`);
  return output[0].code;
}

/** What a chart of lines does not need of uPlot; the build fails where a new version looks different. */
const UNUSED = [
  [/\(paths\.(stepped|bars|spline) *= \w+\);/g, ""],
  [/uPlot\.(?!paths)\w+ *= \w+;/g, ""],
  [/const (showLegend|showCursor) = +\w+\.show;/g, "const $1 = false;"],
  // Nothing is pointed at, here or in another chart.
  [/events\.\w+ = (mouse\w+|dblClick);/g, ""],
  // The page writes times and chooses their distances itself.
  [/const FEAT_TIME += true;/g, "const FEAT_TIME = false;"],
  [/let isTime = [^;]+;/g, "const isTime = false;"],
  [/const _time\w+ += .*;/g, ""],
  [/const \[ timeIncrs.*;/g, ""],
  // All scales are linear, and all series share the times.
  [/\b(\w*sc|scale|scaleX)\.distr +(==|>=) +(2|3|4|100)\b|\bxScaleDistr == \d/g, "false"],
  [/(let|const) mode = \w+\.mode;/g, "const mode = 1;"],
];

function trimUPlot() {
  const trim = (code, [pattern, left]) => {
    const trimmed = code.replace(pattern, left);
    if (trimmed === code) throw new Error(`uPlot has no ${pattern} any more`);
    return trimmed;
  };
  return {
    name: "candor-trim-uplot",
    transform: (code, id) => (id.endsWith("/uPlot.esm.js") ? UNUSED.reduce(trim, code) : null),
  };
}

/** Line breaks of a minified script stand in templates alone, where most white space says nothing. */
function dropIndentation() {
  const drop = (code) => code.replace(/\n\s+/g, "\n").replace(/([;{])\n/g, "$1");
  return { name: "candor-drop-indentation", renderChunk: { order: "post", handler: drop } };
}

/** A page says nothing of what only other pages say; src/text keeps a language in one file. */
function keepWords(isSaid) {
  const drop = (code, id) => {
    if (!/\/src\/text\/[a-z]{2}\.ts$/.test(id)) return null;
    const left = code.replace(/^  (\w+): \{\n.*?^  \},\n/gms, (words, name) => (isSaid(name) ? words : ""));
    if (left === code) throw new Error(`${id} has no words for other pages`);
    return left;
  };
  return { name: "candor-keep-words", enforce: "pre", transform: drop };
}

const ofServedPage = (name) => !["offline", "collector"].includes(name);
const ofCollector = (name) => ["common", "api", "app", "collector"].includes(name);

async function buildPage(worker) {
  const workerName = `assets/core-worker-${hash(worker, 8)}.js`;
  const wasmName = `candor-core-${hash(wasm, 8)}.wasm`;
  await build({
    ...common,
    root: at("src/page"),
    publicDir: at("src/page/public"),
    base: "./",
    plugins: [trimUPlot(), keepWords(ofServedPage), dropIndentation(), platform(`
      const near = (name) => new URL(name, document.baseURI).href;
      export const workerAddress = () => near(${JSON.stringify(workerName)});
      export async function readModule() {
        const answer = await fetch(near(${JSON.stringify(wasmName)}));
        if (!answer.ok) throw new Error(answer.url + " answers " + answer.status);
        return answer.arrayBuffer();
      }`)],
    build: {
      outDir: at("dist/page"), emptyOutDir: true, target: TARGET, minify: "oxc",
      assetsInlineLimit: 0, modulePreload: { polyfill: false }, reportCompressedSize: false,
    },
  });
  writeFileSync(at(`dist/page/${workerName}`), worker);
  writeFileSync(at(`dist/page/${wasmName}`), wasm);
  cpSync(at("dist/candor-offline.html"), at("dist/page/offline.html"));
}

function buildCollector() {
  return build({
    ...common,
    root: at("src/collector"),
    publicDir: at("src/page/public"),
    base: "./",
    plugins: [keepWords(ofCollector), dropIndentation()],
    build: {
      outDir: at("dist/collector"), emptyOutDir: true, target: TARGET, minify: "oxc",
      assetsInlineLimit: 0, modulePreload: { polyfill: false }, reportCompressedSize: false,
    },
  });
}

async function buildLibrary(worker) {
  const entries = ["index", ...ELEMENTS.map((name) => `elements/${name}`)];
  await build({
    ...common,
    build: {
      outDir: at("dist/lib"), emptyOutDir: true, target: TARGET, minify: false,
      lib: { entry: Object.fromEntries(entries.map((name) => [name, at(`src/${name}.ts`)])), formats: ["es"] },
      rolldownOptions: {
        external: (id) => /^(lit|@lit|uplot|yaml)(\/|$)/.test(id) || id === "virtual:candor-platform",
        output: { paths: { "virtual:candor-platform": "candor-platform" }, chunkFileNames: "shared/[name].js" },
      },
    },
    plugins: [relinkPlatform()],
  });
  writeFileSync(at("dist/lib/core-worker.js"), worker);
  writeFileSync(at("dist/lib/candor-core.wasm"), wasm);
  // Plain enough for other bundlers to see that two files belong to it.
  writeFileSync(at("dist/lib/platform.js"), `\
export const workerAddress = () => new URL("./core-worker.js", import.meta.url).href;
export async function readModule() {
  const answer = await fetch(new URL("./candor-core.wasm", import.meta.url));
  if (!answer.ok) throw new Error(answer.url + " answers " + answer.status);
  return answer.arrayBuffer();
}
`);
}

/** The package's modules lie in several folders; each finds platform.js from where it is. */
function relinkPlatform() {
  return {
    name: "candor-relink",
    generateBundle(_options, bundle) {
      for (const chunk of Object.values(bundle)) {
        const up = relative(`/${chunk.fileName}/..`, "/platform.js");
        const path = up.startsWith(".") ? up : `./${up}`;
        chunk.code = chunk.code?.replaceAll('"candor-platform"', JSON.stringify(path));
      }
    },
  };
}

async function buildOffline(worker) {
  const script = await bundleOne("src/offline/main.ts", [keepWords((name) => name !== "collector"), platform(`
    const worker = ${JSON.stringify(worker)};
    const wasm = ${JSON.stringify(wasm.toString("base64"))};
    let address;
    export const workerAddress = () => (address ??= URL.createObjectURL(new Blob([worker], { type: "text/javascript" })));
    export async function readModule() {
      return Uint8Array.from(atob(wasm), (letter) => letter.charCodeAt(0)).buffer;
    }`)]);
  // "</script" would end the element; in strings and regular expressions the backslash says nothing.
  const inline = script.replaceAll("</script", "<\\/script").replaceAll("<!--", "<\\!--");
  const digest = createHash("sha256").update(inline).digest("base64");
  const policy = [
    "default-src 'none'", `script-src 'sha256-${digest}' 'wasm-unsafe-eval'`, "worker-src blob:",
    "connect-src 'none'", "img-src data:", "form-action 'none'", "base-uri 'none'", "object-src 'none'",
    "require-trusted-types-for 'script'", "trusted-types candor lit-html",
  ].join("; ");
  const page = readFileSync(at("src/offline/index.html"), "utf8");
  const [before, after] = page.split("<!-- script -->");
  writeFileSync(
    at("dist/candor-offline.html"),
    `${before.replace("POLICY", policy)}<script type="module">${inline}</script>${after}`,
  );
}

const started = performance.now();
rmSync(at("dist/page"), { recursive: true, force: true });
rmSync(at("dist/lib"), { recursive: true, force: true });
mkdirSync(at("dist"), { recursive: true });
const worker = await bundleOne("src/core/worker.ts");
await buildOffline(worker);
await buildPage(worker);
await buildCollector();
await buildLibrary(worker);
console.log(`${basename(at("dist"))}: page, collector, lib and candor-offline.html in ${Math.round(performance.now() - started)} ms`);
