import type { App } from "./app";
import type { Photo, Position, Seen } from "./model";
import { shot } from "./photo";
import type { Step } from "./store";
import type { Kept } from "./walks";

/** So long a better position is waited for after something was seen; nothing waits with it. */
const BETTER_MS = 20_000;
const NATURE = "brist";
const SEVERITY = 2;

/** A draft of something seen now, here; not kept yet. */
export function newSeen(app: App, walk: string | null): Seen {
  const own = app.book.seen.filter((one) => one.walk === walk);
  return {
    uid: crypto.randomUUID(),
    walk,
    number: Math.max(0, ...own.map((one) => one.number)) + 1,
    state: "draft",
    made_at: new Date().toISOString(),
    saved_at: null,
    kind: null,
    nature: NATURE,
    severity: SEVERITY,
    description: "",
    details: {},
    position: app.where.now,
    place: null,
    asset_ref: "",
    heading: app.where.heading,
    torch: false,
    proposed_measure: "",
    time_of_day: "",
    weekday: "",
    season: "",
    affected: [],
    steps: [],
    photos: [],
    told: null,
    city: null,
    received_at: null,
    reason: "",
    binned_at: null,
  };
}

/** What is known of a photo otherwise than by taking it just now. */
export interface About {
  role?: Photo["role"];
  pairs_with?: string | null;
  position?: Position | null;
  direction?: number | null;
  taken_at?: string;
}

/**
 * Keeps a photo as soon as it comes from the camera, before anything is chosen: pocketing the phone loses nothing.
 * It belongs to `seen`, or to a new draft. Throws Full when there is no room, and then nothing is kept.
 */
export async function keepPhoto(app: App, walk: string | null, file: File, seen: Seen | null = null, about: About = {}): Promise<Seen> {
  const taken_at = about.taken_at ?? new Date().toISOString();
  const { position = app.where.now, direction = app.where.heading } = about;
  const made = await shot(file, app.settings.originals);
  const record = seen ?? newSeen(app, walk);
  const photo: Photo = {
    uid: crypto.randomUUID(), seen: record.uid, state: "stored", role: about.role ?? "iakttagelse", taken_at, position,
    direction, pairs_with: about.pairs_with ?? null, bytes: made.bytes.byteLength, sha256: made.sha256, type: made.type,
    width: made.width, height: made.height, offset: 0, sent: 0, received_at: null, reason: "", binned_at: null,
  };
  const kept: Seen = { ...record, photos: [...record.photos, photo.uid] };
  const steps: Step[] = [
    { id: kept.uid, kind: "seen", value: kept },
    { id: photo.uid, kind: "photo", value: photo, bytes: made.bytes },
  ];
  if (made.small) steps.push({ id: `small:${photo.uid}`, bytes: made.small });
  await app.store.write(...steps);
  app.changed();
  betterLater(app, kept.uid, photo.uid);
  return kept;
}

/** Puts a better reading of the position in, where it comes soon after and nobody has said another. */
function betterLater(app: App, seen: string, photo: string): void {
  const end = app.where.follow(() => {
    const now = app.where.now;
    if (!now) return;
    const better = (old: Position | null): boolean => !old || (old.source === "gps" && (now.accuracy_m ?? 0) < (old.accuracy_m ?? Infinity));
    void app.store.change<Seen>(seen, "seen", (one) => (one.told || !better(one.position) ? null : { ...one, position: now }));
    void app.store.change<Photo>(photo, "photo", (one) => (one.offset || one.state !== "stored" || !better(one.position) ? null : { ...one, position: now }));
  });
  setTimeout(end, BETTER_MS);
}

/** Saves something seen under a kind: from here on it is sent by itself. */
export async function save(app: App, uid: string, kept: Kept | null, change: Partial<Seen>): Promise<void> {
  const saved_at = new Date().toISOString();
  const made = await app.store.change<Seen>(uid, "seen", (one) => {
    const kind = kept?.kinds.find((each) => each.key === (change.kind ?? one.kind));
    return { ...one, nature: kind?.nature || one.nature, ...change, state: one.told ? one.state : "stored", saved_at };
  });
  if (made) app.changed();
  app.sender.wake();
}

/** Changes a draft, or something saved: each change is kept at once, and told to the city by itself. */
export async function edit(app: App, uid: string, change: Partial<Seen>): Promise<void> {
  await app.store.change<Seen>(uid, "seen", (one) => ({ ...one, ...change }));
  app.changed();
  app.sender.wake();
}

/** Takes back what was just saved: it becomes a draft again, where the city has not been told. */
export async function undo(app: App, uid: string): Promise<boolean> {
  const made = await app.store.change<Seen>(uid, "seen", (one) => (one.told ? null : { ...one, state: "draft" }));
  app.changed();
  return made?.state === "draft";
}
