import type Feature from "ol/Feature";
import { MultiPolygon, Point, Polygon, type Geometry } from "ol/geom";

/** Steps of the grid in which a spot for a number is looked for, each way; and how far from its border, in pixels. */
const STEPS = 10;
const FROM_BORDER = 11;
/** Pixels from a mark in which there is no number: with the name above it, or where there is no room for that, itself. */
interface Apart { aside: number; above: number; beneath: number }
const FROM_NAME: Apart = { aside: 64, above: 44, beneath: 26 };
const FROM_MARK: Apart = { aside: 24, above: 22, beneath: 22 };

/** A spot inside the shape: where its mark stands. */
export function middle(geometry: Geometry | undefined): number[] {
  if (geometry instanceof Polygon) return geometry.getInteriorPoint().getCoordinates().slice(0, 2);
  if (geometry instanceof MultiPolygon) {
    const parts = geometry.getPolygons().sort((a, b) => b.getArea() - a.getArea());
    return middle(parts[0]);
  }
  if (geometry instanceof Point) return geometry.getCoordinates();
  return geometry?.getClosestPoint(geometry.getExtent()) ?? [0, 0];
}

/**
 * Where the number of an area stands at so many metres per pixel: in its middle, or as near to that as no mark stands.
 * Where there is no such spot it stands in the middle after all.
 */
export class Spots {
  private readonly known = new Map<Feature, Point>();
  private metres = 0;

  constructor(private readonly marks: number[][]) {}

  of(area: Feature, metres: number): Point {
    if (metres !== this.metres) this.known.clear();
    this.metres = metres;
    const known = this.known.get(area) ?? new Point(this.found(area.getGeometry()));
    this.known.set(area, known);
    return known;
  }

  private found(shape: Geometry | undefined): number[] {
    const centre = middle(shape);
    if (!shape || this.isFree(centre, FROM_NAME)) return centre;
    const [west, south, east, north] = shape.getExtent() as [number, number, number, number];
    const spots: number[][] = [];
    for (let x = 1; x < STEPS; x += 1) for (let y = 1; y < STEPS; y += 1) {
      spots.push([west + (east - west) * x / STEPS, south + (north - south) * y / STEPS]);
    }
    spots.sort((a, b) => distance(a, centre) - distance(b, centre));
    const inside = spots.filter((one) => this.isInside(one, shape));
    for (const apart of [FROM_NAME, FROM_MARK]) {
      const free = [centre, ...inside].find((one) => this.isFree(one, apart));
      if (free) return free;
    }
    return centre;
  }

  private isFree(spot: number[], apart: Apart): boolean {
    return this.marks.every((mark) => {
      const [aside, up] = [Math.abs(spot[0]! - mark[0]!) / this.metres, (spot[1]! - mark[1]!) / this.metres];
      return aside > apart.aside || up > apart.above || up < -apart.beneath;
    });
  }

  private isInside(spot: number[], shape: Geometry): boolean {
    const far = FROM_BORDER * this.metres;
    return [[0, 0], [far, 0], [-far, 0], [0, far], [0, -far]].every(([x, y]) => shape.intersectsCoordinate([spot[0]! + x!, spot[1]! + y!]));
  }
}

export const distance = (a: number[], b: number[]): number => Math.hypot(a[0]! - b[0]!, a[1]! - b[1]!);
