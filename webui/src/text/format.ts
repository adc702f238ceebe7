/** Numbers, sizes and times as the language chosen writes them. */

import { language } from "./index.js";

const UNITS = ["byte", "kilobyte", "megabyte", "gigabyte"] as const;

/** Making one costs more than using it. */
const made = new Map<string, Intl.NumberFormat | Intl.DateTimeFormat | Intl.RelativeTimeFormat>();

function once<T extends Intl.NumberFormat | Intl.DateTimeFormat | Intl.RelativeTimeFormat>(
  kind: string,
  make: (language: string) => T,
): T {
  const key = `${language()} ${kind}`;
  const known = made.get(key);
  if (known !== undefined) return known as T;
  const format = make(language());
  made.set(key, format);
  return format;
}

export function formatNumber(value: number | bigint): string {
  return once("number", (code) => new Intl.NumberFormat(code)).format(value);
}

/** 0.1234 as 12.34 %. */
export function formatShare(value: number): string {
  return once("share", (code) => new Intl.NumberFormat(code, { style: "percent", maximumFractionDigits: 2 })).format(value);
}

/** Decimal units: 1 kB is 1,000 bytes. */
export function formatBytes(bytes: number): string {
  let size = bytes;
  let step = 0;
  while (size >= 1000 && step < UNITS.length - 1) {
    size /= 1000;
    step++;
  }
  const unit = UNITS[step] ?? "byte";
  const unitDisplay = step === 0 ? "long" : "short";
  const make = (code: string): Intl.NumberFormat =>
    new Intl.NumberFormat(code, { style: "unit", unit, unitDisplay, maximumFractionDigits: 1 });
  return once(unit, make).format(size);
}

/** Unix milliseconds as date and time of day, in the browser's time zone. */
export function formatTime(unixMs: number): string {
  const make = (code: string): Intl.DateTimeFormat =>
    new Intl.DateTimeFormat(code, { dateStyle: "medium", timeStyle: "medium" });
  return once("time", make).format(unixMs);
}

const SPANS: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ["day", 86_400_000], ["hour", 3_600_000], ["minute", 60_000], ["second", 1000],
];

/** "in 3 hours", "2 days ago". */
export function formatDistance(unixMs: number, nowMs: number): string {
  const make = (code: string): Intl.RelativeTimeFormat => new Intl.RelativeTimeFormat(code, { numeric: "auto" });
  const format = once("distance", make);
  const distance = unixMs - nowMs;
  for (const [unit, size] of SPANS) {
    if (Math.abs(distance) >= size || unit === "second") return format.format(Math.round(distance / size), unit);
  }
  return "";
}

/** 86400 as "24 hours", 172800 as "2 days": the largest unit of which it is several. */
export function formatSpan(seconds: number): string {
  const several = ([, size]: readonly [string, number]): boolean => seconds % size === 0 && seconds / size > 1;
  const [unit, size] = ([["day", 86_400], ["hour", 3600], ["minute", 60]] as const).find(several) ?? (["second", 1] as const);
  const make = (code: string): Intl.NumberFormat => new Intl.NumberFormat(code, { style: "unit", unit, unitDisplay: "long" });
  return once(`span ${unit}`, make).format(seconds / size);
}
