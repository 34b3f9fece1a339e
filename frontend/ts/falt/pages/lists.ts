import { html, nothing } from "lit-html";
import type { App, Draw } from "../app";
import { edit } from "../capture";
import { choicesOf } from "../kinds";
import { standing } from "../ledger";
import type { Photo, Seen } from "../model";
import { shownOf } from "../seen";
import { type Part, box, button, list, progress, row, told, way } from "../parts";
import { N_, _, day, hour, many } from "../texts";
import { awayWords } from "./away";
import { gone } from "./gone";
import { numbered, titleOf } from "./walk";

/** Several drafts: photos that have no kind yet. */
export const drafts: Draw = async (app) => ({
  title: _("Utkast"),
  back: [_("Hem"), "/falt"],
  main: html`<h1>${_("Utkast")}</h1>
    <p>${app.book.drafts.length ? _("Ett utkast skickas inte förrän du har valt sort och sparat. Fotona finns i telefonen.") : _("Inga utkast.")}</p>
    ${list(await rows(app, app.book.drafts, (one) => `/falt/sort/${one.uid}`))}`,
  foot: app.book.drafts.length ? way(_("Sortera alla {n} i tur och ordning", { n: app.book.drafts.length }), `/falt/sort/${app.book.drafts.at(-1)!.uid}`) : way(_("Hem"), "/falt"),
});

/** All that was seen on a walk. */
export const observations: Draw = async (app, [uid = ""]) => {
  const kept = await app.walk(uid);
  if (!kept) return gone(_("Vandringen är inte hämtad"), `/falt/hamta/${uid}`, _("Hämta vandringen"));
  const own = app.book.seen.filter((one) => one.walk === uid);
  return {
    title: _("Alla iakttagelser"),
    back: [kept.walk.title, `/falt/vandring/${uid}`],
    main: html`<h1>${own.length ? many(own.length, N_("1 iakttagelse"), N_("Alla {n} iakttagelser")) : _("Iakttagelser")}</h1>${own.length ? nothing : html`<p>${_("Inget inskrivet än.")}</p>`}${list(await rows(app, own, (one) => `/falt/sedd/${one.uid}`))}`,
    foot: way(_("Till vandringen"), `/falt/vandring/${uid}`),
  };
};

/** What was seen on no walk; somebody at the city gives it one. */
export const withoutWalk: Draw = async (app) => {
  const own = app.book.seen.filter((one) => !one.walk);
  return {
    title: _("Utan vandring"),
    back: [_("Hem"), "/falt"],
    main: html`<h1>${_("Utan vandring")}</h1>
      <p>${own.length ? _("Staden säger vilken vandring de hör till, eller tar hand om dem ändå.") : _("Inget inskrivet än.")}</p>
      ${list(await rows(app, own, (one) => (one.state === "draft" ? `/falt/sort/${one.uid}` : `/falt/sedd/${one.uid}`)))}`,
    foot: way(_("Ny iakttagelse utan vandring"), "/falt/ny/utan"),
  };
};

/** The receipt ledger: what waits, what was refused, and what the city has. */
export const ledgerPage: Draw = async (app) => {
  const { book } = app;
  const saved = book.seen.filter((one) => one.state !== "draft");
  const sending = app.sender.now;
  return {
    title: _("Vad är hos staden?"),
    back: [_("Hem"), "/falt"],
    main: html`<h1>${_("Vad är hos staden?")}</h1>
      ${saved.length ? progress(book.here.length, saved.length, _("Mottagna av staden"), _("iakttagelser, {n} av {all} foton", { n: book.photosHere, all: book.photosSaved })) : book.drafts.length ? nothing : html`<p>${_("Inget väntar. Allt är mottaget.")}</p>`}
      <p class="mute">${_("Telefonen tar bort ett foto först när staden har kvitterat att hela fotot kom fram.")}</p>
      ${away(app)}
      ${book.old ? box(_("Något är äldre än ett dygn"), html`<p>${_("Från {at}. Det ligger kvar i telefonen. Skicka det på wifi, eller lämna över det som fil.", { at: day(book.old) })}</p>`, { icon: "info", tone: "warning" }) : nothing}
      ${book.drafts.length ? box(many(book.drafts.length, N_("1 utkast ligger bara i telefonen"), N_("{n} utkast ligger bara i telefonen")), html`<p>${_("Ett utkast skickas inte förrän du har valt sort och sparat.")}</p>${way(_("Till utkasten"), "/falt/utkast", { kind: "secondary", icon: "pen" })}`, { icon: "pen", tone: "warning" }) : nothing}
      ${book.refused.length ? html`<h2>${_("Togs inte emot")}</h2>` : nothing}
      ${list(await rows(app, book.refused, (one) => `/falt/nej/${one.uid}`))}
      ${book.waiting.length || book.changes || book.ways ? html`<h2>${_("Väntar")}</h2>` : nothing}
      ${list(await rows(app, book.waiting, (one) => `/falt/sedd/${one.uid}`))}
      ${book.changes ? html`<p>${many(book.changes, N_("1 ändring väntar på att skickas."), N_("{n} ändringar väntar på att skickas."))}</p>` : nothing}
      ${book.ways ? html`<p>${_("Vägen ni har gått väntar på att skickas.")}</p>` : nothing}
      ${book.wayRefused ? html`<p>${_("Vägen ni gick togs inte emot: {why}", { why: book.wayRefused })}</p>` : nothing}
      ${book.here.length ? html`<h2>${_("Mottagna av staden")}</h2>` : nothing}
      ${list(await rows(app, book.here, (one) => `/falt/sedd/${one.uid}`))}
      ${way(_("Lämna över som fil"), "/falt/overlamna", { kind: "secondary", icon: "document" })}`,
    foot: html`${sending.next ? html`<p class="small">${_("Försöker igen {at}.", { at: hour(sending.next) })}</p>` : nothing}${button(_("Skicka nu"), () => app.sender.wake(), { icon: "send" })}`,
  };
};

