/** Finding text in bytes; upper and lower case of ASCII letters are the same. */

export interface Found {
  /** The byte each match starts at, rising; matches do not overlap. */
  readonly starts: Uint32Array<ArrayBuffer>;
  /** Of the text searched for, in bytes. */
  readonly size: number;
  /** There are more, which were not looked for. */
  readonly more: boolean;
}

export const MOST_MATCHES = 1_000_000;

export function search(bytes: Uint8Array, text: string): Found {
  const needle = new TextEncoder().encode(text).map(lower);
  const size = needle.length;
  let starts = new Uint32Array(1024);
  let count = 0;
  const end = size === 0 ? 0 : bytes.length - size + 1;
  const skips = skipTable(needle);
  for (let at = 0; at < end; ) {
    const last = lower(bytes[at + size - 1] ?? 0);
    if (last !== needle[size - 1] || !matches(bytes, at, needle)) {
      at += skips[last] ?? 1;
      continue;
    }
    if (count === MOST_MATCHES) return { starts: starts.slice(0, count), size, more: true };
    if (count === starts.length) {
      const more = new Uint32Array(count * 2);
      more.set(starts);
      starts = more;
    }
    starts[count++] = at;
    at += size;
  }
  return { starts: starts.slice(0, count), size, more: false };
}

const lower = (byte: number): number => (byte >= 65 && byte <= 90 ? byte + 32 : byte);

function matches(bytes: Uint8Array, at: number, needle: Uint8Array): boolean {
  for (let i = 0; i < needle.length; i++) if (lower(bytes[at + i] ?? 0) !== needle[i]) return false;
  return true;
}

/** How far to go on when the byte under the needle's last one is this (Horspool). */
function skipTable(needle: Uint8Array): Int32Array {
  const skips = new Int32Array(256).fill(Math.max(1, needle.length));
  for (let i = 0; i + 1 < needle.length; i++) skips[needle[i] ?? 0] = needle.length - 1 - i;
  return skips;
}

/** Where two byte strings begin to differ; nothing if they do not. */
export function firstDifference(a: Uint8Array, b: Uint8Array): number | undefined {
  const shared = Math.min(a.length, b.length);
  for (let at = 0; at < shared; at++) if (a[at] !== b[at]) return at;
  return a.length === b.length ? undefined : shared;
}
