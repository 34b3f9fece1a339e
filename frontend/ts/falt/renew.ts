import type { Photo, Seen } from "./model";
import type { Step, Store } from "./store";

/** Makes a new photo of one that was taken back at the city, where its uid is over for good, and that somebody wants after all. */
export async function renew(store: Store, photo: Photo): Promise<void> {
  const { uid } = photo;
  const [bytes, small] = await Promise.all([store.bytes(uid), store.bytes(`small:${uid}`)]);
  if (!bytes) return;
  const again: Photo = { ...photo, uid: crypto.randomUUID(), state: "stored", listed: false, offset: 0, sent: 0, binned_at: null, reason: "" };
  const steps: Step[] = [{ id: again.uid, kind: "photo", value: again, bytes }, { id: uid, forget: "both" }, { id: `small:${uid}`, forget: "bytes" }];
  if (small) steps.push({ id: `small:${again.uid}`, bytes: small });
  await store.change<Seen>(photo.seen, "seen", (now) => [{ ...now, photos: now.photos.map((one) => (one === uid ? again.uid : one)) }, ...steps]);
}
