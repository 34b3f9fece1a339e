import type { Position } from "./model";
import { type Point, apart, pointOf } from "./place";
import { type Place, polygons } from "./walks";

export const FORBIDDEN = "forbjuden_skyddsobjekt";
/** A reading that is less sure than this tells nothing about whether one stands in an object. */
const TOO_VAGUE = 100;

/**
 * The protected object that somebody stands in, or may stand in: its border runs through the ring of uncertainty.
 * Null where it is known that one does not. The server asks the same question again of each photo.
 */
export function forbiddenAt(position: Position | null, places: Place[]): Place | null {
  if (!position || (position.accuracy_m ?? 0) > TOO_VAGUE) return null;
  const spot = pointOf(position);
  return places.find((place) => place.photo_policy === FORBIDDEN && within(spot, place.shape, position.accuracy_m ?? 0)) ?? null;
}

/** Whether a point is in a shape, or nearer to its border than so many metres. */
function within(spot: Point, shape: Place["shape"], metres: number): boolean {
  return polygons(shape).some((rings) => inside(spot, rings) || rings.some((ring) => toBorder(spot, ring) <= metres));
}

function inside([x, y]: Point, rings: Point[][]): boolean {
  let odd = false;
  for (const ring of rings) {
    ring.forEach(([x1, y1], index) => {
      const [x2, y2] = ring[(index + 1) % ring.length] as Point;
      if ((y1 > y) !== (y2 > y) && x < ((x2 - x1) * (y - y1)) / (y2 - y1) + x1) odd = !odd;
    });
  }
  return odd;
}

function toBorder(spot: Point, ring: Point[]): number {
  const corners = ring.map((corner) => apart(spot, corner));
  return Math.min(...corners.slice(1).map((end, index) => {
    const [[x, y], [x2, y2]] = [corners[index] as [number, number], end];
    const [dx, dy] = [x2 - x, y2 - y];
    const along = Math.max(0, Math.min(1, -(x * dx + y * dy) / (dx * dx + dy * dy || 1)));
    return Math.hypot(x + along * dx, y + along * dy);
  }));
}
