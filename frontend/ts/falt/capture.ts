import type { App } from "./app";
import { choicesOf } from "./kinds";
import { DANGER, type Photo, type Position, type Seen } from "./model";
import { type Told, told } from "./metadata";
import { shot } from "./photo";
import { renew } from "./renew";
import { takeOnWay, withStep } from "./steps";
import type { Step } from "./store";
import type { Kept } from "./walks";

/** So long a better position is waited for after something was seen; nothing waits with it. */
const BETTER_MS = 20_000;
/** So long what was saved can be taken back before it is sent, and so long writing may pause before it is. A danger goes at once. */
const TAKE_BACK_MS = 8_000;
const WRITE_MS = 2_000;
const NATURE = "brist";
const SEVERITY = 2;
/** A photo that says that it is older than this was not taken just now, nor here. */
const JUST_NOW_MS = 300_000;

/** A draft of something seen now, here; not kept yet. */
export function newSeen(app: App, walk: string | null): Seen {
  app.where.start();
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
    steps: takeOnWay(app),
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
  const [made, said] = await Promise.all([shot(file, app.settings.originals), about.taken_at ? null : told(file)]);
  const known = isChosen(said) ? said : null;
  const here = known ?? { taken_at: null, position: app.where.now ?? said?.position ?? null, direction: app.where.heading };
  const { position, direction, ...more } = { ...here, ...about };
  const record = seen ?? newSeen(app, walk);
  const photo: Photo = {
    uid: crypto.randomUUID(), seen: record.uid, state: "stored", role: about.role ?? "iakttagelse",
    taken_at: more.taken_at ?? new Date().toISOString(), position, direction,
    pairs_with: about.pairs_with ?? null, bytes: made.bytes.byteLength, sha256: made.sha256, type: made.type,
    width: made.width, height: made.height, offset: 0, sent: 0, received_at: null, reason: "", binned_at: null,
  };
  const steps: Step[] = [{ id: photo.uid, kind: "photo", value: photo, bytes: made.bytes }];
  if (made.small) steps.push({ id: `small:${photo.uid}`, bytes: made.small });
  const withPhoto = (one: Seen): Seen => ({ ...one, photos: [...one.photos, photo.uid], steps: withStep(app, one.steps, "foto") });
  let kept = seen && (await app.store.change<Seen>(seen.uid, "seen", (now) => [withPhoto(now), ...steps]));
  if (!kept) {
    kept = withPhoto(record); // a new one, or one that is not in the phone: a photo is never let go
    await app.store.write({ id: kept.uid, kind: "seen", value: kept }, ...steps);
  }
  app.changed();
  betterLater(app, record.uid, known ? null : photo.uid);
  return kept;
}

/** Whether a photo was chosen among older ones, by what it tells of itself: then it tells where it was taken too. */
function isChosen(said: Told | null): said is Told {
  if (!said?.taken_at) return Boolean(said?.position);
  return Math.abs(Date.now() - Date.parse(said.taken_at)) > JUST_NOW_MS;
}

/** Puts a better reading of the position in, where it comes soon after and nobody has said another. */
function betterLater(app: App, seen: string, photo: string | null): void {
  const end = app.where.follow(() => {
    const now = app.where.now;
    if (!now) return;
    const better = (old: Position | null): boolean => !old || (old.source === "gps" && (now.accuracy_m ?? 0) < (old.accuracy_m ?? Infinity));
    void app.store.change<Seen>(seen, "seen", (one) => (one.told || !better(one.position) ? null : { ...one, position: now }));
    if (photo) void app.store.change<Photo>(photo, "photo", (one) => (one.offset || one.state !== "stored" || !better(one.position) ? null : { ...one, position: now }));
  });
  setTimeout(end, BETTER_MS);
}

/** Saves something seen under a kind: from here on it is sent by itself. */
export async function save(app: App, uid: string, kept: Kept | null, change: Partial<Seen>): Promise<void> {
  const saved_at = new Date().toISOString();
  const { kinds } = await choicesOf(app, kept);
  const made = await app.store.change<Seen>(uid, "seen", (one) => {
    const kind = kinds.find((each) => each.key === (change.kind ?? one.kind));
    const steps = withStep(app, one.steps, "sparad");
    const known = (name: string): boolean => !kind || kind.questions.some((asked) => asked.name === name);
    const details = Object.fromEntries(Object.entries(one.details).filter(([name]) => known(name))); // of the kind it now is
    return mended({ ...one, nature: kind?.nature || one.nature, details, steps, ...change, state: one.told && one.state !== "draft" ? one.state : "stored", saved_at });
  });
  if (made) app.changed();
  if (made && !made.told) wait(app, made, TAKE_BACK_MS);
  app.sender.wake();
}

/** Changes a draft, or something saved: each change is kept at once, and told to the city by itself. */
export async function edit(app: App, uid: string, change: Partial<Seen> | ((now: Seen) => Partial<Seen>)): Promise<void> {
  const made = await app.store.change<Seen>(uid, "seen", (one) => mended({ ...one, ...(typeof change === "function" ? change(one) : change) }));
  app.changed();
  if (made) wait(app, made, WRITE_MS);
  app.sender.wake();
}

/** Lets what was just written be for a while; a danger goes at once. */
function wait(app: App, { uid, severity }: Seen, milliseconds: number): void {
  if (severity === DANGER) app.sender.letGo();
  else app.sender.hold(uid, milliseconds);
}

/** What was refused is sent again when it has been changed. */
function mended(seen: Seen): Seen {
  return seen.state === "refused" && !seen.binned_at ? { ...seen, state: seen.city ? "received" : "stored", reason: "" } : seen;
}

/** Takes back what was just saved: it becomes a draft again, where the city has not been told. */
export async function undo(app: App, uid: string): Promise<boolean> {
  const made = await app.store.change<Seen>(uid, "seen", (one) => (one.told ? null : { ...one, state: "draft" }));
  app.changed();
  return made?.state === "draft";
}

/** Throws a photo away. One that the city may know of is taken back there too, with the next that is sent. */
export async function binPhoto(app: App, uid: string): Promise<void> {
  await app.store.change<Photo>(uid, "photo", (one) => ({ ...one, binned_at: new Date().toISOString() }));
  app.changed();
  app.sender.wake();
}

/** Takes a photo back from the bin. */
export async function unbinPhoto(app: App, uid: string): Promise<void> {
  const photo = await app.store.change<Photo>(uid, "photo", (one) => ({ ...one, binned_at: null }));
  if (photo?.state === "withdrawn") await renew(app.store, photo);
  app.changed();
  app.sender.wake();
}
