import type { App } from "./app";
import type { Track } from "./model";
import { distance, pointOf } from "./place";
import { type Kept, isOn } from "./walks";

/** Metres and time between two points of the way: whichever comes first. */
const STRIDE = 10;
const PAUSE_MS = 15_000;
/** So often the way so far is sent while it is gone; each time whole, since the city takes a longer one for the same. */
const SEND_MS = 300_000;
/** So many points the city takes. */
const MOST = 20_000;

/**
 * Keeps the way that is gone, where who leads the walk has asked for it: from when its page is opened until it is ended.
 * Each point is in the store before the next, so that a phone that dies on the way loses nothing.
 */
export class Way {
  private following: string | null = null;
  private unfollow: (() => void) | null = null;
  private sentAt = 0;

  constructor(private readonly app: App) {}

  /** Whether the way of this walk is being kept. */
  isKept(walk: string): boolean {
    return this.following === walk;
  }

  /** Whether any way is being kept. */
  get isOn(): boolean {
    return this.following !== null;
  }

  /** Begins with an ongoing walk, or goes on where the app was closed; what was ended begins again only when `asked`. */
  async begin(kept: Kept, asked = false): Promise<void> {
    if (this.following === kept.uid || !this.app.settings.track || !kept.walk.leads || !isOn(kept.walk)) return;
    this.let();
    this.following = kept.uid;
    this.sentAt = Date.now();
    const own = (await this.app.store.list<Track>("track")).filter((one) => one.walk === kept.uid);
    const open = own.find((one) => !one.ended);
    if (!open && own.length && !asked) return this.let();
    const uid = open?.uid ?? crypto.randomUUID();
    const made: Track = { uid, walk: kept.uid, points: [], ended: false, sent: 0, closed: false, reason: "" };
    if (!open) await this.app.store.write({ id: uid, kind: "track", value: made });
    this.unfollow = this.app.where.follow(() => void this.note(uid));
    await this.note(uid);
    this.app.changed();
  }

  /** Ends the way of a walk; what is kept of it is sent. */
  async end(walk: string): Promise<void> {
    this.let();
    for (const one of await this.app.store.list<Track>("track")) {
      if (one.walk === walk && !one.ended) await this.app.store.change<Track>(one.uid, "track", (now) => ({ ...now, ended: true }));
    }
    this.app.changed();
    this.app.sender.wake();
  }

  private let(): void {
    this.unfollow?.();
    this.unfollow = this.following = null;
  }

  private async note(uid: string): Promise<void> {
    const here = this.app.where.now;
    if (!here) return;
    if (!this.app.settings.track) return this.let();
    const at = new Date();
    await this.app.store.change<Track>(uid, "track", (now) => {
      const last = now.points.at(-1);
      const near = last && distance([last[0], last[1]], pointOf(here)) < STRIDE && at.getTime() - Date.parse(last[3]) < PAUSE_MS;
      if (near || now.ended || now.points.length >= MOST) return null;
      return { ...now, points: [...now.points, [here.longitude, here.latitude, here.accuracy_m, at.toISOString()]] };
    });
    if (at.getTime() - this.sentAt < SEND_MS) return;
    this.sentAt = at.getTime();
    this.app.sender.wake();
  }
}
