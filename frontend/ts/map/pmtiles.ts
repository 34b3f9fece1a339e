import type { LoadFunction } from "ol/Tile";
import ImageTile from "ol/ImageTile";
import TileState from "ol/TileState";

/** Returns what takes tiles out of one PMTiles file, by asking for the parts of it that hold them. */
export function loadFrom(url: string): LoadFunction {
  const opened = import("pmtiles").then(({ PMTiles }) => new PMTiles(new URL(url, location.href).href));
  return (tile) => {
    if (!(tile instanceof ImageTile)) return;
    const [z, x, y] = tile.getTileCoord();
    const picture = tile.getImage() as HTMLImageElement;
    opened.then((file) => file.getZxy(z ?? 0, x ?? 0, y ?? 0)).then((found) => {
      if (!found) { tile.setState(TileState.EMPTY); return; }
      picture.addEventListener("load", () => URL.revokeObjectURL(picture.src), { once: true });
      picture.src = URL.createObjectURL(new Blob([found.data]));
    }).catch(() => tile.setState(TileState.ERROR));
  };
}
