import type { Position } from "./model";

/** Metres within which a position is sure enough to find by (domain.md 2.2). */
export const SURE = 30;
/** A reading older than this says where the phone was. */
const FRESH_MS = 30_000;
/** So long it goes on listening after the last page that asked for it. */
const REST_MS = 60_000;
const EARTH = 6_371_000;
const orientation = (globalThis as { DeviceOrientationEvent?: { requestPermission?: () => Promise<unknown> } }).DeviceOrientationEvent;

export type Point = [longitude: number, latitude: number];

/**
 * Where the phone is, as long as somebody walks: the best reading of the last half minute, and which way it points.
 *
 * The first answer in a tunnel is often the worst, so it listens all the time and never holds anything up.
 */
export class Where {
  heading: number | null = null;
  private best: { position: Position; at: number } | null = null;
  private watch = 0;
  private resting = 0;
  private refused = false;
  private pressed = false;
  private readonly listeners = new Set<() => void>();

  start(): void {
    clearTimeout(this.resting);
    if (this.watch || !("geolocation" in navigator)) return;
    this.watch = navigator.geolocation.watchPosition(
      (reading) => this.read(reading),
      (error) => { this.refused = error.code === error.PERMISSION_DENIED; this.tell(); },
      { enableHighAccuracy: true, maximumAge: 5_000, timeout: 20_000 },
    );
    addEventListener("deviceorientationabsolute", this.turned as EventListener);
    addEventListener("deviceorientation", this.turned as EventListener);
  }

  stop(): void {
    if (this.watch) navigator.geolocation.clearWatch(this.watch);
    this.watch = 0;
    removeEventListener("deviceorientationabsolute", this.turned as EventListener);
    removeEventListener("deviceorientation", this.turned as EventListener);
  }

  /** Stops in a while, unless it is started again: to listen costs power. */
  rest(): void {
    clearTimeout(this.resting);
    this.resting = window.setTimeout(() => this.stop(), REST_MS);
  }

  /** Whether the phone tells which way it points only when somebody has pressed for it (iOS). */
  get asksForCompass(): boolean {
    return this.heading === null && !this.pressed && typeof orientation?.requestPermission === "function";
  }

  /** Asks the phone to tell which way it points; to be called from a press. */
  async allowCompass(): Promise<void> {
    this.pressed = true;
    await orientation?.requestPermission?.().catch(() => undefined);
    this.tell();
  }

  /** The position now; null when the phone does not know, or is not allowed to. */
  get now(): Position | null {
    return this.best && Date.now() - this.best.at <= FRESH_MS ? this.best.position : null;
  }

  get denied(): boolean {
    return this.refused;
  }

  /** Calls `listener` at each new reading; returns what ends that. */
  follow(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  private read({ coords, timestamp }: GeolocationPosition): void {
    const stale = !this.best || timestamp - this.best.at > FRESH_MS / 3;
    if (!stale && this.best && coords.accuracy > (this.best.position.accuracy_m ?? Infinity)) return;
    const accuracy_m = Math.max(1, Math.ceil(coords.accuracy));
    this.best = { position: { latitude: coords.latitude, longitude: coords.longitude, accuracy_m, source: "gps" }, at: Date.now() };
    this.tell();
  }

  private readonly turned = (event: DeviceOrientationEvent & { webkitCompassHeading?: number }): void => {
    const north = event.webkitCompassHeading ?? (event.absolute && event.alpha !== null ? 360 - event.alpha : null);
    if (north !== null) this.heading = Math.round(north) % 360;
  };

  private tell(): void {
    this.listeners.forEach((listener) => listener());
  }
}

/** Metres between two points, near enough over a walk. */
export function distance([lon, lat]: Point, [lon2, lat2]: Point): number {
  const [x, y] = apart([lon, lat], [lon2, lat2]);
  return Math.hypot(x, y);
}

/** Metres east and north from one point to another. */
export function apart([lon, lat]: Point, [lon2, lat2]: Point): [east: number, north: number] {
  const radians = Math.PI / 180;
  return [(lon2 - lon) * radians * EARTH * Math.cos(lat * radians), (lat2 - lat) * radians * EARTH];
}

/** The point so many metres east and north of another. */
export function moved([lon, lat]: Point, east: number, north: number): Point {
  const radians = Math.PI / 180;
  return [lon + east / (radians * EARTH * Math.cos(lat * radians)), lat + north / (radians * EARTH)];
}

/** Degrees from north, clockwise, in which one point lies from another. */
export function bearing(from: Point, to: Point): number {
  const [x, y] = apart(from, to);
  return (Math.atan2(x, y) * 180 / Math.PI + 360) % 360;
}

export function pointOf(position: Position): Point {
  return [position.longitude, position.latitude];
}
