import { html, nothing } from "lit-html";
import type { App, Draw } from "../app";
import { edit, save } from "../capture";
import { choicesOf, fetchUsual } from "../kinds";
import { DANGER, type Seen } from "../model";
import { type Part, box, button, camera, photoLine, tick, tiles, told, way } from "../parts";
import { _, hour, metres } from "../texts";
import type { Kept, Kind } from "../walks";
import { bin, questions } from "./details";
import { gone } from "./gone";
import { unseen } from "./photos";
import { fault, mayTake, take } from "./walk";

/** What is it? The second tap of three; the photo is already kept. */
export const sort: Draw = async (app, [uid = ""]) => {
  const seen = await app.seen(uid);
  if (!seen) return gone(_("Iakttagelsen finns inte"), "/falt", _("Hem"));
  const kept = seen.walk ? await app.walk(seen.walk) : null;
  const { kinds, first } = await choicesOf(app, kept);
  if (!kinds.length) fetchKinds(app);
  const chosen = (app.shown["kind"] as string | undefined) ?? seen.kind ?? "";
  const choose = (key: string): void => { app.shown["kind"] = key; app.schedule(); };
  const photos = app.photosOf(seen);
  const small = photos[0] ? await app.picture(photos[0].uid) : null;
  const kind = kinds.find((one) => one.key === chosen);
  const asked = asks(app, seen, kind);
  const choice = (kind: Kind): { value: string; label: string; icon: string } => ({ value: kind.key, label: kind.title, icon: kind.icon });
  const tile = (keys: Kind[], legend: Part): Part => tiles("sort", legend, keys.map(choice), chosen, choose, asked);
  const shown = first.flatMap((key) => kinds.find((kind) => kind.key === key) ?? []);
  const rest = kinds.filter((kind) => !first.includes(kind.key));
  const back = seen.walk ? `/falt/vandring/${seen.walk}` : "/falt";
  const title = kind?.title.replaceAll("\u00ad", "") ?? "";
  return {
    title: _("Vad ser du?"),
    back: [seen.walk ? _("Vandringen") : _("Hem"), back],
    main: html`${fault(app)}
      ${photos.length ? photoLine(small, "", html`${unseen(photos, small)}<p role="status">${told(photos.length > 1 ? _("{n} foton sparade i telefonen", { n: photos.length }) : _("Sparad i telefonen"), "phone")}</p><p class="mute">${[seen.position ? _("Inom {m}", { m: metres(seen.position.accuracy_m ?? 0) }) : _("Läget saknas än"), hour(seen.made_at)].join(". ")}.</p>`) : nothing}
      ${tile(shown, html`<h1>${_("Vad ser du?")}</h1>`)}
      ${kinds.length ? nothing : box(_("Sorterna är inte hämtade än"), html`<p>${_("De hämtas av sig själva när du har täckning. Det du har skrivit in ligger kvar som utkast.")}</p>`, { icon: "info", tone: "warning" })}
      ${rest.length ? html`<details class="f-more" ?open=${rest.some((kind) => kind.key === chosen)}><summary>${_("Fler att välja på")}</summary>${tile(rest, _("Fler sorter"))}</details>` : nothing}
      ${tick(_("Fara"), _("Någon kan skadas nu"), seen.severity === DANGER, (on) => edit(app, uid, { severity: on ? DANGER : 2 }), { icon: "danger", tone: "danger" })}
      ${mayTake(app, kept) ? camera(photos.length ? _("Ta ett foto till") : _("Ta foto"), (files) => take(app, seen.walk, files, seen), { kind: "secondary" }) : nothing}
      ${camera(_("Välj foto"), (files) => take(app, seen.walk, files, seen), { kind: "secondary", capture: false, multiple: true })}
      ${seen.told ? nothing : button(_("Kasta iakttagelsen"), () => bin(app, seen), { kind: "danger", icon: "litter" })}`,
    foot: chosen
      ? html`${app.shown["missing"] ? html`<p role="alert">${_("Svara först på: {question}", { question: app.shown["missing"] as string })}</p>` : nothing}${button(_("Spara: {kind}", { kind: title }), () => done(app, seen, kept, chosen, kind))}`
      : way(_("Välj sort senare"), back, { kind: "secondary" }),
  };
};

/** Fetches what can be chosen, once while the page is shown; without a line it is fetched from the first page later. */
function fetchKinds(app: App): void {
  if (app.shown["asked"]) return;
  app.shown["asked"] = true;
  void fetchUsual(app).then(() => app.schedule(), () => undefined);
}

function asks(app: App, seen: Seen, kind: Kind | undefined): Part {
  return kind?.questions.some((one) => one.required) ? html`<div class="f-asked" role="group" aria-label=${kind.title}>${questions(app, seen, kind, true)}</div>` : nothing;
}

/** Saves it under a kind, where what the kind must know is answered: the city would not have it otherwise. */
async function done(app: App, seen: Seen, kept: Kept | null, key: string, kind: Kind | undefined): Promise<void> {
  const now = (await app.seen(seen.uid)) ?? seen;
  const missing = kind?.questions.find((one) => one.required && ["", undefined].includes(now.details[one.name] as string | undefined));
  if (missing) {
    app.shown["missing"] = missing.label;
    app.schedule();
    return;
  }
  await save(app, seen.uid, kept, { kind: key });
  app.go(`/falt/sparad/${seen.uid}`, true);
}

