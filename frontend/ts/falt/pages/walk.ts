import { html, nothing } from "lit-html";
import type { App, Draw } from "../app";
import { keepPhoto, newSeen } from "../capture";
import { forbiddenAt } from "../forbidden";
import type { Usual } from "../kinds";
import type { Seen, Track } from "../model";
import { type Part, box, button, camera, list, progress, row, two, way } from "../parts";
import { SURE, distance } from "../place";
import { noteOnWay } from "../steps";
import { Full } from "../store";
import { N_, _, day, many, metres } from "../texts";
import { type Kept, nearestStop, isOn } from "../walks";
import { gone } from "./gone";
import { moveWalk } from "./moving";

/** Fewer photos than these left are told of. */
const FEW = 50;
/** Metres beyond which no stop is near. */
const FAR = 1_000;

/** Where we are on a walk, and the next photo. */
export const walk: Draw = async (app, [uid = ""]) => {
  const kept = await app.walk(uid);
  if (!kept) return gone(_("Vandringen är inte hämtad"), `/falt/hamta/${uid}`, _("Hämta vandringen"));
  app.where.start();
  void app.way.begin(kept);
  const own = app.book.seen.filter((one) => one.walk === uid && one.state !== "draft");
  const here = app.book.here.filter((one) => one.walk === uid).length;
  const near = nearestStop(app.where.now, kept.stops);
  const followed = kept.earlier.filter((one) => one.photos.length).length;
  return {
    title: kept.walk.title,
    back: [_("Hem"), "/falt"],
    main: html`<h1>${kept.walk.title}</h1>
      ${fault(app)}
      ${own.length ? progress(here, own.length, _("Mottagna av staden"), _("iakttagelser är mottagna av staden. {n} i telefonen.", { n: own.length - here })) : html`<p>${_("Inget inskrivet än.")}</p>`}
      ${where(app, near)}
      ${app.where.asksForCompass ? button(_("Spara åt vilket håll foton tas"), () => app.where.allowCompass(), { kind: "secondary" }) : nothing}
      ${roomBox(app)}
      ${changed(app, kept)}
      ${startBox(app, kept)}
      ${await wayBox(app, kept)}
      ${kept.stops.length ? html`<h2>${_("Stopp")}</h2>` : nothing}
      ${list(kept.stops.map((stop) => {
        const there = own.filter((one) => stopOf(one, kept)?.seq === stop.seq).length;
        const words = [there ? many(there, N_("1 iakttagelse."), N_("{n} iakttagelser.")) : _("Inget än."), near?.stop === stop && near.metres < FAR ? _("Närmast dig.") : ""];
        return row(stop.name, { href: `/falt/vandring/${uid}/stopp/${stop.seq}`, number: stop.seq, done: there > 0, sub: words.join(" ") });
      }))}
      ${list([
        row(own.length ? many(own.length, N_("1 iakttagelse"), N_("Alla {n} iakttagelser")) : _("Inga iakttagelser än"), { href: `/falt/vandring/${uid}/iakttagelser`, icon: "document" }),
        followed ? row(_("Före och efter"), { href: `/falt/vandring/${uid}/fore-efter`, icon: "camera", sub: many(followed, N_("1 bild att ta om från samma plats"), N_("{n} bilder att ta om från samma plats")) }) : nothing,
        row(_("Det här är hämtat"), { href: `/falt/hamta/${uid}`, icon: "fetch", sub: _("Hämtad {at}", { at: day(kept.fetched_at) }) }),
        row(_("Avsluta vandringen"), { href: `/falt/vandring/${uid}/avsluta`, icon: "done" }),
      ])}`,
    foot: takePhoto(app, kept),
  };
};

