/**
 * What a bundle says about itself: everything but the facts, which may be large and are the core's
 * business. The bytes are never taken apart for building a report.
 */

import type { Catalogue } from "./catalogue.js";

export interface BundleClaims {
  readonly as: string;
  readonly profile: string;
  readonly catalogue: Catalogue | undefined;
  readonly withheld: readonly string[];
  /** Held back because the reader may not see it. */
  readonly hidden: readonly string[];
  readonly digest: string | undefined;
  readonly bytes: number | undefined;
  readonly fromMs: number | undefined;
  readonly toMs: number | undefined;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const isSpace = (byte: number | undefined): boolean => byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;

/** Nothing for bytes that are no bundle: the core says what is wrong with them. */
export function readClaims(bytes: Uint8Array): BundleClaims | undefined {
  const members = topMembers(bytes);
  if (members === undefined) return undefined;
  const read = (key: string): unknown => {
    const range = members.get(key);
    if (range === undefined) return undefined;
    try {
      return JSON.parse(new TextDecoder().decode(bytes.subarray(range[0], range[1])));
    } catch {
      return undefined;
    }
  };
  if (read("candorBundle") !== 1) return undefined;
  const report = record(read("report"));
  return {
    as: text(read("as")) ?? "",
    profile: text(read("profile")) ?? "",
    catalogue: readCatalogue(read("catalogue")),
    withheld: textList(read("withheld")),
    hidden: textList(read("hidden")),
    digest: text(report["digest"]),
    bytes: number(report["bytes"]),
    fromMs: number(report["fromMs"]),
    toMs: number(report["toMs"]),
  };
}

/** A document that has fields to explain; what the core makes of it is another question. */
export function readCatalogue(value: unknown): Catalogue | undefined {
  const document = record(value);
  const fields = document["fields"];
  const fit = Array.isArray(fields) && fields.every((field) => text(record(field)["pointer"]) !== undefined);
  return fit ? (document as unknown as Catalogue) : undefined;
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}

const text = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);
const number = (value: unknown): number | undefined => (typeof value === "number" ? value : undefined);
const textList = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];

/** Where the values of an object's members lie; nothing if the bytes are no object. */
function topMembers(bytes: Uint8Array): Map<string, readonly [number, number]> | undefined {
  const members = new Map<string, readonly [number, number]>();
  let at = skipSpace(bytes, 0);
  if (bytes[at] !== 0x7b) return undefined;
  for (at = skipSpace(bytes, at + 1); bytes[at] === QUOTE; at = skipSpace(bytes, at + 1)) {
    const keyEnd = skipString(bytes, at);
    const colon = skipSpace(bytes, keyEnd);
    if (bytes[colon] !== 0x3a) return undefined;
    const start = skipSpace(bytes, colon + 1);
    const end = skipValue(bytes, start);
    members.set(new TextDecoder().decode(bytes.subarray(at + 1, keyEnd - 1)), [start, end]);
    at = skipSpace(bytes, end);
    if (bytes[at] !== 0x2c) break;
  }
  return bytes[at] === 0x7d ? members : undefined;
}

function skipSpace(bytes: Uint8Array, at: number): number {
  while (isSpace(bytes[at])) at++;
  return at;
}

function skipString(bytes: Uint8Array, at: number): number {
  for (let end = bytes.indexOf(QUOTE, at + 1); end > 0; end = bytes.indexOf(QUOTE, end + 1)) {
    let slashes = 0;
    while (bytes[end - 1 - slashes] === BACKSLASH) slashes++;
    if (slashes % 2 === 0) return end + 1;
  }
  return bytes.length;
}

function skipValue(bytes: Uint8Array, at: number): number {
  let depth = 0;
  while (at < bytes.length) {
    const byte = bytes[at];
    if (byte === QUOTE) {
      at = skipString(bytes, at);
      continue;
    }
    if (byte === 0x7b || byte === 0x5b) depth++;
    if (byte === 0x7d || byte === 0x5d) {
      if (depth === 0) return at;
      depth--;
    }
    if (byte === 0x2c && depth === 0) return at;
    at++;
  }
  return at;
}
