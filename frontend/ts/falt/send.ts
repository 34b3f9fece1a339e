import { Away, type City, SignedOut, TooOld, words } from "./api";
import type { Change, Photo, Seen, Track } from "./model";
import { check } from "./receipts";
import { renew } from "./renew";
import { changeOf, fieldsTold, isTold, listed, told } from "./seen";
import type { Step, Store } from "./store";
import { _ } from "./texts";
import { base64, fromHex } from "./vault";

const LOCK = "tryggplats-skickar";
/** Bytes sent at once: what is lost when the line breaks. */
const PIECE = 1 << 20;
const PATIENCE_S = [2, 4, 8, 16, 32, 60];
/** So soon it is tried again where another page sends. */
const ELSEWHERE_MS = 1_000;
const PIECE_TYPE = "application/offset+octet-stream";
/** The answer to a record that the city keeps aside: until its walk comes, or a person has chosen. */
const KEPT_ASIDE = 202;
const NOT_FOUND = 404;

/** The city's proof that it has the bytes with this hash. */
interface Receipt {
  sha256: string;
  received_at: string;
}

/** How the sending goes: `away` is why the city was not reached, `next` when it is tried again. */
export interface Sending {
  busy: boolean;
  away: "" | "line" | "fault" | "busy" | "stranger" | "signed-out" | "too-old" | "phone";
  next: number | null;
}

/**
 * Sends what waits, one thing after the other: first what was seen, so that the city knows what to expect, then photos
 * in pieces from where the city is, then changes and the way that was gone; last it hears what has become of it all.
 *
 * Only a receipt with the right hash lets go of a photo. Everything can be sent again: the city knows it by its uid.
 * Two tabs never send at once (Web Locks). What the city refuses is kept, with its words, and the rest goes on.
 */
export class Sender {
  private tries = 0;
  private timer = 0;
  private again = false;
  /** Whether something has been sent since it was last heard what the city has. */
  private unheard = true;
  /** Until when something is let be, by the page's own clock, and the timer of the first of those. */
  private readonly rests = new Map<string, number>();
  private rested = 0;
  private state: Sending = { busy: false, away: "", next: null };

  constructor(
    private readonly store: Store,
    private readonly city: City,
    private readonly changed: (state: Sending) => void,
  ) {
    addEventListener("online", () => this.wake());
    document.addEventListener("visibilitychange", () => (document.hidden ? this.letGo() : this.wake()));
  }

  get now(): Sending {
    return this.state;
  }

  /** Sends now, if nobody does; what was kept while it sends goes too. Another tab, or a page on its way out, is waited for. */
  wake(): void {
    clearTimeout(this.timer);
    this.again = true;
    void navigator.locks.request(LOCK, { ifAvailable: true }, async (lock) => {
      if (lock) await this.send();
      else if (!this.state.busy) this.timer = window.setTimeout(() => this.wake(), ELSEWHERE_MS);
    });
  }

  /** Lets something be for a while: somebody may take it back, or goes on writing. Only this page does, and only while it is shown. */
  hold(uid: string, milliseconds: number): void {
    this.rests.set(uid, Math.max(this.rests.get(uid) ?? 0, performance.now() + milliseconds));
  }

  /** Sends what was let be, since somebody has gone on to something else; not what the page at `path` is about. */
  letGo(path = ""): void {
    const gone = [...this.rests.keys()].filter((uid) => !path.includes(uid));
    for (const uid of gone) this.rests.delete(uid);
    if (gone.length) this.wake();
  }

  /** Leaves out what is let be, and comes back for it. */
  private goes(uid: string): boolean {
    const left = (this.rests.get(uid) ?? 0) - performance.now();
    if (left <= 0) return true;
    clearTimeout(this.rested);
    this.rested = window.setTimeout(() => this.wake(), left + 1);
    return false;
  }

  private async send(): Promise<void> {
    this.tell({ busy: true, away: "", next: null });
    let away: Sending["away"] = "";
    let after = 0;
    try {
      while (this.again) {
        this.again = false;
        await this.all();
      }
      this.tries = 0;
    } catch (error) {
      if (error instanceof Away) [away, after] = [error.why, error.after];
      else if (error instanceof SignedOut) away = "signed-out";
      else if (error instanceof TooOld) away = "too-old";
      else {
        reportError(error);
        away = "phone"; // its store, mostly: what waits is there, and is tried again
      }
    } finally {
      const next = away && away !== "signed-out" && away !== "too-old" ? this.later(after) : null;
      this.tell({ busy: false, away, next });
    }
  }

