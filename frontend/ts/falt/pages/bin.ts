import { html } from "lit-html";
import type { App, Draw } from "../app";
import { edit, unbinPhoto } from "../capture";
import { choicesOf } from "../kinds";
import type { Photo, Seen } from "../model";
import { button, list, row, way } from "../parts";
import { WEEK_MS } from "../sweep";
import { _, day } from "../texts";
import { titleOf } from "./walk";

/** What was thrown away, for seven days: observations, and photos of those that stay. */
export const bin: Draw = async (app) => {
  const thrown = (await app.store.list<Seen>("seen")).filter((one) => one.binned_at);
  const photos = (await app.store.list<Photo>("photo")).filter((one) => one.binned_at && app.book.seen.some((seen) => seen.uid === one.seen));
  const rows = await Promise.all([...thrown.map((one) => seenRow(app, one)), ...photos.map((one) => photoRow(app, one))]);
  return {
    title: _("Papperskorgen"),
    back: [_("Hem"), "/falt"],
    main: html`<h1>${_("Papperskorgen")}</h1><p>${rows.length ? _("Det du kastar ligger här i sju dagar.") : _("Papperskorgen är tom.")}</p>${list(rows)}`,
    foot: way(_("Hem"), "/falt"),
  };
};

async function seenRow(app: App, one: Seen): Promise<ReturnType<typeof row>> {
  const kind = titleOf(one, await choicesOf(app, one.walk ? await app.walk(one.walk) : null));
  return row(kind, { sub: until(one.made_at, one.binned_at), more: button(_("Ta tillbaka: {kind}", { kind }), () => edit(app, one.uid, { binned_at: null }), { kind: "secondary", icon: "undo" }) });
}

async function photoRow(app: App, photo: Photo): Promise<ReturnType<typeof row>> {
  const number = app.book.seen.find((one) => one.uid === photo.seen)?.number ?? 0;
  const title = _("Foto av iakttagelse {n}", { n: number });
  return row(title, {
    sub: until(photo.taken_at, photo.binned_at), picture: await app.picture(photo.uid),
    more: button(_("Ta tillbaka: {kind}", { kind: title }), () => unbinPhoto(app, photo.uid), { kind: "secondary", icon: "undo" }),
  });
}

function until(from: string, binned: string | null): string {
  return _("{at}. Tas bort {ends}", { at: day(from), ends: day(new Date(Date.parse(binned ?? "") + WEEK_MS).toISOString()) });
}
