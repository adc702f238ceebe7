/** The stand-alone page. */

import "./candor-offline.js";

import { startTheme } from "../style/theme.js";
import { language } from "../text/index.js";

startTheme();
document.documentElement.lang = language();
// A file dropped beside the place for it would replace the page.
for (const type of ["dragover", "drop"]) window.addEventListener(type, (event) => event.preventDefault());
document.body.append(document.createElement("candor-offline"));
