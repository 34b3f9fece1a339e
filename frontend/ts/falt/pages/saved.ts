import { html, nothing } from "lit-html";
import type { App, Draw } from "../app";
import { edit, undo } from "../capture";
import { choicesOf } from "../kinds";
import { standing } from "../ledger";
import { DANGER, type Seen } from "../model";
import { type Part, box, button, buttons, camera, photoLine, tiles, told, way } from "../parts";
import { SURE, distance, pointOf } from "../place";
import { _, hour, metres } from "../texts";
import { type Earlier, type Kept, nearestStop } from "../walks";
import { gone } from "./gone";
import { proposed, unseen } from "./photos";
import { mayTake, take, takePhoto, titleOf } from "./walk";

/** Nothing is chosen until somebody has said whether they have called. */
const NOT_SAID = "-";

/** The proof that it is kept, and the next photo. */
export const saved: Draw = async (app, [uid = ""]) => {
  const seen = await app.seen(uid);
  if (!seen) return gone(_("Iakttagelsen finns inte"), "/falt", _("Hem"));
  const kept = seen.walk ? await app.walk(seen.walk) : null;
  const choices = await choicesOf(app, kept);
  const title = titleOf(seen, choices).replaceAll("\u00ad", "");
  const photos = app.photosOf(seen);
  const small = photos[0] ? await app.picture(photos[0].uid) : null;
  const look = standing(seen, app.book);
  const line = _("{kind}, {at}.", { kind: title, at: hour(seen.made_at) });
  const next = seen.state === "stored" ? _("Skickas av sig själv när du har täckning. Du behöver inte vänta.") : "";
  const grave = seen.severity === DANGER;
  return {
    title: _("Sparad i telefonen"),
    back: [seen.walk ? _("Vandringen") : _("Hem"), seen.walk ? `/falt/vandring/${seen.walk}` : "/falt"],
    main: html`${grave ? dangerBox(app, seen, choices.numbers) : box(_("Sparad i telefonen"), html`<p>${line} ${next}</p>${next ? nothing : told(look.text, look.icon, look.tone)}`, { icon: "phone", tone: "success", level: 1, says: true })}
      ${photoLine(small, _("Fotot du tog"), html`<p><strong>${title}</strong><br>${whereWords(seen, kept)}</p>${unseen(photos, small)}`)}
      ${buttons(seen.told ? nothing : button(_("Ångra"), () => takeBack(app, seen), { kind: "secondary", icon: "undo" }), way(_("Detaljer"), `/falt/sedd/${uid}`, { kind: "secondary", icon: "pen" }), mayTake(app, kept) ? camera(_("Foto till"), (files) => take(app, seen.walk, files, seen), { kind: "secondary" }) : nothing)}
      ${proposed(app, seen, kept)}
      ${seen.position && (seen.position.accuracy_m ?? 0) <= SURE ? nothing : unsure(seen)}
      ${kept ? similar(app, seen, kept) : nothing}`,
    foot: kept ? takePhoto(app, kept) : camera(_("Ta nästa foto"), (files) => take(app, null, files)),
  };
};

function dangerBox(app: App, seen: Seen, numbers: Kept["numbers"]): Part {
  return html`${box(_("Sparad i telefonen. Ring nu."), html`<p>${_("Staden ser inte faran förrän telefonen får täckning. Ring därför.")}</p>
    <p><strong>${_("Fara för liv:")}</strong></p>${way(_("Ring 112"), "tel:112", { kind: "danger" })}
    ${numbers.map((one) => html`<p><strong>${one.title}:</strong></p>${way(_("Ring {number}", { number: one.number }), `tel:${one.number.replace(/[^\d+]/g, "")}`, { kind: "secondary" })}`)}`, { icon: "danger", tone: "danger", level: 1, says: true })}
    ${tiles("ringt", _("Har du ringt?"), [...calls(numbers), { value: "", label: _("Inte än") }], seen.called ?? NOT_SAID, (value) => edit(app, seen.uid, { called: value }))}`;
}

/** Whom one may have called: what is told to the city is the function, never a person. */
function calls(numbers: Kept["numbers"]): { value: string; label: string }[] {
  return ["112", ...numbers.map((one) => one.title)].map((value) => ({ value, label: _("Ja, {whom}", { whom: value }) }));
}

function unsure(seen: Seen): Part {
  const words = seen.position
    ? _("Läget är osäkert, inom {m}. Vad stod du vid?", { m: metres(seen.position.accuracy_m ?? 0) })
    : _("Telefonen hittar inte läget. Iakttagelsen är sparad ändå. Säg var du står, så räcker det.");
  return box(_("Var var det?"), html`<p>${words}</p>${way(_("Säg var det är"), `/falt/lage/${seen.uid}`, { kind: "secondary", icon: "pin" })}`, { icon: "pin", tone: "warning" });
}

/** Something of the same kind near by, from before, that is not answered: it may be the same. */
function similar(app: App, seen: Seen, kept: Kept): Part {
  const found = nearBy(seen, kept);
  if (!found || app.shown["told-apart"]) return nothing;
  const say = (same: boolean): void => {
    app.shown["told-apart"] = true;
    const words = same ? _("Samma som iakttagelse {n} på {walk}.", { n: found.number, walk: found.walk_title }) : "";
    void edit(app, seen.uid, same ? { description: [seen.description, words].filter(Boolean).join("\n") } : {});
  };
  return box(_("Liknar en annan iakttagelse"), html`<p>${_("{kind} {m} härifrån, från {walk}, är inte åtgärdat. Är det samma?", { kind: found.title, m: metres(distance(pointOf(seen.position!), found.point!)), walk: found.walk_title })}</p>
    ${buttons(button(_("Samma"), () => say(true), { kind: "secondary" }), button(_("Inte samma"), () => say(false), { kind: "secondary" }))}
    <p class="mute small">${_("Du kan också svara efter vandringen.")}</p>`, { icon: "info", tone: "warning" });
}

function nearBy(seen: Seen, kept: Kept): Earlier | null {
  if (!seen.position) return null;
  const here = pointOf(seen.position);
  const same = kept.earlier.filter((one) => one.kind === seen.kind && one.point && distance(here, one.point) <= one.radius_m);
  return same.sort((one, other) => distance(here, one.point!) - distance(here, other.point!))[0] ?? null;
}

/** Where something was seen, in words: the stop, and how sure it is. */
export function whereWords(seen: Seen, kept: Kept | null): string {
  if (!seen.position) return _("Läget saknas");
  const near = kept ? nearestStop(seen.position, kept.stops) : null;
  const within = seen.position.accuracy_m ? _("Inom {m}", { m: metres(seen.position.accuracy_m) }) : _("Utmärkt på kartan");
  return near && near.metres <= SURE * 2 ? `${_("Stopp {n}, {name}", { n: near.stop.seq, name: near.stop.name })}. ${within}` : within;
}

async function takeBack(app: App, seen: Seen): Promise<void> {
  if (await undo(app, seen.uid)) {
    app.say(_("Ångrat. Ligger kvar som utkast."));
    app.go(`/falt/sort/${seen.uid}`, true);
    return;
  }
  app.go(`/falt/sedd/${seen.uid}`, true);
  app.shown["told"] = true;
  app.schedule();
}
