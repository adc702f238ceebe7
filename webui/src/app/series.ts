/** What a chart draws of a recorded metric, and what is said of it in words. */

import type { Texts } from "../text/index.js";

export interface RecordedSeries {
  readonly name: string;
  readonly counter?: boolean;
  /** When a counter had begun afresh. */
  readonly resets?: readonly number[];
  readonly values?: readonly (number | null)[];
}

export interface MetricsAnswer {
  readonly times: readonly number[];
  readonly components: readonly {
    readonly release: string;
    readonly namespace: string;
    readonly id: string;
    readonly series: readonly RecordedSeries[];
  }[];
}

/** What a series is called: the two of a tile have names, the others are families. */
export function seriesName(name: string, { tile }: Texts): string {
  return name === "cpu" || name === "memory" ? tile[name] : name;
}

export interface Drawn {
  readonly name: string;
  /** A counter is drawn as its growth per minute. */
  readonly rate: boolean;
  readonly times: readonly number[];
  readonly values: readonly (number | null)[];
}

export function drawnOf(times: readonly number[], series: RecordedSeries): Drawn {
  const values = series.values ?? [];
  if (series.counter !== true) return { name: series.name, rate: false, times, values };
  const resets = new Set(series.resets);
  const rates = values.map((value, i) => {
    const before = values[i - 1] ?? null;
    const at = times[i];
    const from = times[i - 1];
    if (value === null || at === undefined || from === undefined || at <= from) return null;
    // Where it began afresh, it grew from nothing.
    const start = resets.has(at) ? 0 : before;
    return start === null ? null : ((value - start) * 60_000) / (at - from);
  });
  return { name: series.name, rate: true, times, values: rates };
}

export interface Summary {
  readonly latest: number;
  readonly lowest: number;
  readonly highest: number;
  readonly minutes: number;
}

/** Nothing when there is no value. */
export function summaryOf({ times, values }: Drawn): Summary | undefined {
  let summary: Summary | undefined;
  for (const value of values) {
    if (value === null) continue;
    const { lowest, highest } = summary ?? { lowest: value, highest: value };
    summary = { latest: value, lowest: Math.min(lowest, value), highest: Math.max(highest, value), minutes: 0 };
  }
  const [first, last] = [times[0], times.at(-1)];
  if (summary === undefined || first === undefined || last === undefined) return undefined;
  return { ...summary, minutes: Math.round((last - first) / 60_000) };
}
