/** English; the type of every other language. */

const plural = (n: number, one: string, many: string): string => (n === 1 ? one : many);

export const texts = {
  languageName: "English",

  common: {
    close: "Close",
    copy: "Copy",
    copied: "Copied",
    download: "Download",
    retry: "Try again",
    language: "Language",
    theme: "Appearance",
    themes: { system: "As the system", light: "Light", dark: "Dark" },
    sha256: "SHA-256",
    unknown: "unknown",
  },

  api: {
    unreachable: "The server does not answer. What you see may be out of date.",
    unexpected: (status: number) => `The server answers ${status} with something other than this page understands.`,
    ended: { none: "Nobody is signed in.", expired: "Your session has ended. Please sign in again.", revoked: "Your session was ended by somebody. Please sign in again." },
    tooMany: (seconds: number) => `Too many attempts. Please wait ${seconds} ${plural(seconds, "second", "seconds")}.`,
  },
};
