/** Statistics as a Parquet file, with the columns of the CSV; loaded when somebody asks for it. */

import { parquetWriteBuffer } from "hyparquet-writer";

import type { CatalogueStatistics, Statistics } from "./collector-client.js";

interface Row {
  readonly catalogue: string;
  readonly what: "catalogue" | "day" | "text" | "list" | "latest" | "sum";
  readonly place: string;
  readonly value: string | null;
  readonly others: boolean;
  readonly installations: bigint;
  readonly total: string | null;
}

/** A total beyond 64 bits makes the column one of texts: nothing is rounded. */
export function parquetOf(statistics: Statistics): Uint8Array<ArrayBuffer> {
  const rows = statistics.catalogues.flatMap(rowsOf);
  const fit = rows.every(({ total }) => total === null || BigInt.asIntN(64, BigInt(total)) === BigInt(total));
  const column = <T>(name: string, type: "STRING" | "INT64" | "BOOLEAN", of: (row: Row) => T) =>
    ({ name, type, data: rows.map(of), nullable: name === "value" || name === "total" });
  return new Uint8Array(parquetWriteBuffer({
    columnData: [
      column("catalogue", "STRING", (row) => row.catalogue),
      column("what", "STRING", (row) => row.what),
      column("place", "STRING", (row) => row.place),
      column("value", "STRING", (row) => row.value),
      column("others", "BOOLEAN", (row) => row.others),
      column("installations", "INT64", (row) => row.installations),
      fit ? column("total", "INT64", ({ total }) => (total === null ? null : BigInt(total)))
        : column("total", "STRING", ({ total }) => total),
    ],
    kvMetadata: [{ key: "from", value: statistics.from }, { key: "to", value: statistics.to }],
  }));
}

function rowsOf({ name, installations, reports, days, texts, counts }: CatalogueStatistics): Row[] {
  const row = (what: Row["what"], place: string, many: number, more: Partial<Row> = {}): Row =>
    ({ catalogue: name, what, place, value: null, others: false, total: null, installations: BigInt(many), ...more });
  return [
    row("catalogue", "", installations, { total: String(reports) }),
    ...days.map((day) => row("day", "", day.installations, { value: day.date })),
    ...texts.flatMap(({ place, list, values }) => values.map((cell) =>
      row(list ? "list" : "text", place, cell.installations, { value: cell.value, others: cell.others ?? false }))),
    ...counts.map((count) => row(count.of === "latest" ? "latest" : "sum", count.place, count.installations, { total: count.total })),
  ];
}