/** A stop: what to talk about there, what was seen tonight and before. */
export const stop: Draw = async (app, [uid = "", seq = ""]) => {
  const kept = await app.walk(uid);
  const found = kept?.stops.find((one) => String(one.seq) === seq);
  if (!kept || !found) return gone(_("Stoppet finns inte"), `/falt/vandring/${uid}`, _("Till vandringen"));
  app.where.start();
  noteOnWay(app, `stopp:${found.seq}`);
  const own = app.book.seen.filter((one) => one.walk === uid && stopOf(one, kept)?.seq === found.seq);
  const before = kept.earlier.filter((one) => one.point && found.point && distance(one.point, found.point) <= SURE * 2);
  return {
    title: found.name,
    back: [kept.walk.title, `/falt/vandring/${uid}`],
    main: html`<h1>${_("Stopp {n}: {name}", { n: found.seq, name: found.name })}</h1>
      ${found.questions.length ? html`<h2>${_("Prata om")}</h2><ul>${found.questions.map((one) => html`<li>${one}</li>`)}</ul>` : nothing}
      ${own.length ? html`<h2>${_("Från den här vandringen")}</h2>` : nothing}
      ${list(own.map((one) => row(titleOf(one, kept), { href: `/falt/sedd/${one.uid}`, sub: one.description || day(one.made_at) })))}
      ${before.length ? html`<h2>${_("Från tidigare vandringar")}</h2>` : nothing}
      ${list(before.map((one) => row(_("{kind}, {day}", { kind: one.title, day: day(one.seen_at) }), { sub: one.answer || one.state_label })))}`,
    foot: takePhoto(app, kept),
  };
};

/** The stop where something was seen; null where it is known to be none, or nothing is known. */
export function stopOf(seen: Seen, kept: Kept): Kept["stops"][number] | null {
  const near = nearestStop(seen.position, kept.stops);
  return near && near.metres <= SURE * 2 ? near.stop : null;
}

export function titleOf(seen: Seen, choices: Pick<Usual, "kinds"> | null): string {
  return choices?.kinds.find((kind) => kind.key === seen.kind)?.title ?? (seen.kind ? seen.kind : _("Sort saknas"));
}

/** The title with the city's number before it, from when it is known: until then no number is anybody's. */
export function numbered(seen: Seen, title: string): string {
  return seen.city ? _("Iakttagelse {n}, {kind}", { n: seen.number, kind: title }) : title;
}

function where(app: App, near: ReturnType<typeof nearestStop>): Part {
  const now = app.where.now;
  if (app.where.denied) return html`<p class="mute">${_("Telefonen får inte läsa läget. Du kan säga var du står efteråt.")}</p>`;
  if (!now) return html`<p class="mute">${_("Letar efter läget. Det går att ta foto ändå.")}</p>`;
  const within = _("Läget är känt, inom {m}.", { m: metres(now.accuracy_m ?? 0) });
  return html`<p class="mute">${within} ${near ? _("{m} från stopp {n}, {name}.", { m: metres(near.metres), n: near.stop.seq, name: near.stop.name }) : nothing}</p>`;
}

/** The walk is started where it begins, by who leads it; writing down what one sees needs no start. */
function startBox(app: App, kept: Kept): Part {
  const said = app.shown["said"] ? html`<p role="status">${app.shown["said"]}</p>` : nothing;
  if (!kept.walk.leads || kept.walk.state === "pagar" || !isOn(kept.walk)) return said;
  return html`${said}${button(_("Starta vandringen"), () => moveWalk(app, kept, "starta", _("Vandringen är startad.")), { kind: "secondary" })}`;
}

/** That the walk has been changed at the office since it was fetched, as the city told when it was last asked. */
function changed(app: App, kept: Kept): Part {
  const now = app.offered.find((one) => one.uid === kept.uid);
  if (!now || now.version <= kept.walk.version) return nothing;
  return box(_("Vandringen är ändrad på kontoret"), html`<p>${_("Hämta den igen för att se det nya. Det du har skrivit ligger kvar.")}</p>
    ${way(_("Det här är hämtat"), `/falt/hamta/${kept.uid}`, { kind: "secondary", icon: "fetch" })}`, { icon: "info" });
}

