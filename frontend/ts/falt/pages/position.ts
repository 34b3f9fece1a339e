import { html, nothing } from "lit-html";
import type { App, Draw } from "../app";
import { edit } from "../capture";
import { map, steered, whose } from "../map";
import type { Position, Seen } from "../model";
import { type Part, button, buttons, list, row, text, two } from "../parts";
import { type Point, bearing, distance, moved, pointOf } from "../place";
import { _, metres } from "../texts";
import type { Kept } from "../walks";
import { gone } from "./gone";

const STRIDES = [2, 10, 50];
const NEAREST = 4;

/** Where it was: the pin is moved by arrows, set on something near by, or fetched from the phone's gps. */
export const position: Draw = async (app, [uid = ""]) => {
  const seen = await app.seen(uid);
  if (!seen) return gone(_("Iakttagelsen finns inte"), "/falt", _("Hem"));
  const kept = seen.walk ? await app.walk(seen.walk) : null;
  app.where.start();
  const pin = seen.position ? pointOf(seen.position) : start(app, kept);
  // What is pressed counts from what was pressed last, which may not be drawn yet.
  const stood = (): Position | null => (app.shown["put"] as Position | undefined) ?? seen.position;
  const stride = (): number => (app.shown["stride"] as number | undefined) ?? STRIDES[0]!;
  const back = (): Position[] => (app.shown["back"] as Position[] | undefined) ?? [];
  const change = (to: Position): void => {
    app.shown["put"] = to;
    void edit(app, uid, { position: to });
  };
  const put = (to: Position): void => {
    const before = stood();
    if (before) app.shown["back"] = [...back(), before];
    change(to);
  };
  const move = (east: number, north: number): void => {
    const from = stood() ? pointOf(stood()!) : pin;
    if (!from) return;
    const to = moved(from, east * stride(), north * stride());
    put({ latitude: to[1], longitude: to[0], accuracy_m: null, source: "karta" });
    app.say(_("Nålen: {way}. {where}", { way: wayWords(east, north, stride()), where: whereIs(to, kept) }));
  };
  const undo = (): void => {
    const last = back().at(-1);
    app.shown["back"] = back().slice(0, -1);
    if (last) change(last);
  };
  return {
    title: _("Var är det?"),
    back: [_("Tillbaka"), `/falt/sedd/${uid}`],
    main: html`<h1>${_("Var är det?")}</h1>
      ${pin ? steered(map(kept, { middle: pin, across: 120, pin, ring: seen.position?.accuracy_m ?? null, here: app.where.now ? pointOf(app.where.now) : null, label: whereIs(pin, kept) }), move) : nothing}
      ${pin ? whose(kept) : html`<p>${_("Telefonen hittar inte läget. Sätt nålen på ett stopp eller en stolpe.")}</p>`}
      ${pin ? html`<p><strong>${_("Nålen:")}</strong> ${whereIs(pin, kept)} ${seen.position?.accuracy_m ? _("Inom {m}.", { m: metres(seen.position.accuracy_m) }) : nothing}</p>` : nothing}
      ${buttons(
        back().length ? button(_("Ångra"), undo, { kind: "secondary", icon: "undo" }) : nothing,
        pin ? button(_("Steg: {m}", { m: metres(stride()) }), () => { app.shown["stride"] = STRIDES[(STRIDES.indexOf(stride()) + 1) % STRIDES.length]; app.schedule(); }, { kind: "secondary" }) : nothing,
      )}
      <h2>${_("Eller sätt nålen på något")}</h2>
      ${list(nearThings(pin, kept).map((one) => row(one.title, { icon: one.icon, sub: pin ? fromPin(pin, one.point) : "", act: () => setOn(app, seen, one, put) })))}
      ${kept?.assets.length ? numberField(app, seen, kept, put) : nothing}`,
    foot: two(button(_("Min gps"), () => fromGps(app, put), { kind: "secondary" }), button(_("Klar"), () => app.go(`/falt/sedd/${uid}`))),
  };
};

interface Thing {
  title: string;
  icon: string;
  point: Point;
  number: string;
}