function away(app: App): Part {
  const why = app.sender.now.away;
  if (!why) return nothing;
  const next = why === "signed-out" ? way(_("Logga in"), "/falt/logga-in", { kind: "secondary" }) : why === "too-old" ? way(_("Byt app"), "/falt/ny-version", { kind: "secondary" }) : nothing;
  return box(awayWords(why), next, { icon: "info" });
}

/** What the city would not have, why, and what can be done. */
export const refusal: Draw = async (app, [uid = ""]) => {
  const seen = await app.seen(uid);
  if (!seen) return gone(_("Iakttagelsen finns inte"), "/falt", _("Hem"));
  const choices = await choicesOf(app, seen.walk ? await app.walk(seen.walk) : null);
  const wrong = app.photosOf(seen).filter((photo) => photo.state === "refused");
  const again = async (): Promise<void> => {
    await app.store.change<Seen>(uid, "seen", (one) => (one.state === "refused" ? { ...one, state: one.city ? "received" : "stored", reason: "" } : one));
    for (const photo of wrong) await app.store.change<Photo>(photo.uid, "photo", (one) => ({ ...one, state: "stored", reason: "" }));
    app.sender.wake();
    app.go("/falt/sandlista");
  };
  const asAtTheCity = async (): Promise<void> => {
    await app.store.change<Seen>(uid, "seen", (one) => ({ ...one, ...shownOf(one.city?.fields ?? {}), state: "received", reason: "" }));
    app.changed();
    app.go(`/falt/sedd/${uid}`);
  };
  const drop = async (): Promise<void> => {
    const binned_at = new Date().toISOString();
    for (const photo of wrong) await app.store.change<Photo>(photo.uid, "photo", (one) => ({ ...one, binned_at }));
    if (!wrong.length) await edit(app, uid, { binned_at });
    app.changed();
    app.go("/falt/papperskorg");
  };
  return {
    title: _("Staden tog inte emot det"),
    back: [_("Det som väntar"), "/falt/sandlista"],
    main: html`<h1>${wrong.length ? _("Staden tog inte emot fotot") : seen.city ? _("Staden tog inte emot ändringen") : _("Staden tog inte emot iakttagelsen")}</h1>
      <p>${wrong[0]?.reason || seen.reason}</p>
      <p>${_("{kind}, {at}. Det ligger kvar i telefonen tills du väljer.", { kind: numbered(seen, titleOf(seen, choices)), at: day(seen.made_at) })}</p>
      ${!wrong.length && !seen.city ? html`<p class="mute">${_("Lägger du den i papperskorgen finns den inte hos staden.")}</p>` : nothing}
      ${way(_("Ändra iakttagelsen"), `/falt/sedd/${uid}`, { kind: "secondary", icon: "pen" })}
      ${way(_("Lämna över som fil"), "/falt/overlamna", { kind: "secondary", icon: "document" })}
      ${!wrong.length && seen.city
        ? button(_("Låt det stå som hos staden"), asAtTheCity, { kind: "danger", icon: "undo" })
        : html`${button(_("Lägg i papperskorgen"), drop, { kind: "danger", icon: "litter" })}<p class="mute small">${_("Du kan ångra i sju dagar.")}</p>`}`,
    foot: button(_("Försök igen"), again, { icon: "send" }),
  };
};

async function rows(app: App, those: Seen[], href: (seen: Seen) => string): Promise<ReturnType<typeof row>[]> {
  const walks = new Map((await app.walks()).map((one) => [one.uid, one]));
  const usual = await choicesOf(app, null);
  return Promise.all(those.map(async (one) => {
    const choices = walks.get(one.walk ?? "") ?? usual;
    const look = standing(one, app.book);
    const photos = app.photosOf(one);
    const picture = photos[0] ? await app.picture(photos[0].uid) : undefined;
    const count = photos.length ? (photos.length > 1 ? _("{n} foton", { n: photos.length }) : _("1 foto")) : _("Utan foto");
    return row(one.city ? `${one.number}. ${titleOf(one, choices)}` : titleOf(one, choices), { href: href(one), sub: count, ...(picture ? { picture } : { icon: "document" }), more: told(look.text, look.icon, look.tone) });
  }));
}
