/** The collector's page. */

import "./candor-collector.js";

import { startTheme } from "../style/theme.js";

startTheme();
document.body.append(document.createElement("candor-collector"));
