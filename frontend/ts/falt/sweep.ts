import type { App } from "./app";
import type { Change, Photo, Seen, Track } from "./model";
import type { Step } from "./store";
import { TILES } from "./tiles";
import type { Kept } from "./walks";

/** What was thrown away, and what the city has, is kept so long. */
export const WEEK_MS = 7 * 864e5;

/** Removes walks seven days after they were held, with what is at the city of them, and what was thrown away a week ago. */
export async function sweep(app: App): Promise<void> {
  const now = Date.now();
  for (const kept of await app.walks()) if (Date.parse(kept.ends_at) <= now) await forget(app, kept);
  const walks = new Set((await app.walks()).map((one) => one.uid));
  const old = (moment: string | null): boolean => moment !== null && now - Date.parse(moment) > WEEK_MS;
  const [all, photos, changes] = await Promise.all([app.store.list<Seen>("seen"), app.store.list<Photo>("photo"), app.store.list<Change>("change")]);
  const steps: Step[] = [];
  for (const seen of all) {
    const own = photos.filter((photo) => photo.seen === seen.uid);
    const told = changes.filter((change) => change.record === seen.uid);
    const here = seen.state === "received" || seen.state === "settled";
    const done = here && own.every(isDone) && told.every((one) => one.state === "applied" || one.state === "merged" || one.state === "settled");
    const over = old(seen.binned_at) || (done && old(seen.received_at) && !(seen.walk && walks.has(seen.walk)));
    if (over) steps.push(...[seen, ...told].map(({ uid }) => ({ id: uid, forget: "thing" as const })), ...own.flatMap(without));
    else steps.push(...own.filter((photo) => old(photo.binned_at) && isDone(photo)).flatMap(without));
  }
  const isOver = (one: Track): boolean => one.closed || one.reason !== "" || !one.points.length || old(one.points.at(-1)![3]);
  const ways = (await app.store.list<Track>("track")).filter((one) => !walks.has(one.walk) && isOver(one));
  steps.push(...ways.map(({ uid }) => ({ id: uid, forget: "thing" as const })));
  if (steps.length) await app.store.write(...steps);
}

/** Removes what was fetched of a walk. What was seen on it stays. */
export async function forget(app: App, kept: Kept): Promise<void> {
  await app.store.write({ id: kept.uid, forget: "thing" }, ...kept.pictures.map((one) => ({ id: `small:${one}`, forget: "bytes" as const })));
  const others = new Set((await app.walks()).flatMap((one) => one.tiles.map((tile) => tile.url)));
  const tiles = await caches.open(TILES);
  for (const { url } of kept.tiles) if (!others.has(url)) await tiles.delete(url, { ignoreVary: true });
  app.changed();
}

/** Whether the city has a photo, or is never to have it. */
function isDone(photo: Photo): boolean {
  return photo.state === "received" || photo.state === "withdrawn" || (photo.binned_at !== null && !photo.sent && !photo.listed);
}

function without({ uid }: Photo): Step[] {
  return [{ id: uid, forget: "both" }, { id: `small:${uid}`, forget: "bytes" }];
}
