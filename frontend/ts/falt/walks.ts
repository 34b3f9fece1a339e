import type { Position } from "./model";
import { type Point, distance } from "./place";

/** What is fetched of a walk: all that is needed out there without a line (core/walks/services/working_set.py). */
export interface Fetched {
  walk: {
    uid: string; number: string; title: string; theme: string; planned_at: string; state: string; version: number;
    purpose: string; sunset: string | null; dark_from: string | null; light: string; follows: string | null; leads: boolean;
  };
  stops: Stop[];
  route: { type: "LineString"; coordinates: Point[] } | null;
  places: Place[];
  box: [number, number, number, number];
  kinds: Kind[];
  first: string[];
  severities: Labelled[];
  natures: Labelled[];
  choices: Record<"time_of_day" | "weekday" | "season" | "affected", Labelled[]>;
  earlier: Earlier[];
  responsible: { title: string; organisation: string }[];
  assets: { uid: string; number: string; kind: string; point: Point }[];
  numbers: { title: string; number: string }[];
  /** Pictures of the ground, each with the box that it shows (west, south, east, north in WGS 84), and whose they are. */
  tiles: { url: string; box: [number, number, number, number]; attribution: string }[];
  /** The city's key, to which a file is sealed. */
  server_key: JsonWebKey;
  oldest_app: number;
  fetched_at: string;
  ends_at: string;
}

export interface Labelled {
  key: string;
  title: string;
  hint?: string;
}

export interface Stop {
  seq: number;
  name: string;
  point: Point | null;
  questions: string[];
}

export interface Place {
  uid: string;
  number: string;
  name: string;
  shape: { type: "Polygon" | "MultiPolygon"; coordinates: unknown } | null;
  photo_policy: string;
}

export interface Question {
  name: string;
  label: string;
  hint: string;
  widget: string;
  required: boolean;
  options: [string, string][];
  suffix: string;
  maxlength: number | null;
  inputmode: string;
}

export interface Kind {
  key: string;
  title: string;
  icon: string;
  nature: string;
  questions: Question[];
}

export interface Earlier {
  uid: string; walk: string | null; walk_title: string; number: number; kind: string; title: string; place: string;
  point: Point | null; severity: number; state: string; state_label: string; seen_at: string; answer: string;
  done_on: string | null; sun_elevation: number | null; radius_m: number;
  photos: { uid: string; role: string; direction: number | null; point: Point | null; small: string }[];
}

/** A walk as it is kept in the phone. */
export interface Kept extends Fetched {
  /** The same as walk.uid; what is kept is found by it. */
  uid: string;
  etag: string;
  /** Small photos of earlier walks that are here. */
  pictures: string[];
  /** Whether all of it is here; what broke off goes on when the page is opened again. */
  whole: boolean;
  /** Whether the app itself started without a line when it was fetched. */
  starts: boolean;
}

export interface ToFetch {
  uid: string; number: string; title: string; theme: string; planned_at: string; state: string; stops: number;
  version: number; place: string;
}

/** The rings of each polygon of a place; none for one without a shape. */
export function polygons(shape: Place["shape"]): Point[][][] {
  if (!shape) return [];
  return (shape.type === "Polygon" ? [shape.coordinates] : shape.coordinates) as Point[][][];
}

/** Whether a walk goes on: it has begun, or is to be held about now. */
export function isOn(walk: { state: string; planned_at: string }): boolean {
  return walk.state === "pagar" || (["planerad", "formote", "inbjuden"].includes(walk.state) && Math.abs(Date.parse(walk.planned_at) - Date.now()) < 12 * 3600 * 1000);
}

/** Where one stands in words: the nearest stop, and how far. */
export function nearestStop(position: Position | null, stops: Stop[]): { stop: Stop; metres: number } | null {
  if (!position) return null;
  const here: Point = [position.longitude, position.latitude];
  const found = stops.flatMap((stop) => (stop.point ? [{ stop, metres: distance(here, stop.point) }] : []));
  found.sort((one, other) => one.metres - other.metres);
  return found[0] ?? null;
}