/** That the way is kept, for all to see, and how that ends. */
async function wayBox(app: App, kept: Kept): Promise<Part> {
  if (!kept.walk.leads || !app.settings.track || !isOn(kept.walk)) return nothing;
  if (!app.way.isKept(kept.uid)) return button(_("Spara hur vi går"), () => app.way.begin(kept, true), { kind: "secondary", icon: "pin" });
  const own = (await app.store.list<Track>("track")).filter((one) => one.walk === kept.uid);
  const count = own.reduce((sum, one) => sum + one.points.length, 0);
  return box(_("Hur ni går sparas"), html`<p>${_("Punkter hittills: {n}. Sparas som en linje, inte vem som gick, och bara medan appen syns.", { n: count })}</p>
    ${button(_("Sluta spara hur vi går"), () => app.way.end(kept.uid), { kind: "secondary" })}`, { icon: "pin" });
}

/** Where nobody may photograph; null where it is not known to be so, or somebody says that they stand elsewhere. */
function offHere(app: App, kept: Kept | null): ReturnType<typeof forbiddenAt> {
  return app.shown["not-here"] ? null : forbiddenAt(app.where.now, kept?.places ?? []);
}

/** Whether a camera is offered: there is room, and nothing here that nobody may photograph. */
export function mayTake(app: App, kept: Kept | null): boolean {
  return app.room > 0 && !offHere(app, kept);
}

/** That the phone is nearly full, counted in photos and before it is: text always fits. */
export function roomBox(app: App): Part {
  if (app.room > FEW) return nothing;
  const title = app.room ? _("Plats för {n} foton till", { n: app.room }) : _("Inget foto får plats");
  return box(title, html`<p>${_("Det du har tagit är sparat. Att skriva går alltid.")}</p>${way(_("Gör plats"), "/falt/plats", { kind: "secondary" })}`, { icon: "phone", tone: "warning" });
}

/** The camera in the foot; at a protected object, and in a phone that is full, there is none. */
export function takePhoto(app: App, kept: Kept): Part {
  const place = offHere(app, kept);
  const without = way(_("Utan foto"), `/falt/ny/${kept.uid}`, { kind: mayTake(app, kept) ? "secondary" : "primary" });
  if (place) {
    return html`<div role="alert">${box(_("Här får du inte fotografera"), html`<p>${_("{place} är ett skyddsobjekt. Foto här kan vara ett brott.", { place: place.name })}</p>
      ${button(_("Jag står inte här"), () => { app.shown["not-here"] = true; app.schedule(); }, { kind: "secondary" })}`, { icon: "danger", tone: "danger" })}</div>${without}`;
  }
  return app.room ? two(without, camera(_("Ta foto"), (files) => take(app, kept.uid, files))) : without;
}

/** Keeps what came from the camera, and asks what it is. */
export async function take(app: App, walk: string | null, files: File[], seen: Seen | null = null): Promise<void> {
  try {
    let record = seen;
    for (const file of files) record = await keepPhoto(app, walk, file, record);
    if (record) app.go(`/falt/${record.state === "draft" ? "sort" : "sedd"}/${record.uid}`);
    app.sender.wake();
  } catch (error) {
    app.shown["fault"] = error instanceof Full ? "full" : "write";
    app.schedule();
  }
}

export function fault(app: App): Part {
  if (!app.shown["fault"]) return nothing;
  const full = app.shown["fault"] === "full";
  return html`<div role="alert">${box(_("Fotot är inte sparat"), html`<p>${full
    ? _("Telefonen är full. Det du har tagit tidigare är sparat. Gör plats och ta fotot igen.")
    : _("Telefonen kunde inte spara fotot. Stäng inte sidan. Ta fotot igen.")}</p>${way(_("Gör plats"), "/falt/plats", { kind: "secondary" })}`, { icon: "danger", tone: "danger" })}</div>`;
}

/** Writes what is seen without a photo: the same page as with one. */
export const without: Draw = async (app, [uid = ""]) => {
  const walkUid = uid === "utan" ? null : uid;
  const seen = newSeen(app, walkUid);
  await app.store.write({ id: seen.uid, kind: "seen", value: seen });
  app.go(`/falt/sort/${seen.uid}`, true);
  return { title: "", main: nothing };
};
