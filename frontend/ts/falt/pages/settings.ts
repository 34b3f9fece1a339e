import { html, nothing } from "lit-html";
import type { App, Draw, Settings } from "../app";
import { waits } from "../ledger";
import type { Seen } from "../model";
import { box, button, list, row, tick, tiles, way } from "../parts";
import { room } from "../room";
import { N_, _, day, many, megabytes } from "../texts";

export const settings: Draw = async (app) => {
  const now = app.settings;
  const leads = (await app.walks()).some((one) => one.walk.leads);
  const { free, safe } = await room();
  return {
    title: _("Inställningar"),
    back: [_("Hem"), "/falt"],
    main: html`<h1>${_("Inställningar")}</h1>
      ${tiles("skarm", _("Skärm"), [
        { value: "auto", label: _("Som telefonen") }, { value: "light", label: _("Ljus") },
        { value: "dark", label: _("Mörk"), sub: _("När det är mörkt ute") }, { value: "sun", label: _("Sol"), sub: _("Svart på vitt, tjocka linjer") },
      ], now.look, (look) => app.choose({ look: look as Settings["look"] }))}
      ${tiles("foton", _("Foton"), [
        { value: "", label: _("Lagom stora"), sub: _("Cirka 0,9 MB. Räcker för protokoll.") }, { value: "ja", label: _("Original"), sub: _("Cirka 10 MB. Tar längre tid att skicka.") },
      ], now.originals ? "ja" : "", (value) => app.choose({ originals: value === "ja" }))}
      ${leads || now.track ? tick(_("Spara hur vi går"), _("Bara den som leder. Sparas som en linje, inte vem som gick."), now.track, (track) => app.choose({ track })) : nothing}
      ${tick(_("Spara tid och läge för varje steg"), _("Hur en iakttagelse fylldes i. Följer med den till staden."), now.log, (log) => app.choose({ log }))}
      ${list([row(_("Plats i telefonen"), { href: "/falt/plats", icon: "phone", sub: [free === Infinity ? "" : _("{mb} fritt för appen.", { mb: megabytes(free) }), safe ? _("Webbläsaren har lovat att inte ta bort det som är sparat.") : _("Webbläsaren kan ta bort det som är sparat om telefonen blir full.")].join(" ") })])}
      <h2>${_("Konto")}</h2>
      ${app.device ? html`<p>${_("{name}. Telefonen är inloggad till {day}.", { name: app.device.person, day: day(app.device.ends_at) })}</p>${way(_("Logga ut"), "/falt/logga-ut", { kind: "secondary" })}` : way(_("Logga in"), "/falt/logga-in", { kind: "secondary" })}`,
    foot: way(_("Klar"), "/falt"),
  };
};

/** Logs out, but not while something waits: it would be lost. */
export const signOut: Draw = async (app) => {
  const left = waits(app.book);
  if (left) {
    return {
      title: _("Det går inte att logga ut än"),
      back: [_("Inställningar"), "/falt/installningar"],
      main: html`<h1>${_("Det går inte att logga ut än")}</h1>
        ${box(many(left, N_("1 sak är inte hos staden"), N_("{n} saker är inte hos staden")), html`<p>${_("Skicka dem, eller lämna över dem som en fil till en kollega.")}</p>`, { icon: "phone", tone: "warning" })}
        ${app.book.drafts.length ? way(_("{n} utkast", { n: app.book.drafts.length }), "/falt/utkast", { kind: "secondary" }) : nothing}
        ${way(_("Lämna över som fil"), "/falt/overlamna", { kind: "secondary", icon: "document" })}
        ${way(_("Stanna inloggad"), "/falt", { kind: "secondary" })}`,
      foot: button(_("Skicka nu"), () => app.sender.wake(), { icon: "send" }),
    };
  }
  const thrown = (await app.store.list<Seen>("seen")).some((one) => one.binned_at);
  return {
    title: _("Logga ut"),
    back: [_("Inställningar"), "/falt/installningar"],
    main: html`<h1>${_("Logga ut telefonen")}</h1><p>${_("Allt är mottaget av staden. Hämtade vandringar och foton tas bort ur telefonen.")}</p>${thrown ? html`<p>${_("Det som ligger i papperskorgen tas också bort.")}</p>` : nothing}`,
    foot: button(_("Logga ut"), () => leave(app)),
  };
};

/** Ends the phone's log-in at the city, if it is reached, and removes all that the phone holds. */
async function leave(app: App): Promise<void> {
  await app.recount();
  if (waits(app.book)) return app.show(); // something has come meanwhile, in another tab
  await app.city.ask("DELETE", "/api/v1/devices/own").catch(() => undefined);
  app.device = null;
  app.where.stop();
  await app.forget(() => app.store.wipe());
  localStorage.clear();
  app.go("/falt", true);
  app.say(_("Utloggad. Inget finns kvar i telefonen."));
}
