/** The served page. */

import "../elements/candor-preferences.js";

import { startTheme } from "../style/theme.js";

startTheme();
document.body.append(document.createElement("candor-preferences"));
