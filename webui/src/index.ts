/** The elements and what they need, for a product's own admin page: see README.md. */

export { CandorAccount } from "./elements/candor-account.js";
export { CandorApp } from "./elements/candor-app.js";
export { CandorConsent } from "./elements/candor-consent.js";
export { CandorFieldNote } from "./elements/candor-field-note.js";
export { CandorHistory } from "./elements/candor-history.js";
export { CandorPreferences } from "./elements/candor-preferences.js";
export { CandorProblems, type ShownProblem } from "./elements/candor-problems.js";
export { CandorReportPage } from "./elements/candor-report-page.js";
export { CandorReportPreview } from "./elements/candor-report-preview.js";
export { CandorSettings } from "./elements/candor-settings.js";
export { CandorTelemetryPage } from "./elements/candor-telemetry-page.js";
export { CandorVerify, type ShownReport } from "./elements/candor-verify.js";
export type { Comparison, ComparisonState, PreviewEvents, PreviewSource } from "./preview/source.js";
export { ApiClient, type Answer } from "./api/client.js";
export { ProblemError } from "./api/problem.js";
export { Connection, connectionOf, type News, type Trouble } from "./app/connection.js";
export { watch } from "./api/events.js";
export type * from "./api/types.js";
export type { Catalogue, CatalogueField, PointRule } from "./core/catalogue.js";
export { configureCore, CoreClient, CoreLoadError, type CoreOptions, sharedCore } from "./core/client.js";
export { type HistoryCheck, type HistoryEntry, type KnownReport, knownReports } from "./core/history.js";
export { languages, setLanguage, type Texts } from "./text/index.js";
export { setTheme, startTheme, type Theme } from "./style/theme.js";
