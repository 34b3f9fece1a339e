import type { Change, Photo, Seen, Standing, Track } from "./model";
import { changeOf } from "./seen";
import type { Sending } from "./send";
import { N_, _, day, megabytes } from "./texts";

/** A day: what has waited longer is told of. */
const OLD_MS = 24 * 3600 * 1000;

interface Look {
  text: string;
  icon: string;
  tone: string;
}

const LOOKS: Record<Standing, Look> = {
  draft: { text: N_("Utkast"), icon: "pen", tone: "" },
  stored: { text: N_("Sparad i telefonen {at}"), icon: "phone", tone: "" },
  sending: { text: N_("Skickas"), icon: "send", tone: "accent" },
  received: { text: N_("Mottagen av staden {at}"), icon: "done", tone: "success" },
  held: { text: N_("Mottagen av staden {at}. Väntar på vandringen."), icon: "done", tone: "success" },
  review: { text: N_("Behöver granskas"), icon: "eye", tone: "warning" },
  settled: { text: N_("Staden har valt att inte spara den"), icon: "done", tone: "" },
  refused: { text: N_("Togs inte emot"), icon: "stop", tone: "danger" },
};

/** Where something seen stands, in words: it is at the city only when all of its photos and edits are. */
export function standing(seen: Seen, { photos, edited }: Ledger): Look {
  const own = photos.filter((photo) => photo.seen === seen.uid && !photo.binned_at);
  if (own.some((photo) => photo.state === "refused")) return LOOKS.refused;
  const waiting = own.filter((photo) => photo.state !== "received");
  if (seen.state === "received" && waiting.length) {
    const sending = waiting.find((photo) => photo.state === "sending");
    const [done, all] = [own.reduce((sum, photo) => sum + photo.offset, 0), own.reduce((sum, photo) => sum + photo.bytes, 0)];
    if (sending && done) return { ...LOOKS.sending, text: _("Skickas {done} av {all}", { done: megabytes(done), all: megabytes(all) }) };
    return { ...LOOKS.stored, text: _("Fotot är sparat i telefonen {at}", { at: day(seen.saved_at ?? seen.made_at) }) };
  }
  if (seen.state === "received" && edited.has(seen.uid)) return { ...LOOKS.stored, text: _("Ändringen är sparad i telefonen") };
  const look = LOOKS[seen.state];
  return { ...look, text: _(look.text, { at: day((seen.state === "stored" ? seen.saved_at : seen.received_at) ?? seen.made_at) }) };
}

/** What is where: counted from the phone's own rows. */
export interface Ledger {
  seen: Seen[];
  drafts: Seen[];
  waiting: Seen[];
  here: Seen[];
  review: Seen[];
  refused: Seen[];
  photos: Photo[];
  photosSaved: number;
  photosHere: number;
  changes: number;
  /** Of how many dangers the city does not know that somebody has called. */
  calls: number;
  /** Those of which the city has not got the latest edits. */
  edited: Set<string>;
  /** Ways that were gone on walks and of which the city does not know all, or that they are ended. */
  ways: number;
  /** Why the city would not have a way, in its words; "" where it has said nothing such. */
  wayRefused: string;
  /** Since when the oldest waits that has waited for more than a day, drafts too; null where nothing has. */
  old: string | null;
}

export function ledger(all: Seen[], photos: Photo[], changes: Change[], now: number, tracks: Track[] = []): Ledger {
  const seen = all.filter((one) => !one.binned_at).sort((one, other) => other.made_at.localeCompare(one.made_at));
  const live = photos.filter((photo) => !photo.binned_at && seen.some((one) => one.uid === photo.seen));
  const open = new Set(live.filter((photo) => photo.state !== "received").map((photo) => photo.seen));
  const wrong = new Set(live.filter((photo) => photo.state === "refused").map((photo) => photo.seen));
  const told = changes.filter((change) => change.state === "stored" || change.state === "sending");
  const saved = seen.filter((one) => one.state !== "draft");
  const refused = saved.filter((one) => one.state === "refused" || wrong.has(one.uid));
  const waiting = saved.filter((one) => !refused.includes(one) && (one.state === "stored" || one.state === "sending" || open.has(one.uid)));
  const drafts = seen.filter((one) => one.state === "draft");
  const edits = saved.filter((one) => one.state !== "refused" && changeOf(one, null, "")); // what is no change yet, for nothing has been sent since
  const untold = saved.filter((one) => one.state === "received" && one.called && one.called !== one.calledTold);
  const since = [...waiting, ...refused, ...drafts].map((one) => one.saved_at ?? one.made_at).concat(told.map((one) => one.made_at));
  const oldest = since.sort()[0];
  return {
    seen,
    drafts,
    waiting,
    here: saved.filter((one) => !refused.includes(one) && !waiting.includes(one)),
    review: saved.filter((one) => one.state === "review"),
    refused,
    photos: live,
    photosSaved: live.filter((photo) => saved.some((one) => one.uid === photo.seen)).length,
    photosHere: live.filter((photo) => photo.state === "received").length,
    changes: told.length + edits.length + untold.length,
    calls: untold.length,
    edited: new Set([...told.map((one) => one.record), ...edits.map((one) => one.uid), ...untold.map((one) => one.uid)]),
    ways: tracks.filter((one) => !one.reason && one.points.length && (one.sent < one.points.length || one.ended !== one.closed)).length,
    wayRefused: tracks.find((one) => one.reason)?.reason ?? "",
    old: oldest && now - Date.parse(oldest) > OLD_MS ? oldest : null,
  };
}

/** How many things wait to be sent, with what was refused: what a log-out would lose. */
export function waits(book: Ledger): number {
  return book.waiting.length + book.refused.length + book.drafts.length + book.changes + book.ways;
}

/** The two lines at right on each page: "3 väntar", "Ingen täckning". */
export function headline(book: Ledger, sending: Sending, online: boolean): { text: string; sub: string } {
  const count = book.waiting.length + book.changes + book.ways;
  const text = book.refused.length ? _("{n} att titta på", { n: book.refused.length })
    : count ? _("{n} väntar", { n: count })
    : book.drafts.length ? _("{n} utkast", { n: book.drafts.length })
    : _("Allt är mottaget");
  const subs: Record<Sending["away"], string> = {
    "": sending.busy && count ? _("Skickar") : _("Täckning"),
    line: _("Ingen täckning"),
    stranger: _("Nätet kräver inloggning"),
    fault: _("Staden svarar inte"),
    busy: _("Staden svarar inte"),
    "signed-out": _("Utloggad"),
    "too-old": _("Appen behöver bytas"),
    phone: _("Försöker igen"),
  };
  return { text, sub: online || sending.away === "signed-out" ? subs[sending.away] : _("Ingen täckning") };
}