  /** Sets the next try, later for each that failed, and never all phones at once. */
  private later(after: number): number {
    const patience = PATIENCE_S[Math.min(this.tries, PATIENCE_S.length - 1)] ?? 60;
    this.tries += 1;
    const wait = Math.max(after, patience * (0.75 + Math.random() / 2)) * 1000;
    this.timer = window.setTimeout(() => this.wake(), wait);
    return Date.now() + wait;
  }

  private tell(state: Sending): void {
    this.state = state;
    this.changed(state);
  }

  private async all(): Promise<void> {
    if (!navigator.onLine) throw new Away("line"); // told of nothing, so that what was just saved can be taken back
    const seen = (await this.store.list<Seen>("seen")).filter((one) => !one.binned_at && this.goes(one.uid));
    seen.sort((one, other) => one.made_at.localeCompare(other.made_at));
    const all = await this.store.list<Photo>("photo");
    const photos = all.filter((one) => !one.binned_at);
    for (const one of seen) if (one.state === "stored" || one.state === "sending") await this.record(one, photos);
    const known = new Set(seen.filter((one) => one.state !== "draft").map((one) => one.uid));
    for (const photo of photos) {
      if (known.has(photo.seen) && (photo.state === "stored" || photo.state === "sending")) await this.photo(photo);
    }
    for (const photo of all) if (photo.binned_at && photo.state !== "withdrawn") await this.withdraw(photo);
    const changes = await this.store.list<Change>("change");
    for (const one of seen) if (one.state !== "refused" && this.goes(one.uid)) await this.changes(one, changes);
    for (const one of seen) if (one.called) await this.call(one.uid);
    for (const one of await this.store.list<Track>("track")) await this.track(one);
    if (this.unheard && (await check(this.store, this.city, (photo, receipt) => this.receipt(photo, receipt)))) {
      this.unheard = false;
      this.tell(this.state);
    }
  }

  private async record(seen: Seen, photos: Photo[]): Promise<void> {
    const frozen = await this.store.change<Seen>(seen.uid, "seen", (now) => {
      if (now.state === "draft" || now.binned_at) return null; // taken back meanwhile
      const own = now.photos.flatMap((uid) => photos.find((photo) => photo.uid === uid) ?? []);
      return { ...now, state: "sending", told: now.told ?? told(now, own) }; // told the same way until the answer has come
    });
    if (!frozen?.told) return;
    this.tell(this.state);
    const headers = { Prefer: "handling=lenient" };
    const { status, body } = await this.city.ask("PUT", `/api/v1/observations/${seen.uid}`, { json: frozen.told, headers });
    this.unheard = true;
    const fields = fieldsTold(frozen.told);
    await this.note(seen.uid, (now) => {
      if (status >= 300) return { ...now, state: "refused", reason: words(body), told: null }; // the city has it not: it is told anew
      const kept = status === KEPT_ASIDE;
      return {
        ...now,
        state: kept ? body.state : "received",
        reason: kept ? body.title : "",
        number: body.number ?? now.number,
        received_at: body.received_at,
        city: { version: body.version ?? 0, fields },
      };
    });
  }

  /** Tells the city of a photo that was taken when its record had been told already; false where that must wait. */
  private async list(photo: Photo): Promise<boolean> {
    const seen = await this.store.read<Seen>(photo.seen);
    if (!seen?.told || photo.listed || isTold(seen, photo.uid)) return true;
    if (!seen.city) return false;
    const { status, body } = await this.city.ask("PUT", `/api/v1/observations/${seen.uid}/photos/${photo.uid}`, { json: listed(photo) });
    if (status === NOT_FOUND && (seen.state === "held" || seen.state === "review")) return false;
    await this.keepPhoto({ ...photo, ...(status < 300 ? { listed: true } : { state: "refused", reason: words(body) }) });
    return status < 300;
  }

