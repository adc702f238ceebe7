// The exposition benchmark's peer in JavaScript: the parser that Camunda's Console behaves like.
//
// Usage: node exposition.mjs digest|time MODULE_FOLDER INPUT SELECTION
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const [mode, folder, input, selectionFile] = process.argv.slice(2);
const require = createRequire(`${folder}/`);
const loaded = require('parse-prometheus-text-format');
const parse = loaded.default ?? loaded;

const text = readFileSync(input, 'utf8');
const selections = new Map();
for (const line of readFileSync(selectionFile, 'utf8').trim().split('\n')) {
  const [name, ...labels] = line.split(/\s+/);
  selections.set(name, labels.sort());
}

function hashOf(name, labels, value) {
  const fields = labels.map(([label, text]) => `\x1f${label}=${text}`).join('');
  const number = Buffer.alloc(4);
  number.writeFloatLE(Number(value));
  let hash = 0xcbf29ce484222325n;
  for (const byte of Buffer.concat([Buffer.from(`${name}${fields}\x1f`), number])) {
    hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
  }
  return hash;
}

if (mode === 'digest') {
  let count = 0;
  let sum = 0n;
  for (const family of parse(text)) {
    const allowed = selections.get(family.name);
    if (!allowed) continue;
    for (const metric of family.metrics) {
      const labels = allowed
        .filter((label) => metric.labels && label in metric.labels)
        .map((label) => [label, metric.labels[label]]);
      sum = BigInt.asUintN(64, sum + hashOf(family.name, labels, metric.value));
      count += 1;
    }
  }
  console.log(`${count} ${sum.toString(16).padStart(16, '0')}`);
} else {
  // CPU seconds of the whole process: other work on the machine must not count.
  const cpuSeconds = () => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1e6;
  };
  parse(text); // Warms up.
  let runs = 0;
  const start = cpuSeconds();
  do {
    parse(text);
    runs += 1;
  } while (cpuSeconds() - start < 0.6);
  const seconds = (cpuSeconds() - start) / runs;
  console.log((Buffer.byteLength(text) / 1e6 / seconds).toFixed(1));
}
