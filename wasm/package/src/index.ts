/** Candor's core for browsers and node: see README.md. */

export { Core, CoreLoadError, loadCore, type ModuleSource } from "./core.js";
export type { Input, Outcome, Status } from "./types.js";
export {
  buildReport, type ConfigurationRequest, type CoreProblem, digest, type NamedText, ProblemsError,
  type ReportRequest, validate,
} from "./helpers.js";
