import type { Position } from "./model";

/** In the head of a file lies what is read of it; HEIC may have it anywhere. */
const HEAD = 512 * 1024;
const WANTED = ["DateTimeOriginal", "OffsetTimeOriginal", "GPSLatitude", "GPSLatitudeRef", "GPSLongitude", "GPSLongitudeRef", "GPSHPositioningError", "GPSImgDirection"];
const FURTHEST = 100_000;

/** What a photo tells of itself: when and where it was taken, and which way the camera was held. */
export interface Told {
  taken_at: string | null;
  position: Position | null;
  direction: number | null;
}

/** Reads what a file tells of itself; null where it tells nothing. The library comes when it is first needed. */
export async function told(file: File): Promise<Told | null> {
  try {
    const { loadView } = await import("exifreader");
    const whole = /hei[cf]|avif/.test(file.type) || !file.type;
    const bytes = await (whole ? file : file.slice(0, HEAD)).arrayBuffer();
    const { exif = {}, gps } = loadView(new DataView(bytes), { expanded: true, includeTags: { exif: WANTED, gps: true } });
    const time = moment(exif.DateTimeOriginal?.description, exif.OffsetTimeOriginal?.description);
    const { Latitude: latitude, Longitude: longitude } = gps ?? {};
    const known = latitude !== undefined && longitude !== undefined && Number.isFinite(latitude + longitude) && (latitude || longitude);
    const error = ratio(exif.GPSHPositioningError?.value);
    const accuracy_m = error !== null && error > 0 && error < FURTHEST ? Math.ceil(error) : null;
    const position: Position | null = known ? { latitude, longitude, accuracy_m, source: "exif" } : null;
    const direction = ratio(exif.GPSImgDirection?.value);
    const said = { taken_at: time, position, direction: direction !== null && direction >= 0 && direction <= 360 ? direction : null };
    return time || position ? said : null;
  } catch {
    return null; // no metadata, or a file that no camera made: the photo is kept all the same
  }
}

/** "2026:11:21 18:42:10" with its offset, else by the phone's own clock. */
function moment(text: string | undefined, offset: string | undefined): string | null {
  const found = /^(\d{4}):(\d{2}):(\d{2}) (\d{2}:\d{2}:\d{2})/.exec(text ?? "");
  if (!found) return null;
  const zone = /^[+-]\d{2}:\d{2}$/.test(offset ?? "") ? offset : "";
  const then = new Date(`${found[1]}-${found[2]}-${found[3]}T${found[4]}${zone}`);
  return Number.isNaN(then.getTime()) ? null : then.toISOString();
}

function ratio(value: unknown): number | null {
  const pair = Array.isArray(value) ? (value as unknown[]) : [value, 1];
  const number = Number(pair[0]) / Number(pair[1] ?? 1);
  return Number.isFinite(number) ? number : null;
}
