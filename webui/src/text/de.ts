/** Deutsch. */

import type { Texts } from "./index.js";

const plural = (n: number, one: string, many: string): string => (n === 1 ? one : many);

export const texts: Texts = {
  languageName: "Deutsch",

  common: {
    close: "Schließen",
    copy: "Kopieren",
    copied: "Kopiert",
    download: "Herunterladen",
    retry: "Noch einmal versuchen",
    language: "Sprache",
    theme: "Darstellung",
    themes: { system: "Wie das System", light: "Hell", dark: "Dunkel" },
    sha256: "SHA-256",
    unknown: "unbekannt",
  },

  api: {
    unreachable: "Der Server antwortet nicht. Was Sie sehen, ist vielleicht nicht mehr aktuell.",
    unexpected: (status: number) => `Der Server antwortet mit ${status} und etwas, das diese Seite nicht versteht.`,
    ended: { none: "Niemand ist angemeldet.", expired: "Ihre Sitzung ist abgelaufen. Bitte melden Sie sich noch einmal an.", revoked: "Ihre Sitzung wurde von jemandem beendet. Bitte melden Sie sich noch einmal an." },
    tooMany: (seconds: number) => `Zu viele Versuche. Bitte warten Sie ${seconds} ${plural(seconds, "Sekunde", "Sekunden")}.`,
  },
};
