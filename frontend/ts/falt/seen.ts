import type { Change, Photo, Seen } from "./model";

/** Fields that may be changed after the city has been told, as the API calls them. */
const CHANGEABLE = [
  "what", "nature", "severity", "description", "position", "place", "asset_ref", "proposed_measure",
  "time_of_day", "weekday", "season", "affected",
] as const;

/** What the city is told first of something seen: the body of its PUT, the same each time. */
export function told(seen: Seen, photos: Photo[]): Record<string, unknown> {
  const body: Record<string, unknown> = {
    walk: seen.walk,
    kind: seen.kind,
    nature: seen.nature,
    severity: seen.severity,
    seen_at: seen.made_at,
    description: seen.description,
    photos: photos.map(listed),
  };
  const more: Record<string, unknown> = {
    position: seen.position,
    place: seen.place,
    details: Object.keys(seen.details).length ? seen.details : null,
    heading: seen.heading,
    torch: seen.torch || null,
    asset_ref: seen.asset_ref || null,
    proposed_measure: seen.proposed_measure || null,
    time_of_day: seen.time_of_day || null,
    weekday: seen.weekday || null,
    season: seen.season || null,
    affected: seen.affected.length ? seen.affected : null,
    steps: seen.steps.length ? seen.steps : null,
  };
  for (const [name, value] of Object.entries(more)) if (value !== null) body[name] = value;
  return body;
}

/** Whether a photo was among those that the city was told of with its record. */
export function isTold(seen: Seen, photo: string): boolean {
  return ((seen.told?.["photos"] ?? []) as { uid: string }[]).some((one) => one.uid === photo);
}

/** A photo as its record lists it. */
export function listed(photo: Photo): Record<string, unknown> {
  const { uid, sha256, bytes, type, role, taken_at, position } = photo;
  const body: Record<string, unknown> = { uid, sha256, bytes, type, role, taken_at };
  if (position) body["position"] = position;
  if (photo.direction !== null) body["direction"] = photo.direction;
  if (photo.pairs_with) body["pairs_with"] = photo.pairs_with;
  return body;
}

/** What the city holds of the changeable fields once it has taken in `body`. */
export function fieldsTold(body: Record<string, unknown>): Record<string, unknown> {
  const known: Record<string, unknown> = { position: null, place: null, affected: [], ...body, what: { kind: body["kind"], details: body["details"] ?? {} } };
  return Object.fromEntries(CHANGEABLE.map((name) => [name, name in known ? known[name] : ""]));
}

/** The fields of something seen as a change of it would tell them. */
function fieldsOf(seen: Seen): Record<string, unknown> {
  const { kind, details } = seen;
  return Object.fromEntries(CHANGEABLE.map((name) => [name, name === "what" ? { kind, details } : seen[name]]));
}

/** What the phone shall show of something seen, from fields as the city has them. */
export function shownOf(fields: Record<string, unknown>): Partial<Seen> {
  const { what, ...same } = fields;
  return { ...same, ...(what as Pick<Seen, "kind" | "details"> | undefined) };
}

/**
 * What has been changed since the city was last told, as a change of its own; null when nothing has.
 *
 * It says what each field held before, so that the city can see whether somebody else has changed just that, and
 * which change of this phone it follows on.
 */
export function changeOf(seen: Seen, last: Change | null, now: string): Change | null {
  if (!seen.city) return null;
  const known = seen.city.fields;
  const fields = fieldsOf(seen);
  const changed = CHANGEABLE.filter((name) => JSON.stringify(fields[name] ?? null) !== JSON.stringify(known[name] ?? null));
  if (!changed.length) return null;
  const pick = (from: Record<string, unknown>): Record<string, unknown> =>
    Object.fromEntries(changed.map((name) => [name, from[name] ?? null]));
  return {
    uid: crypto.randomUUID(),
    record: seen.uid,
    after: last?.uid ?? null,
    made_at: now,
    base_version: seen.city.version,
    before: pick(known),
    fields: pick(fields),
    state: "stored",
    reason: "",
  };
}
