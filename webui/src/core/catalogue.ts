/** A catalogue document as the page reads it, to explain fields; the core is what obeys it. */

export interface PointRule {
  readonly key: string;
  readonly kind?: string;
  readonly components?: readonly string[];
  readonly labels?: readonly string[];
  readonly title?: string;
  readonly description?: string;
  readonly why?: string;
  readonly since?: string;
  readonly unit?: string;
}

export interface CatalogueField {
  readonly pointer: string;
  readonly type: string;
  readonly group?: "general" | "environment" | "usage";
  readonly title?: string;
  readonly description?: string;
  readonly why?: string;
  readonly example?: unknown;
  readonly since?: string;
  readonly purposes?: readonly string[];
  readonly sensitivity?: "none" | "identifier" | "business";
  readonly withhold?: boolean;
  readonly required?: boolean;
  readonly keyPattern?: string;
  readonly points?: readonly PointRule[];
}

export interface Catalogue {
  readonly catalogue: number;
  readonly name: string;
  readonly version?: string;
  readonly title?: string;
  readonly description?: string;
  readonly purposes?: Readonly<Record<string, string>>;
  readonly fields: readonly CatalogueField[];
  readonly license?: unknown;
  /** Other forms of the report; `order` lists what each sends: fields, or all beneath an object. */
  readonly profiles?: readonly {
    readonly name: string;
    readonly order: readonly (string | { readonly pointer: string; readonly always: unknown })[];
  }[];
  /** Pointer to the setting it comes from. */
  readonly settings?: Readonly<Record<string, string>>;
  readonly components?: {
    readonly management?: readonly string[];
    readonly renamed?: Readonly<Record<string, string>>;
  };
}

/** What a catalogue says about a place in a report. */
export interface FieldNote {
  readonly field: CatalogueField;
  /** For a data point of a known key. */
  readonly point?: PointRule;
  /** The scope id by which consent and withholding name it. */
  readonly id: string;
}

/** The field at a pointer, or that it lies in; for an object above fields there is none. */
export function fieldAt(catalogue: Catalogue, pointer: string): CatalogueField | undefined {
  const steps = pointer.split("/");
  return catalogue.fields.find((field) => liesIn(steps, field.pointer.split("/")));
}

/** `pointKey` is the "key" of the data point that the place lies in. */
export function noteOf(field: CatalogueField, pointKey?: string): FieldNote {
  const point = field.points?.find(({ key }) => pointKey === key || isPart(pointKey, key));
  if (point === undefined) return { field, id: field.pointer };
  return { field, point, id: `${field.pointer}#${point.key}` };
}

/** Samples of a family carry its name and a suffix. */
function isPart(key: string | undefined, family: string): boolean {
  return ["_count", "_sum", "_total", "_bucket"].some((suffix) => key === family + suffix);
}

function liesIn(steps: readonly string[], field: readonly string[]): boolean {
  return field.length <= steps.length && field.every((step, i) => step === "*" || step === steps[i]);
}

/** The catalogue with the fields that its profile sends; all of them without one. */
export function ofProfile(catalogue: Catalogue, profile: string): Catalogue {
  const order = catalogue.profiles?.find(({ name }) => name === profile)?.order;
  if (order === undefined) return catalogue;
  const places = order.filter((place) => typeof place === "string");
  const isSent = (pointer: string): boolean => places.some((place) => pointer === place || pointer.startsWith(`${place}/`));
  return { ...catalogue, fields: catalogue.fields.filter(({ pointer }) => isSent(pointer)) };
}
