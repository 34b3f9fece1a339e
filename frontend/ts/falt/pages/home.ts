import { html, nothing } from "lit-html";
import type { App, Draw } from "../app";
import { fetchUsual } from "../kinds";
import { waits } from "../ledger";
import { type Part, box, button, buttons, list, progress, row, way } from "../parts";
import { freePhotos } from "../room";
import { N_, _, day, hour, many } from "../texts";
import { type Kept, isOn } from "../walks";
import { why } from "./away";

/** What now, what is not yet safe, and what is to come. */
export const home: Draw = async (app) => {
  if (!app.device) return signedOut(app);
  const walks = await app.walks();
  const ongoing = walks.find((one) => one.walk.state === "pagar") ?? walks.find((one) => isOn(one.walk));
  const offered = app.offered.filter((one) => !walks.some((kept) => kept.uid === one.uid));
  if (!app.shown["asked"]) void askForWalks(app);
  const loose = app.book.seen.filter((one) => !one.walk && one.state !== "draft");
  const free = await freePhotos();
  const coming = walks.filter((one) => one !== ongoing);
  return {
    title: _("Mina vandringar"),
    main: html`<h1>${_("Mina vandringar")}</h1>
      ${ongoing ? ongoingBox(app, ongoing) : nothing}
      ${waitingBox(app)}
      ${list([
        app.book.drafts.length ? row(_("{n} utkast", { n: app.book.drafts.length }), { href: "/falt/utkast", sub: _("Välj sort så kan de skickas"), icon: "pen" }) : nothing,
        loose.length ? row(_("{n} utan vandring", { n: loose.length }), { href: "/falt/utan-vandring", icon: "document" }) : nothing,
        app.book.review.length ? row(_("{n} behöver granskas", { n: app.book.review.length }), { href: "/falt/granska", sub: _("Ändrad både av dig och av någon annan"), icon: "eye" }) : nothing,
      ])}
      ${!walks.length && !offered.length ? html`<p>${_("Du har inga vandringar än.")}</p>` : nothing}
      ${coming.length || offered.length ? html`<h2>${_("Kommande")}</h2>` : nothing}
      ${list([
        ...coming.map((one) => row(one.walk.title, { href: `/falt/vandring/${one.uid}`, sub: _("{when}. Hämtad.", { when: when(one.walk.planned_at) }), icon: "done" })),
        ...offered.map((one) => row(one.title, { href: `/falt/hamta/${one.uid}`, sub: _("{when}. Inte hämtad än.", { when: when(one.planned_at) }), icon: "fetch" })),
      ])}
      ${buttons(button(_("Leta efter nya"), () => askForWalks(app, true), { kind: "secondary" }), way(_("Iakttagelse utan vandring"), "/falt/ny/utan", { kind: "secondary" }))}
      ${app.shown["said"] ? html`<p role="status">${app.shown["said"]}</p>` : nothing}
      <h2>${_("Telefonen")}</h2>
      ${list([
        row(free === Infinity ? _("Plats i telefonen") : _("Plats för cirka {n} foton", { n: free }), { href: "/falt/plats", icon: "phone" }),
        row(_("Papperskorgen"), { href: "/falt/papperskorg", sub: _("Det du har kastat kan tas tillbaka i sju dagar"), icon: "litter" }),
        row(_("Inställningar"), { href: "/falt/installningar", sub: _("Skärm, foton, logga ut"), icon: "info" }),
      ])}`,
    ...(ongoing ? { foot: way(_("Fortsätt: {title}", { title: ongoing.walk.title }), `/falt/vandring/${ongoing.uid}`) } : {}),
  };
};

function ongoingBox(app: App, kept: Kept): Part {
  const own = app.book.seen.filter((one) => one.walk === kept.uid && one.state !== "draft");
  const done = app.book.here.filter((one) => one.walk === kept.uid).length;
  const head = kept.walk.state === "pagar" ? _("Pågår: {title}", { title: kept.walk.title }) : kept.walk.title;
  return box(head, html`${own.length ? progress(done, own.length, _("Mottagna av staden"), _("iakttagelser är mottagna av staden.")) : html`<p>${_("Inget inskrivet än.")}</p>`}
    <p class="mute">${_("Hämtad {at}. Fungerar utan täckning.", { at: day(kept.fetched_at) })}</p>`);
}

function waitingBox(app: App): Part {
  const count = waits(app.book) - app.book.drafts.length;
  if (!count && !app.book.old) return nothing;
  const old = app.book.old ? html`<p><strong>${_("Något har väntat i mer än ett dygn, sedan {at}.", { at: day(app.book.old) })}</strong></p>` : nothing;
  const title = count ? many(count, N_("1 sak väntar på att skickas"), N_("{n} saker väntar på att skickas")) : _("Utkast väntar på sort");
  const words = count ? _("De skickas av sig själva när du har täckning. Du behöver inte vänta.") : _("Ett utkast skickas inte förrän du har valt sort och sparat.");
  return box(title, html`<p>${words}</p>${old}
    ${way(_("Se vad som väntar"), "/falt/sandlista", { kind: "secondary" })}`, { icon: "phone", ...(app.book.old ? { tone: "warning" } : {}) });
}

function signedOut(app: App): ReturnType<Draw> {
  const count = waits(app.book);
  return Promise.resolve({
    title: _("Logga in telefonen"),
    main: html`<h1>${_("Logga in telefonen")}</h1>
      ${count ? box(_("Inget är borta"), html`<p>${many(count, N_("1 sak ligger kvar i telefonen. Den skickas när du har loggat in."), N_("{n} saker ligger kvar i telefonen. De skickas när du har loggat in."))}</p>
        ${way(_("Lämna över som fil"), "/falt/overlamna", { kind: "secondary" })}`, { icon: "phone" }) : nothing}
      <p>${_("Du behöver en dator där du är inloggad.")}</p>
      <ol><li>${_("Öppna Tryggplats på datorn och välj Mina enheter.")}</li><li>${_("Tryck Anslut en telefon och skriv ditt lösenord.")}</li>
        <li>${_("Läs av koden på skärmen med telefonens kamera, eller skriv de åtta tecknen här.")}</li></ol>`,
    foot: way(_("Skriv koden"), "/falt/logga-in"),
  });
}

/** Asks the city which walks there are to fetch; without a line nothing is lost. */
async function askForWalks(app: App, said = false): Promise<void> {
  const { shown } = app;
  shown["asked"] = true;
  try {
    const { status, body } = await app.city.ask("GET", "/api/v1/field/walks");
    if (status < 300) app.offered = body.items;
    await fetchUsual(app);
    if (said) shown["said"] = _("Letade {at}.", { at: hour(Date.now()) });
  } catch (error) {
    if (said) shown["said"] = `${why(error)} ${_("Det du har hämtat fungerar ändå.")}`;
  }
  app.schedule();
}

function when(moment: string): string {
  const form = new Intl.DateTimeFormat(document.documentElement.lang, { weekday: "long", day: "numeric", month: "long", timeZone: "Europe/Stockholm" });
  const words = form.format(new Date(moment));
  return `${words.charAt(0).toUpperCase()}${words.slice(1)} ${hour(moment)}`;
}
