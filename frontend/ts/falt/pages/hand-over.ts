import { html } from "lit-html";
import { Away, SignedOut, words } from "../api";
import type { App, Draw } from "../app";
import { FILE_TYPE, handOver, load } from "../handover";
import { choicesOf } from "../kinds";
import { box, button, camera, facts, way } from "../parts";
import { N_, _, hour, many, megabytes } from "../texts";
import { why } from "./away";

/** Hundreds of photos over a slow line. */
const HOURS_MS = 6 * 3_600_000;

/** A file with what waits, for a colleague to send: sealed to the city, so that nobody on the way can read it. */
export const handOverPage: Draw = async (app) => {
  const { seen, photos, changes, bytes } = await load(app.store);
  const walks = await app.walks();
  const known = [await choicesOf(app, null), ...walks].filter((one) => one.server_key?.x);
  const key = known.sort((one, other) => other.fetched_at.localeCompare(one.fetched_at))[0]?.server_key; // the city may have got another since
  const nothing = !seen.length && !photos.length && !changes.length;
  const loose = app.book.drafts.filter((one) => !one.kind).length;
  const made = app.shown["made"] as string | undefined;
  const carried = app.shown["carried"] as string | undefined;
  return {
    title: _("Lämna över som fil"),
    back: [_("Det som väntar"), "/falt/sandlista"],
    main: html`<h1>${_("Lämna över som fil")}</h1>
      <p>${nothing ? (loose ? "" : _("Inget väntar. Allt är mottaget.")) : _("Går det inte att skicka kan en kollega göra det åt dig.")}</p>
      ${facts([
        [_("Innehåll"), [
          many(seen.length, N_("1 iakttagelse"), N_("{n} iakttagelser")), many(photos.length, N_("1 foto"), N_("{n} foton")),
          many(changes.length, N_("1 ändring"), N_("{n} ändringar")),
        ].join(", ")],
        [_("Storlek"), megabytes(bytes)],
      ])}
      <ol><li>${_("Skapa filen och dela den med en kollega.")}</li><li>${_("Kollegan öppnar Tryggplats och väljer Skicka in en fil.")}</li><li>${_("Du ser här när staden har tagit emot.")}</li></ol>
      ${box(_("Inget kan bli dubbelt"), html`<p>${_("Telefonen behåller allt tills staden har kvitterat. Skickar ni båda blir det ändå bara en av varje.")}</p>`, { icon: "info" })}
      ${box(_("Bara staden kan läsa filen"), html`<p>${_("Den är låst med stadens nyckel och underskriven med telefonens. Den som bär den ser inga foton.")}</p>`, { icon: "lock" })}
      ${loose ? box(many(loose, N_("1 utkast utan sort följer inte med"), N_("{n} utkast utan sort följer inte med")), html`<p>${_("Välj sort först, så följer det med.")}</p>${way(_("Till utkasten"), "/falt/utkast", { kind: "secondary", icon: "pen" })}`, { icon: "pen", tone: "warning" }) : ""}
      ${app.book.ways || app.book.calls ? html`<p class="mute">${_("Vägen ni har gått och svar om vem ni har ringt följer inte med. De ligger kvar och skickas när telefonen har täckning.")}</p>` : ""}
      ${key ? "" : box(_("Telefonen saknar stadens nyckel"), html`<p>${_("Öppna appens första sida när du har täckning, så hämtas den.")}</p>`, { icon: "info", tone: "warning" })}
      ${made ? html`<p role="status">${made}</p>` : ""}
      ${box(_("Har du fått en fil av en kollega?"), html`<p>${_("Skicka in den här. Det som är i den räknas som kollegans.")}</p>
        ${camera(_("Skicka in en fil"), (files) => carry(app, files[0]!), { kind: "secondary", icon: "send", capture: false, accept: "*/*" })}
        <p role="status">${carried ?? ""}</p>`, { icon: "document" })}`,
    foot: nothing || !key ? way(_("Det som väntar"), "/falt/sandlista", { kind: "secondary" }) : button(_("Skapa och dela filen"), () => make(app, key), { icon: "document" }),
  };
};

async function make(app: App, key: JsonWebKey): Promise<void> {
  const { shown } = app;
  const file = await handOver(app.store, key);
  shown["made"] = _("Filen är gjord {at}. Att dela är inte samma sak som mottagen: det ser du i listan över vad som väntar.", { at: hour(Date.now()) });
  await share(file);
  app.schedule();
}

/** Hands in a colleague's file: the city opens it, and tells how much is in it. */
async function carry(app: App, file: File): Promise<void> {
  const { shown } = app;
  const tell = (told: string): void => { shown["carried"] = told; app.schedule(); };
  tell(_("Filen skickas"));
  try {
    await app.city.ask("GET", "/api/v1/devices/own"); // for a nonce of now, so that the file itself is sent once
    const headers = { "Content-Type": FILE_TYPE };
    const { status, body } = await app.city.ask("POST", "/api/v1/handovers", { bytes: file, headers, patience: HOURS_MS });
    const [seen, photos, changes] = ["observations", "photos", "changes"].map((name) => body[name]?.sent ?? 0);
    tell(status < 300 ? _("Staden har tagit emot filen: {seen} iakttagelser, {photos} foton, {changes} ändringar.", { seen, photos, changes }) : words(body));
  } catch (error) {
    tell(error instanceof Away ? _("Staden svarar inte. Försök igen när du har täckning.") : error instanceof SignedOut ? _("Logga in telefonen först.") : why(error));
  }
}

/** Shares a file; saves it where that is not to be had: some share only pictures, or nothing long after the tap. */
async function share(file: File): Promise<void> {
  if (!navigator.canShare?.({ files: [file] })) return save(file);
  await navigator.share({ files: [file] }).catch((error: unknown) => {
    if (!(error instanceof DOMException && error.name === "AbortError")) save(file); // she has not turned back herself
  });
}

/** Saves a file as a browser does where nothing can be shared. */
function save(file: File): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = file.name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
