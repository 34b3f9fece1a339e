import TileLayer from "ol/layer/Tile";
import { Projection } from "ol/proj";
import type TileImage from "ol/source/TileImage";
import TileWMS from "ol/source/TileWMS";
import WMTS from "ol/source/WMTS";
import XYZ from "ol/source/XYZ";
import TileGrid from "ol/tilegrid/TileGrid";
import WMTSTileGrid from "ol/tilegrid/WMTS";
import { grid } from "./grids";
import { loadFrom } from "./pmtiles";
import type { BaseMap } from "./settings";

/** Draws a base map; `failed` hears whether its latest tile came. Where it has no dark variant it is dimmed instead. */
export function baseLayer(said: BaseMap, dark: boolean, failed: (failed: boolean) => void): TileLayer<TileImage> {
  const source = makers[said.kind](dark ? { ...said, ...said.dark } : said);
  source.on("tileloaderror", () => failed(true));
  source.on("tileloadend", () => failed(false));
  return new TileLayer({ source, className: dark && !said.dark ? "tp-map-dim" : "tp-map-ground" });
}

const makers: Record<BaseMap["kind"], (said: BaseMap) => TileImage> = { wms, wmts, xyz, pmtiles };

/**
 * WMS 1.1.1 has east before north. In 1.3.0 the grid decides, and SWEREF's has north first; a server that breaks the
 * standard is told by `axis`. It is said on the source's own projection, so that nothing else turns.
 */
function wms(said: BaseMap): TileImage {
  const northFirst = said.version === "1.3.0" && (said.axis ?? (said.crs === "EPSG:3857" ? "en" : "ne")) === "ne";
  grid(said.crs);
  const projection = northFirst ? new Projection({ code: said.crs, units: "m", axisOrientation: "neu" }) : grid(said.crs);
  const params = { LAYERS: said.layers, VERSION: said.version ?? "1.1.1", FORMAT: said.format ?? "image/png", TRANSPARENT: false };
  return new TileWMS({ url: said.url, params, projection });
}

/** The grid of tiles is said in the file, so nothing needs to be asked of the server before the first tile. */
function wmts(said: BaseMap): TileImage {
  const resolutions = said.resolutions ?? [];
  const matrixIds = resolutions.map((_, level) => `${said.matrix_prefix ?? ""}${level}`);
  const tileGrid = new WMTSTileGrid({ origin: said.origin ?? [0, 0], resolutions, matrixIds, tileSize: said.tile_size ?? 256 });
  return new WMTS({
    url: said.url,
    layer: said.layer ?? "",
    matrixSet: said.matrix_set ?? "",
    style: said.style ?? "default",
    format: said.format ?? "image/png",
    requestEncoding: /\{TileMatrix\}/i.test(said.url) ? "REST" : "KVP",
    projection: grid(said.crs),
    tileGrid,
  });
}

function xyz(said: BaseMap): TileImage {
  const projection = grid(said.crs);
  if (!said.resolutions) return new XYZ({ url: said.url, projection, maxZoom: said.max_zoom ?? 19 });
  const tileGrid = new TileGrid({ origin: said.origin ?? [0, 0], resolutions: said.resolutions, tileSize: said.tile_size ?? 256 });
  return new XYZ({ url: said.url, projection, tileGrid });
}

function pmtiles(said: BaseMap): TileImage {
  return new XYZ({ url: "{z}/{x}/{y}", tileLoadFunction: loadFrom(said.url), maxZoom: said.max_zoom ?? 15 });
}
