/** The served page. */

import "../elements/candor-app.js";

import { ApiClient } from "../api/client.js";
import { startTheme } from "../style/theme.js";

startTheme();
const app = document.createElement("candor-app");
app.api = new ApiClient();
document.body.append(app);
