/** What differs between the served page, the package and the one-file page; see scripts/build.mjs. */
declare module "virtual:candor-platform" {
  /** The address of the worker's script. */
  export function workerAddress(): string;
  /** Where candor-core.wasm comes from. */
  export function readModule(): Promise<ArrayBuffer>;
}
