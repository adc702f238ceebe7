/** The one place where an address becomes code: the worker's. Pages may demand Trusted Types. */

interface ScriptPolicy {
  createScriptURL(address: string): URL;
}

interface PolicyFactory {
  createPolicy(name: string, rules: { createScriptURL(address: string): string }): ScriptPolicy;
}

let policy: ScriptPolicy | undefined;

export function startWorker(address: string): Worker {
  const factory = (globalThis as { trustedTypes?: PolicyFactory }).trustedTypes;
  policy ??= factory?.createPolicy("candor", {
    createScriptURL: (given) => {
      if (given !== address) throw new TypeError("only the worker's script is trusted");
      return given;
    },
  });
  // No module: Chromium loads those from a blob: not in a page from file://. The script has no imports.
  return new Worker(policy?.createScriptURL(address) ?? address, { name: "candor-core" });
}