  /** Takes a photo back that was thrown away and that the city may know of: it is not missed, and does not come again. */
  private async withdraw(photo: Photo): Promise<void> {
    const seen = await this.store.read<Seen>(photo.seen);
    if (!photo.sent && !photo.listed && !(seen && isTold(seen, photo.uid))) return;
    const { status, body } = await this.city.ask("DELETE", `/api/v1/photos/${photo.uid}`);
    if (status < 300 || status === NOT_FOUND) {
      const kept = await this.store.change<Photo>(photo.uid, "photo", (now) => ({ ...now, state: "withdrawn" }));
      if (kept && !kept.binned_at) await renew(this.store, kept); // somebody took it out of the bin meanwhile
    } else await this.store.change<Photo>(photo.uid, "photo", (now) => ({ ...now, binned_at: null, reason: words(body) })); // it has it
    this.tell(this.state);
  }

  private async photo(photo: Photo): Promise<void> {
    const path = `/api/v1/photos/${photo.uid}`;
    if (!(await this.list(photo))) return;
    photo = (await this.store.read<Photo>(photo.uid)) ?? photo;
    const bytes = await this.store.bytes(photo.uid);
    if (!bytes) {
      await this.keepPhoto({ ...photo, state: "refused", reason: _("Fotot finns inte längre i telefonen. Ta ett nytt, eller kasta det här.") });
      return;
    }
    const known = photo.offset || photo.sent ? await this.progress(path) : null;
    if (known?.receipt) return this.receipt(photo, known.receipt);
    let here = known?.offset ?? 0;
    const headers = { "Upload-Length": String(photo.bytes), "Repr-Digest": `sha-256=:${base64(fromHex(photo.sha256).buffer)}:` };
    for (;;) {
      const piece = bytes.slice(here, here + PIECE);
      photo = { ...photo, state: "sending", offset: here, sent: photo.sent + piece.byteLength };
      if (!(await this.keepPhoto(photo))) return;
      const about = { ...headers, "Upload-Offset": String(here), "Content-Type": PIECE_TYPE };
      const answer = await this.city.ask("PATCH", path, { bytes: piece, headers: about });
      const said = answer.headers.get("Upload-Offset");
      const offset = said === null ? Number.NaN : Number(said);
      if (answer.status === 409 && Number.isInteger(offset) && offset !== here) {
        here = offset; // the city is elsewhere: go on from there
        continue;
      }
      if (answer.status >= 400) {
        await this.keepPhoto({ ...photo, state: "refused", reason: words(answer.body) });
        return;
      }
      if (answer.body?.sha256) return this.receipt(photo, answer.body as Receipt);
      here = Number.isInteger(offset) ? offset : here + piece.byteLength;
      if (here >= photo.bytes) throw new Away("fault"); // all is there and no receipt: ask again later
    }
  }

  /** How far the city has come with a photo that was begun, and its receipt where that was lost on the way. */
  private async progress(path: string): Promise<{ offset: number; receipt: Receipt | null } | null> {
    const { status, body } = await this.city.ask("GET", path);
    return status < 300 ? { offset: body.offset, receipt: body.receipt } : null;
  }

  /** Lets go of the bytes, but only when the city has just those. */
  private async receipt(photo: Photo, receipt: Receipt): Promise<void> {
    if (receipt.sha256 !== photo.sha256) {
      await this.keepPhoto({ ...photo, state: "refused", reason: _("Staden har fått ett annat foto än det här. Det ligger kvar i telefonen. Lämna över det som fil.") });
      return;
    }
    const got: Partial<Photo> = { state: "received", offset: photo.bytes, sent: photo.sent, received_at: receipt.received_at, reason: "" };
    await this.store.change<Photo>(photo.uid, "photo", (now) => [{ ...now, ...got }, { id: photo.uid, forget: "bytes" }]);
    this.unheard = true;
    this.tell(this.state);
  }

  private async changes(seen: Seen, all: Change[]): Promise<void> {
    for (const change of await editsOf(this.store, seen, all)) {
      if ((change.state === "stored" || change.state === "sending") && !(await this.change(change))) return;
    }
  }

