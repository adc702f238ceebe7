// The chain that no byte may change in: what the page built, what the server has, what was
// downloaded, sealed, received, and stands in the history.
import assert from "node:assert/strict";

import { sha256 } from "./browser.mjs";
import { until } from "./lab.mjs";
import { fileName } from "./visitor.mjs";

/** What can be seen of a report before anybody agreed to it. */
export async function looked(visitor, preview, { rows = true } = {}) {
  const { digest, notice } = await preview.compared();
  assert.match(notice, /^Identical/, `the page says: ${notice}`);
  const built = await preview.bytes();
  assert.equal(sha256(built), digest, "the SHA-256 shown is that of the bytes shown");
  const server = await visitor.api(`preview/${digest}`);
  assert.equal(server.status, 200, server.bytes.toString());
  const download = await preview.download();
  const same = { built, "the server's": server.bytes, downloaded: download.bytes };
  // Longer lines are cut in the rows, which say so.
  if (rows && longestLine(built) <= 4000) same["read off the rows"] = await preview.rows();
  assertSame(same);
  assert.equal(download.name, fileName(built));
  return built;
}

/** What became of a report once it was agreed to. `id`: the newest one, unless given. */
export async function arrived(visitor, made, receiver, bytes, { id } = {}) {
  const { json } = await visitor.api("reports?limit=1");
  const [record] = json.reports;
  id ??= record.id;
  const sealed = await visitor.api(`reports/${id}/bytes`);
  assertSame({ built: bytes, sealed: sealed.bytes });
  if (!["accepted"].includes(record.fate)) {
    const sent = await made.reporter(["send"]);
    assert.equal(sent.status, 0, sent.errors);
  }
  await until("the report to arrive", () => receiver.ids().includes(id));
  const kept = await until("its acceptance to be recorded", async () => {
    const { json: now } = await visitor.api(`reports/${id}`);
    return now.fate === "accepted" && now;
  });
  const history = await visitor.api(`reports/${id}/bytes`);
  const shown = await made.candor(["history", "show", id, "--bytes", "--config", made.config, "--state-folder", made.state]);
  assertSame({ built: bytes, received: receiver.bytes(id), "kept by the server": history.bytes, "shown by the command": shown.output });
  const digest = sha256(bytes);
  assert.equal(kept.digest, digest);
  const journal = (await visitor.api("history")).bytes.toString();
  assert.ok(journal.includes(digest) && journal.includes(id), "the journal names the report and its SHA-256");
  return kept;
}

const longestLine = (bytes) => Math.max(...bytes.toString().split("\n").map((line) => Buffer.byteLength(line)));

export function assertSame(versions) {
  const digests = Object.fromEntries(Object.entries(versions).map(([name, bytes]) => [name, sha256(bytes)]));
  const [first] = Object.values(digests);
  for (const [name, digest] of Object.entries(digests)) {
    assert.equal(digest, first, `${name} differs: ${JSON.stringify(digests, null, 2)}`);
  }
  return first;
}
