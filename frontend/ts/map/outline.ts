import type { Coordinate } from "ol/coordinate";
import { transform, type Projection } from "ol/proj";
import { grid, SYSTEMS, type System } from "./grids";

/** A corner: where it is on the map, and the line that says so, as somebody wrote it. */
export interface Corner { at: Coordinate; line: string }
export type Part = Corner[];
/** A text read: its parts, or the number of the first line that cannot be read. */
export interface Read { parts: Part[]; wrong: number | null }

/**
 * Reads and writes the text that is the only truth about a shape: a corner on each line, north before east, a blank
 * line before another part. A corner that nobody has moved keeps its line to the last digit.
 */
export class Outline {
  constructor(private readonly system: System, private readonly projection: Projection) {}

  static in(name: string, projection: Projection): Outline {
    return new Outline(SYSTEMS[name] ?? SYSTEMS["wgs84"]!, projection);
  }

  read(text: string): Read {
    const parts: Part[] = [];
    let open: Part | null = null;
    for (const [index, written] of text.split(/\r?\n/).entries()) {
      const line = written.trim();
      if (!line) { open = null; continue; }
      const at = this.at(line);
      if (!at) return { parts, wrong: index + 1 };
      if (!open) parts.push(open = []);
      open.push({ at, line });
    }
    return { parts, wrong: null };
  }

  write(parts: Part[]): string {
    return parts.filter((part) => part.length).map((part) => part.map((corner) => corner.line).join("\n")).join("\n\n");
  }

  /** The corner at a spot of the map, with its line in this system. */
  corner(at: Coordinate): Corner {
    const [east, north] = transform(at, this.projection, grid(this.system.crs));
    return { at, line: `${north!.toFixed(this.system.decimals)} ${east!.toFixed(this.system.decimals)}` };
  }

  /** Reads a line: two numbers with space, comma or semicolon between, with a decimal point or a decimal comma. */
  private at(line: string): Coordinate | null {
    const apart = line.split(/[;\s]+/).map((word) => word.replace(/,$/, "")).filter(Boolean);
    const words = apart.length === 1 ? line.split(",") : apart.map((word) => word.replace(",", "."));
    const [north, east] = words.map(Number);
    if (words.length !== 2 || north === undefined || east === undefined) return null;
    if (!this.holds(north, east)) return null;
    const at = transform([east, north], grid(this.system.crs), this.projection);
    return at.every(Number.isFinite) ? at : null;
  }

  private holds(north: number, east: number): boolean {
    if (this.system.crs === "EPSG:4326") return north > 50 && north < 75 && east > 5 && east < 30;
    return north > 6_000_000 && north < 7_800_000 && east > 0 && east < 1_000_000;
  }
}
