// The stream of cases and native outcomes that parity_cases prints; its form stands in main.cc.
import { spawn } from "node:child_process";

// Yields the cases as they arrive; throws when the program fails or the stream is cut.
export async function* nativeCases(program, words) {
  const child = spawn(program, words, { stdio: ["ignore", "pipe", "inherit"] });
  const exit = new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => resolve(code ?? signal));
  });
  exit.catch(() => {});
  let pending = Buffer.alloc(0);
  for await (const chunk of child.stdout) {
    pending = pending.length === 0 ? chunk : Buffer.concat([pending, chunk]);
    for (let made; (made = takeCase(pending)) !== undefined; ) {
      pending = pending.subarray(made.size);
      yield made;
    }
  }
  const status = await exit;
  if (status !== 0) throw new Error(`${program} ended with ${status}`);
  if (pending.length !== 0) throw new Error(`${program} printed half a case`);
}

// The first case of the bytes, or nothing when it is not complete.
function takeCase(bytes) {
  let at = 0;
  const number = () => {
    if (at + 4 > bytes.length) throw new Incomplete();
    return bytes.readUInt32LE((at += 4) - 4);
  };
  const take = () => {
    const size = number();
    if (at + size > bytes.length) throw new Incomplete();
    return bytes.subarray(at, (at += size));
  };
  try {
    const name = take().toString();
    const operation = take().toString();
    const inputs = Array.from({ length: number() }, () => ({ name: take().toString(), bytes: take() }));
    const outcome = { status: number(), digest: take().toString(), errors: take() };
    return { name, operation, inputs, outcome, size: at };
  } catch (error) {
    if (error instanceof Incomplete) return undefined;
    throw error;
  }
}

class Incomplete extends Error {}
