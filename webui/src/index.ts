/** The elements and what they need, for a product's own admin page: see README.md. */

export { CandorPreferences } from "./elements/candor-preferences.js";
export { ApiClient, type Answer } from "./api/client.js";
export { ProblemError } from "./api/problem.js";
export { watch } from "./api/events.js";
export type * from "./api/types.js";
export { type CoreOptions, CoreClient } from "./core/client.js";
export { languages, setLanguage, type Texts } from "./text/index.js";
export { setTheme, startTheme, type Theme } from "./style/theme.js";
