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
}
