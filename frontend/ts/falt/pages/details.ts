import { html, nothing } from "lit-html";
import type { App, Draw } from "../app";
import { edit } from "../capture";
import { choicesOf } from "../kinds";
import { standing } from "../ledger";
import type { Seen } from "../model";
import { type Part, box, button, buttons, photoLine, text, tick, tiles, told, way } from "../parts";
import { looksPersonal } from "../persons";
import { _, hour } from "../texts";
import type { Kind, Labelled, Question } from "../walks";
import { gone } from "./gone";
import { photosPart, proposed, unseen } from "./photos";
import { whereWords } from "./saved";
import { numbered, titleOf } from "./walk";

/** Everything about something seen, changed at will; each change is kept at once. Nothing is asked that must be answered. */
export const details: Draw = async (app, [uid = ""]) => {
  const seen = await app.seen(uid);
  if (!seen) return gone(_("Iakttagelsen finns inte"), "/falt", _("Hem"));
  const kept = seen.walk ? await app.walk(seen.walk) : null;
  const choices = await choicesOf(app, kept);
  const kind = choices.kinds.find((one) => one.key === seen.kind);
  const photos = app.photosOf(seen);
  const small = photos[0] ? await app.picture(photos[0].uid) : null;
  const put = (change: Partial<Seen>): void => { app.shown["kept"] = hour(Date.now()); void edit(app, uid, change); };
  const look = standing(seen, app.book);
  const back = seen.walk ? `/falt/vandring/${seen.walk}` : "/falt";
  return {
    title: titleOf(seen, choices),
    back: [seen.walk ? _("Vandringen") : _("Hem"), back],
    main: html`<h1>${numbered(seen, titleOf(seen, choices))}</h1>
      ${photoLine(small, _("Fotot du tog"), html`<p>${told(look.text, look.icon, look.tone)}</p><p class="mute">${_("Du kan ändra allt, även efter att den är skickad.")}</p>${unseen(photos, small)}`)}
      ${app.shown["told"] ? html`<p role="status">${_("Den är redan skickad. Ändra det som blev fel här i stället.")}</p>` : nothing}
      ${seen.reason ? html`<p role="status">${seen.reason}</p>` : nothing}
      ${buttons(
        way(_("Byt sort"), `/falt/sort/${uid}`, { kind: "secondary", icon: "pen" }),
        ...photos.filter((photo) => photo.state !== "received" && photo.width).slice(0, 1).map((photo) => way(_("Rita på fotot"), `/falt/rita/${photo.uid}`, { kind: "secondary", icon: "pen" })),
      )}
      ${tiles("allvar", _("Hur allvarligt är det?"), choices.severities.map((one) => ({ value: one.key, label: `${one.key}. ${one.title}`, ...(one.hint ? { sub: one.hint } : {}) })), String(seen.severity), (value) => put({ severity: Number(value) }))}
      ${kind ? questions(app, seen, kind) : nothing}
      ${text("anteckning", _("Anteckning"), seen.description, (value) => put({ description: value }), { lines: true, max: 4000, hint: _("Skriv inga namn, telefonnummer eller regnummer."), warning: looksPersonal(seen.description) })}
      ${await photosPart(app, seen, kept)}
      ${proposed(app, seen, kept)}
      ${box(_("Läge"), html`<p>${whereWords(seen, kept)}</p>${way(_("Flytta nålen"), `/falt/lage/${uid}`, { kind: "secondary", icon: "pin" })}`, { icon: "pin" })}
      <details><summary>${_("Mer om det")}</summary>
        ${tiles("typ", _("Vad är det för sorts iakttagelse?"), asChoices(choices.natures), seen.nature, (value) => put({ nature: value }))}
        ${(["time_of_day", "weekday", "season"] as const).map((name) => tiles(name, questionOf[name], asChoices(choices.choices[name]), seen[name], (value) => put({ [name]: value })))}
        ${tick(_("Ficklampa tänd"), _("Fotot är taget med extra ljus"), seen.torch, (on) => put({ torch: on }), { icon: "light" })}
        ${text("stolpe", _("Nummer på stolpe eller skylt"), seen.asset_ref, (value) => put({ asset_ref: value }), { max: 80 })}
        ${text("forslag", _("Vad föreslår ni?"), seen.proposed_measure, (value) => put({ proposed_measure: value }), { lines: true, max: 1000 })}
      </details>
      ${seen.told ? atCity(seen) : html`${button(_("Kasta iakttagelsen"), () => bin(app, seen), { kind: "danger", icon: "litter" })}
      <p class="mute small">${_("Du kan ångra i sju dagar.")}</p>`}`,
    foot: html`<p class="small" role="status">${app.shown["kept"] ? _("Allt du ändrar sparas direkt. Senast {at}.", { at: String(app.shown["kept"]) }) : _("Allt du ändrar sparas direkt.")}</p>
      ${seen.state === "draft" ? way(seen.kind ? _("Spara: {kind}", { kind: titleOf(seen, choices) }) : _("Välj sort"), `/falt/sort/${uid}`) : way(_("Klar"), back)}`,
  };
};

