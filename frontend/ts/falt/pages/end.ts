import { html, nothing } from "lit-html";
import type { App, Draw } from "../app";
import { box, button, list, row, way } from "../parts";
import { DANGER } from "../model";
import { N_, _, many } from "../texts";
import type { Kept } from "../walks";
import { gone } from "./gone";
import { moveWalk } from "./moving";
import { stopOf, titleOf } from "./walk";

/** With the group, before it parts: is something good with, are the dangers called about, is every stop seen? */
export const end: Draw = async (app, [uid = ""]) => {
  const kept = await app.walk(uid);
  if (!kept) return gone(_("Vandringen är inte hämtad"), `/falt/hamta/${uid}`, _("Hämta vandringen"));
  const own = app.book.seen.filter((one) => one.walk === uid);
  const good = own.filter((one) => one.nature === "positivt").length;
  const dangers = own.filter((one) => one.severity === DANGER);
  const uncalled = dangers.filter((one) => !one.called);
  const drafts = own.filter((one) => one.state === "draft");
  const empty = kept.stops.filter((stop) => !own.some((one) => stopOf(one, kept) === stop));
  return {
    title: _("Avsluta vandringen"),
    back: [kept.walk.title, `/falt/vandring/${uid}`],
    main: html`<h1>${_("Avsluta vandringen")}</h1><p>${_("Gå igenom med gruppen innan ni skiljs åt.")}</p>
      ${list([
        row(good ? _("Något bra är med") : _("Inget bra är med än"), { icon: good ? "done" : "info", sub: good ? many(good, N_("1 iakttagelse att behålla"), N_("{n} iakttagelser att behålla")) : _("Vad ska bevaras här?") }),
        dangers.length ? row(uncalled.length ? many(uncalled.length, N_("Ingen har ringt om 1 fara"), N_("Ingen har ringt om {n} faror")) : _("Någon har ringt om alla faror"), { icon: uncalled.length ? "danger" : "done" }) : nothing,
        ...uncalled.map((one) => row(titleOf(one, kept), { href: `/falt/sparad/${one.uid}`, icon: "danger", sub: _("Ring och svara ja") })),
        drafts.length ? row(_("{n} utkast saknar sort", { n: drafts.length }), { href: "/falt/utkast", icon: "pen" }) : nothing,
        ...empty.map((stop) => row(_("Inget från stopp {n}, {name}", { n: stop.seq, name: stop.name }), { href: `/falt/vandring/${uid}/stopp/${stop.seq}`, icon: "info" })),
      ])}
      ${way(_("Tillbaka till vandringen"), `/falt/vandring/${uid}`, { kind: "secondary" })}
      ${app.shown["said"] ? html`<div role="status">${box(String(app.shown["said"]), nothing, { icon: "info" })}</div>` : nothing}`,
    foot: kept.walk.state === "pagar" ? button(_("Avsluta vandringen"), () => finish(app, kept)) : way(_("Klar"), `/falt/vandring/${uid}`),
  };
};

async function finish(app: App, kept: Kept): Promise<void> {
  await app.way.end(kept.uid);
  await moveWalk(app, kept, "avsluta", _("Vandringen är avslutad. Det går att skriva in mer tills protokollet är justerat."));
}