function nearThings(pin: Point | null, kept: Kept | null): Thing[] {
  const stops = (kept?.stops ?? []).flatMap((stop) => (stop.point ? [{ title: _("Stopp {n}, {name}", { n: stop.seq, name: stop.name }), icon: "pin", point: stop.point, number: "" }] : []));
  const assets = (kept?.assets ?? []).map((asset) => ({ title: `${asset.kind} ${asset.number}`, icon: "light", point: asset.point, number: asset.number }));
  if (!pin) return stops;
  const byDistance = (one: Thing, other: Thing): number => distance(pin, one.point) - distance(pin, other.point);
  return [...assets.sort(byDistance).slice(0, NEAREST), ...stops.sort(byDistance).slice(0, NEAREST)];
}

function setOn(app: App, seen: Seen, thing: Thing, put: (to: Position) => void): void {
  put({ latitude: thing.point[1], longitude: thing.point[0], accuracy_m: null, source: "karta" });
  if (thing.number) void edit(app, seen.uid, { asset_ref: thing.number });
  app.say(_("Nålen står på {thing}.", { thing: thing.title }));
}

function numberField(app: App, seen: Seen, kept: Kept, put: (to: Position) => void): Part {
  const set = (): void => {
    const written = String(app.shown["number"] ?? ""); // as it stands now: writing alone draws nothing
    const same = (one: string): string => one.replace(/\W/g, "").toLowerCase();
    const found = kept.assets.find((asset) => same(asset.number) === same(written));
    if (found) setOn(app, seen, { title: `${found.kind} ${found.number}`, icon: "light", point: found.point, number: found.number }, put);
    else app.shown["unknown"] = written;
    app.schedule();
  };
  return html`${text("stolpe", _("Nummer på stolpens ovala skylt"), String(app.shown["number"] ?? ""), (value) => { app.shown["number"] = value; }, { warning: app.shown["unknown"] ? _("Numret finns inte bland det som är hämtat. Skriv det i iakttagelsen i stället.") : "" })}
    ${button(_("Sätt nålen på stolpen"), set, { kind: "secondary" })}`;
}

function fromGps(app: App, put: (to: Position) => void): void {
  const now = app.where.now;
  if (now) put(now);
  else app.say(_("Telefonen hittar inte läget just nu."));
}

function start(app: App, kept: Kept | null): Point | null {
  if (app.where.now) return pointOf(app.where.now);
  return kept?.stops.find((stop) => stop.point)?.point ?? null;
}

/** Where a point is, in words: how far and which way from the nearest stop. */
export function whereIs(point: Point, kept: Kept | null): string {
  const near = nearThings(point, kept).filter((one) => !one.number)[0];
  if (!near) return _("Latitud {lat}, longitud {lon}.", { lat: point[1].toFixed(5), lon: point[0].toFixed(5) });
  const far = distance(near.point, point);
  if (far < 3) return `${near.title}.`;
  return _("{m} {way} {thing}.", { m: metres(far), way: fromWords(bearing(near.point, point)), thing: near.title });
}

function fromPin(pin: Point, thing: Point): string {
  const far = distance(pin, thing);
  return far < 3 ? _("Här") : `${metres(far)} ${compass(bearing(pin, thing))}`;
}

/** The eight ways of the compass. */
export function compass(degrees: number): string {
  const ways = [_("norrut"), _("åt nordost"), _("österut"), _("åt sydost"), _("söderut"), _("åt sydväst"), _("västerut"), _("åt nordväst")];
  return ways[Math.round(degrees / 45) % 8]!;
}

function fromWords(degrees: number): string {
  const ways = [_("norr om"), _("nordost om"), _("öster om"), _("sydost om"), _("söder om"), _("sydväst om"), _("väster om"), _("nordväst om")];
  return ways[Math.round(degrees / 45) % 8]!;
}

function wayWords(east: number, north: number, stride: number): string {
  return `${metres(stride)} ${compass((Math.atan2(east, north) * 180) / Math.PI + 360)}`;
}