const questionOf = {
  get time_of_day(): string { return _("När på dygnet?"); },
  get weekday(): string { return _("Vilka dagar?"); },
  get season(): string { return _("Vilken årstid?"); },
};

/** What the city has, or may have, is written off there: with a reason, which stays in the history. */
function atCity(seen: Seen): Part {
  const words = seen.city ? _("Iakttagelse {n} är hos staden.", { n: seen.number }) : _("Iakttagelsen är på väg till staden.");
  return html`<p class="mute">${words} ${_("Ska den bort? Öppna den i Tryggplats på datorn och välj Avskriv, eller be den som samordnar vandringen.")}</p>`;
}

function asChoices(those: Labelled[] | undefined): { value: string; label: string }[] {
  return (those ?? []).map((one) => ({ value: one.key, label: one.title }));
}

/** The kind's own questions, from the same description that the server reads answers with. */
export function questions(app: App, seen: Seen, kind: Kind, onlyNeeded = false): Part {
  const put = (name: string, work: (old: unknown) => unknown): void =>
    void edit(app, seen.uid, ({ details }) => ({ details: { ...details, [name]: work(details[name]) } }));
  return html`${kind.questions.filter((one) => one.required || !onlyNeeded).map((one) => question(one, seen.details[one.name], (work) => put(one.name, work)))}`;
}

/** One question; `put` gets what the answer becomes from what it was, which may be another than when it was drawn. */
function question(one: Question, value: unknown, put: (work: (old: unknown) => unknown) => void): Part {
  const options = one.options.map(([key, label]) => ({ value: key, label }));
  if (one.widget === "checkbox") return tick(one.label, one.hint, value === true, (on) => put(() => on));
  if (one.widget === "checkboxes") {
    const those = (now: unknown): string[] => (Array.isArray(now) ? (now as string[]) : []);
    const turn = (key: string, on: boolean): void => put((old) => [...those(old).filter((each) => each !== key), ...(on ? [key] : [])]);
    return html`<fieldset><legend>${one.label}</legend>${options.map((each) => tick(each.label, "", those(value).includes(each.value), (on) => turn(each.value, on)))}</fieldset>`;
  }
  if (options.length) return tiles(one.name, one.label, options, String(value ?? ""), (key) => put(() => key));
  const number = one.widget === "number" || one.inputmode === "numeric";
  return text(`fraga-${one.name}`, one.label, String(value ?? ""), (written) => put(() => (number && /^\d+$/.test(written) ? Number(written) : written || undefined)), {
    hint: one.hint, lines: one.widget === "textarea", ...(number ? { mode: "numeric" } : {}), ...(one.maxlength ? { max: one.maxlength } : {}),
  });
}

/** Throws away something that the city has not been told of. */
export async function bin(app: App, seen: Seen): Promise<void> {
  await edit(app, seen.uid, { binned_at: new Date().toISOString() });
  app.go("/falt/papperskorg");
}