  /** Sends a change; false for one that the city refused. */
  private async change(change: Change): Promise<boolean> {
    await this.store.write(step("change", { ...change, state: "sending" }));
    const { uid, record, state: _state, reason: _reason, ...json } = change;
    const { status, body } = await this.city.ask("PUT", `/api/v1/observations/${record}/changes/${uid}`, { json });
    this.unheard = true;
    if (status >= 300) {
      await this.takeBack(record, words(body));
      return false;
    }
    const now: Change = { ...change, state: body.state, reason: body.title ?? "" };
    await this.store.write(step("change", now));
    await this.note(record, (seen) => {
      const city = seen.city && { ...seen.city, version: body.version ?? seen.city.version };
      return { ...seen, city, state: now.state === "review" ? "review" : seen.state, reason: now.reason };
    });
    return true;
  }

  /**
   * Takes back the changes that the city has not taken in, since it refused one: what stands in the phone stands, and is
   * told again as one change when somebody has mended it, or tries again.
   */
  private async takeBack(record: string, reason: string): Promise<void> {
    const all = changesOf(await this.store.list<Change>("change"), record).filter((one) => one.state === "stored" || one.state === "sending");
    await this.store.change<Seen>(record, "seen", (seen) => {
      const before = Object.assign({}, ...[...all].reverse().map((one) => one.before));
      const city = seen.city && { ...seen.city, fields: { ...seen.city.fields, ...before } };
      return [{ ...seen, city, state: "refused", reason }, ...all.map(({ uid }) => ({ id: uid, forget: "thing" as const }))];
    });
    this.tell(this.state);
  }

  /** Tells the city that somebody has called about a danger, once; one whose answer was lost may be there already. */
  private async call(uid: string): Promise<void> {
    const seen = await this.store.read<Seen>(uid);
    if (!seen?.called || seen.called === seen.calledTold || seen.state !== "received") return;
    const { status: found, body: city } = await this.city.ask("GET", `/api/v1/observations/${uid}`);
    const known = ((found < 300 ? city.changes : []) as { called: string }[]).some((one) => one.called === seen.called);
    const { status, body } = known ? { status: 200, body: null } : await this.city.ask("POST", `/api/v1/observations/${uid}/calls`, { json: { called: seen.called } });
    await this.note(uid, (now) => ({ ...now, calledTold: seen.called!, reason: status < 300 ? now.reason : words(body) }));
  }

  /** Sends the way that was gone so far, whole: the city takes a longer one in place of a shorter. */
  private async track(track: Track): Promise<void> {
    if (!track.points.length || track.reason || (track.sent >= track.points.length && track.closed === track.ended)) return;
    const json = { points: track.points, ended: track.ended };
    const { status, body } = await this.city.ask("PUT", `/api/v1/walks/${track.walk}/tracks/${track.uid}`, { json });
    const heard = status < 300 ? { sent: body.points as number, closed: body.ended as boolean } : { reason: words(body) };
    await this.store.change<Track>(track.uid, "track", (now) => ({ ...now, ...heard }));
    this.tell(this.state);
  }

  private async note(uid: string, work: (now: Seen) => Seen): Promise<void> {
    await this.store.change<Seen>(uid, "seen", work);
    this.tell(this.state);
  }

  /** Keeps how far a photo has come; one that was thrown away meanwhile stays so. */
  private async keepPhoto(photo: Photo): Promise<boolean> {
    const kept = await this.store.change<Photo>(photo.uid, "photo", (now) => ({ ...photo, binned_at: now.binned_at }));
    this.tell(this.state);
    return !kept?.binned_at;
  }
}

/** The changes of something seen among all, in their order; what was edited since the last of them is one more. */
export async function editsOf(store: Store, seen: Seen, all: Change[]): Promise<Change[]> {
  const own = changesOf(all, seen.uid);
  await store.change<Seen>(seen.uid, "seen", (now) => {
    const made = now.state === "draft" ? null : changeOf(now, own.at(-1) ?? null, new Date().toISOString());
    if (!made || !now.city) return null;
    own.push(made);
    const city = { ...now.city, fields: { ...now.city.fields, ...made.fields } };
    return [{ ...now, city }, step("change", made)];
  });
  return own;
}

function changesOf(all: Change[], record: string): Change[] {
  return all.filter((one) => one.record === record).sort((one, other) => one.made_at.localeCompare(other.made_at));
}

function step<T extends { uid: string }>(kind: string, value: T): Step {
  return { id: value.uid, kind, value };
}
