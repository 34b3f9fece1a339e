import type { City } from "./api";
import type { Change, Photo, Seen } from "./model";
import { fieldsTold } from "./seen";
import type { Store } from "./store";

/** So many pages of what was sent are asked for at most: the latest, which is what a phone still holds. */
const MOST_PAGES = 10;

interface Sent {
  uid: string;
  version: number;
  number: number;
  photos: { uid: string; sha256: string | null; received_at: string | null }[];
}

/** A change, or a creation (it has the uid of its record), that the city has kept aside or somebody has chosen about. */
interface Aside {
  uid: string;
  record: string;
  state: "held" | "review" | "applied" | "merged" | "settled";
  /** Why, in words. */
  title: string;
}

export type Keep = (photo: Photo, receipt: { sha256: string; received_at: string }) => Promise<void>;

/**
 * Asks the city what has become of all that was sent, also by a colleague with a file: what was held may have been
 * applied, a choice made, a photo come another way. False where the city does not say.
 */
export async function check(store: Store, city: City, keep: Keep): Promise<boolean> {
  const own = (await store.list<Seen>("seen")).filter((one) => one.told);
  if (!own.length) return true;
  const open = new Set(own.map((one) => one.uid));
  const photos = await store.list<Photo>("photo");
  const items: Sent[] = [];
  const aside: Aside[] = [];
  let after = "";
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const { status, body } = await city.ask("GET", `/api/v1/field/receipts${after ? `?after=${encodeURIComponent(after)}` : ""}`);
    if (status >= 300) return false;
    items.push(...(body.items as Sent[]).filter((one) => open.has(one.uid)));
    if (!page) aside.push(...((body.changes ?? []) as Aside[]).filter((one) => open.has(one.record)));
    after = body.next ?? "";
    if (!after || items.length >= open.size) break;
  }
  for (const one of aside) await heard(store, one);
  const changes = await store.list<Change>("change");
  for (const one of items) {
    await arrived(store, one, changes.some((change) => change.record === one.uid && change.state === "review"));
    for (const { uid, sha256, received_at } of one.photos) {
      const photo = photos.find((each) => each.uid === uid && !each.binned_at && each.state !== "received");
      if (photo && received_at && sha256 === photo.sha256) await keep(photo, { sha256, received_at });
    }
  }
  return true;
}

/** What became of something that was kept aside. */
async function heard(store: Store, { uid, record, state, title: reason }: Aside): Promise<void> {
  if (uid !== record) {
    await store.change<Change>(uid, "change", (now) => (now.state === "stored" || now.state === "sending" ? null : { ...now, state, reason }));
    if (state === "review") await store.change<Seen>(record, "seen", (now) => (now.state === "received" ? { ...now, state, reason } : null));
    return;
  }
  await store.change<Seen>(record, "seen", (now) => {
    if (now.state !== "held" && now.state !== "review") return null;
    return state === "held" || state === "review" || state === "settled" ? { ...now, state, reason } : null;
  });
}

/** What the city lists it has: nothing is held of it any more, and it is to be looked at only for a change's sake. */
async function arrived(store: Store, { uid, version, number }: Sent, met: boolean): Promise<void> {
  await store.change<Seen>(uid, "seen", (now) => {
    const waits = now.state === "held" || now.state === "review" || now.state === "settled";
    if (!waits || met || !now.told) return null;
    const fields = now.city?.fields ?? fieldsTold(now.told);
    return { ...now, state: "received", reason: "", number, city: { version, fields } };
  });
}
