import { html, nothing } from "lit-html";
import type { App, Draw } from "../app";
import { Away, words } from "../api";
import { waits } from "../ledger";
import type { Device } from "../model";
import { box, button, text } from "../parts";
import { askToKeep } from "../room";
import { _, hour } from "../texts";
import { publicKey } from "../vault";

const SHORT = 8;
const ASK_MS = 1_500;

interface Claim {
  uid: string;
  number: string;
  ends_at: string;
}

/**
 * Signs the phone in: a code from the computer's screen, a number that stands on both, and a press on the computer.
 * The code comes with the address where it was read by the camera (after #, which is never sent), else it is written.
 */
export const signIn: Draw = async (app) => {
  const code = new URLSearchParams(location.hash.slice(1)).get("kod");
  const begun = code !== null || Object.keys(app.shown).length > 0;
  if (app.device && !begun && app.sender.now.away !== "signed-out") {
    app.go("/falt", true);
    return { title: "", main: nothing };
  }
  if (code) {
    app.shown["begun"] = true;
    history.replaceState(null, "", location.pathname);
    void claim(app, { code });
  }
  const claimed = app.shown["claim"] as Claim | undefined;
  return claimed ? waiting(app, claimed) : {
    title: _("Logga in telefonen"),
    back: [_("Hem"), "/falt"],
    main: html`<h1>${_("Logga in telefonen")}</h1>
      <p>${_("Koden står på datorn under Mina enheter. Den gäller i två minuter.")}</p>
      ${app.shown["wrong"] ? html`<div role="alert">${box(_("Det gick inte"), html`<p>${app.shown["wrong"]}</p>`, { icon: "danger", tone: "danger" })}</div>` : nothing}
      ${text("kod", _("Kod, åtta tecken"), String(app.shown["kod"] ?? ""), (value) => { app.shown["kod"] = value; }, { max: 9 })}
      ${text("namn", _("Vad heter telefonen?"), phoneName(app), (value) => { app.shown["namn"] = value; }, { max: 60, hint: _("Så känner du igen den på datorn.") })}`,
    foot: button(_("Logga in"), () => {
      const short = String(app.shown["kod"] ?? "").toUpperCase().replace(/[^0-9A-Z]/g, "");
      if (short.length === SHORT) void claim(app, { short });
      else { app.shown["wrong"] = _("Koden har åtta tecken."); app.schedule(); }
    }),
  };
};

function waiting(app: App, claimed: Claim): ReturnType<Draw> {
  return Promise.resolve({
    title: _("Logga in telefonen"),
    main: html`<h1>${_("Logga in telefonen")}</h1>
      <p>${_("Titta på datorns skärm. Där ska samma tal stå:")}</p>
      <p class="f-big">${claimed.number.slice(0, 2)} ${claimed.number.slice(2)}</p>
      <ol><li>${_("Stämmer talet? Tryck Godkänn på datorn.")}</li><li>${_("Stämmer det inte? Tryck Avbryt här. Någon annan kan ha visat dig koden.")}</li></ol>
      <p role="status">${_("Väntar på att du godkänner på datorn. Koden gäller till {at}.", { at: hour(claimed.ends_at) })}</p>
      ${box(_("Det här gäller"), html`<ul><li>${_("Telefonen är inloggad i 14 dagar.")}</li><li>${_("Tappar du den: logga ut den på datorn under Mina enheter.")}</li><li>${_("Telefonen behöver ha skärmlås.")}</li></ul>`, { icon: "lock" })}`,
    foot: button(_("Avbryt"), () => { app.shown = {}; app.schedule(); }, { kind: "secondary" }),
  });
}

async function claim(app: App, code: { code: string } | { short: string }): Promise<void> {
  const key = await publicKey(await app.store.theKeys());
  try {
    const { status, body } = await app.city.ask("POST", "/api/v1/devices/claims", { json: { ...code, key, name: phoneName(app) }, token: null });
    if (status < 300) {
      app.shown["claim"] = body;
      void ask(app, body);
    } else app.shown["wrong"] = words(body) || _("Koden gäller inte längre. Gör en ny på datorn.");
  } catch (error) {
    app.shown["wrong"] = error instanceof Away ? _("Det går inte utan täckning.") : _("Koden gäller inte längre. Gör en ny på datorn.");
  }
  app.schedule();
}

async function ask(app: App, claimed: Claim): Promise<void> {
  while ((app.shown["claim"] as Claim | undefined)?.uid === claimed.uid) {
    await new Promise((done) => setTimeout(done, ASK_MS));
    try {
      const { status, body } = await app.city.ask("GET", `/api/v1/devices/claims/${claimed.uid}`, { token: null });
      if (status < 300 && body.token) return await welcome(app, body.token);
      if (status >= 400 || body.state === "refused") {
        app.shown = { wrong: _("Det blev inte godkänt på datorn i tid. Gör en ny kod.") };
        app.schedule();
        return;
      }
    } catch (error) {
      if (!(error instanceof Away)) {
        app.shown = { wrong: _("Koden gäller inte längre. Gör en ny på datorn.") };
        app.schedule();
        return;
      }
    }
  }
}

/** Takes the phone in as whose it is; what another person has left waiting is not touched, and keeps others out. */
async function welcome(app: App, token: string): Promise<void> {
  const { body } = await app.city.ask("GET", "/api/v1/devices/own", { token });
  const owner = await app.store.read<{ uid: string }>("owner");
  const another = owner !== undefined && owner.uid !== body.person.uid;
  if (another && waits(app.book)) {
    await app.city.ask("DELETE", "/api/v1/devices/own", { token }).catch(() => undefined);
    app.shown = { wrong: _("I telefonen väntar saker som någon annan har sett. Skicka dem eller lämna över dem först.") };
    app.schedule();
    return;
  }
  if (another) await app.forget(() => app.store.empty());
  const device: Device = { uid: "device", token, name: body.name, person: body.person.name, organisation: body.organisation, ends_at: body.ends_at };
  await app.store.write({ id: "device", kind: "device", value: device }, { id: "owner", kind: "owner", value: { uid: body.person.uid } });
  app.device = device;
  void askToKeep();
  app.go("/falt", true);
  app.sender.wake();
}

function phoneName(app: App): string {
  const known = app.shown["namn"] as string | undefined;
  if (known !== undefined) return known;
  const kind = /iPhone|iPad|Android/.exec(navigator.userAgent)?.[0];
  return kind ? _("Min {kind}", { kind }) : _("Min telefon");
}

