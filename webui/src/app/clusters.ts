/** Components as the page groups them: those that manage, then one group for each release. */

import type { Component } from "../api/types.js";
import type { Catalogue } from "../core/catalogue.js";

export interface Cluster {
  readonly management: boolean;
  readonly release: string;
  readonly namespace: string;
  readonly components: readonly Component[];
}

/** Which components belong to no cluster is the catalogue's to say; without one, none does. */
export function clustersOf(components: readonly Component[], catalogue: Catalogue | undefined): readonly Cluster[] {
  const { management = [], renamed = {} } = catalogue?.components ?? {};
  const manages = new Set(management.flatMap((id) => [id, renamed[id] ?? id]));
  const clusters = new Map<string, Cluster & { components: Component[] }>();
  const ofManagement = { management: true, release: "", namespace: "", components: [] as Component[] };
  for (const component of components) {
    if (manages.has(component.id)) {
      ofManagement.components.push(component);
      continue;
    }
    const key = JSON.stringify([component.release, component.namespace]);
    const { release, namespace } = component;
    const cluster = clusters.get(key) ?? { management: false, release, namespace, components: [] };
    cluster.components.push(component);
    clusters.set(key, cluster);
  }
  return [...(ofManagement.components.length > 0 ? [ofManagement] : []), ...clusters.values()];
}
