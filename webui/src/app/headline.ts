/** What a status means in one word, for the headline of the page. */

import type { Status } from "../api/types.js";

export type Headline = "enabled" | "undecided" | "denied" | "download" | "blocked" | "disabled";

export function headlineOf(status: Status): Headline {
  switch (status.action) {
    case "off":
      return "disabled";
    case "wait":
    case "send":
      return "enabled";
    case "ask":
      return "undecided";
    default:
      break;
  }
  if (status.mode === "download") return "download";
  return status.reasons.at(-1)?.rule === "endpoint" ? "blocked" : "denied";
}

/** The server's reason why nothing can be sent before its time; undefined: it can. */
export function whyNotSent({ action, reasons }: Status): string | undefined {
  const { rule, text } = reasons.at(-1) ?? {};
  return action === "send" || (action === "wait" && rule !== "review") ? undefined : text;
}

/** Whether the configuration leaves anything to decide. */
export const mayBeDecided = ({ action, mode }: Status): boolean => action !== "off" && mode === "online";
