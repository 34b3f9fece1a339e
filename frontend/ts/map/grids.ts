import { get, getPointResolution, type Projection } from "ol/proj";
import { register } from "ol/proj/proj4";
import proj4 from "proj4";

/** The meridian of each zone of SWEREF 99, by EPSG code; 3006 is the one for the whole country. */
const ZONES: Record<number, number> = {
  3007: 12, 3008: 13.5, 3009: 15, 3010: 16.5, 3011: 18, 3012: 14.25, 3013: 15.75, 3014: 17.25, 3015: 18.75, 3016: 20.25,
  3017: 21.75, 3018: 23.25,
};

/** A system that people write coordinates in, as the form's choice names it. North stands first in each. */
export interface System { crs: string; decimals: number }

export const SYSTEMS: Record<string, System> = {
  wgs84: { crs: "EPSG:4326", decimals: 7 },
  sweref99tm: { crs: "EPSG:3006", decimals: 2 },
  sweref991800: { crs: "EPSG:3011", decimals: 2 },
};

/**
 * Makes the Swedish grids known, always east before north: what a map server wants otherwise is said on its own
 * source alone. `+axis=neu` here would turn every coordinate.
 */
export function grid(code: string): Projection {
  if (!get("EPSG:3006")) {
    proj4.defs("EPSG:3006", "+proj=utm +zone=33 +ellps=GRS80 +units=m +no_defs");
    for (const [zone, meridian] of Object.entries(ZONES)) {
      proj4.defs(`EPSG:${zone}`, `+proj=tmerc +lat_0=0 +lon_0=${meridian} +k=1 +x_0=150000 +y_0=0 +ellps=GRS80 +units=m +no_defs`);
    }
    register(proj4);
  }
  const known = get(code);
  if (!known) throw new Error(`unknown grid ${code}`);
  return known;
}

/** How many units of the grid a metre on the ground is: one, but for Web Mercator. */
export function perMetre(projection: Projection, at: number[]): number {
  return projection.getCode() === "EPSG:3857" ? 1 / getPointResolution(projection, 1, at, "m") : 1;
}
