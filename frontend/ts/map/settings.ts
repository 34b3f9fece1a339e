/** A base map, as the installation's file says it (docs/how-to/base-maps.md). */
export interface BaseMap {
  kind: "wms" | "wmts" | "xyz" | "pmtiles";
  title: string;
  attribution: string;
  url: string;
  crs: string;
  version?: "1.1.1" | "1.3.0";
  axis?: "en" | "ne";
  layers?: string;
  layer?: string;
  format?: string;
  style?: string;
  matrix_set?: string;
  matrix_prefix?: string;
  origin?: [number, number];
  resolutions?: number[];
  tile_size?: number;
  max_zoom?: number;
  dark?: Partial<BaseMap>;
}

/** What every map on the page knows: the base maps, the grid without one, and the city's box in SWEREF 99 TM. */
export interface MapSettings { layers: BaseMap[]; grid: string; box: [number, number, number, number] }

export function readSettings(element: HTMLElement): MapSettings {
  return JSON.parse(element.dataset["settings"] ?? "") as MapSettings;
}
