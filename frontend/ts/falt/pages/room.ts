import { html, nothing } from "lit-html";
import type { Draw } from "../app";
import { box, button, list, row, way } from "../parts";
import { room } from "../room";
import { forget } from "../sweep";
import { _, megabytes } from "../texts";

/** What takes room in the phone, and what can be done about it. */
export const roomPage: Draw = async (app) => {
  const { used, free, safe } = await room();
  const waiting = app.book.photos.filter((photo) => photo.state !== "received").reduce((sum, photo) => sum + photo.bytes, 0);
  const walks = (await app.walks()).filter((one) => ![...app.book.waiting, ...app.book.drafts].some((seen) => seen.walk === one.uid));
  return {
    title: _("Plats i telefonen"),
    back: [_("Hem"), "/falt"],
    main: html`<h1>${_("Plats i telefonen")}</h1>
      ${list([
        row(_("Väntar på att skickas"), { sub: megabytes(waiting), icon: "phone" }),
        free === Infinity ? nothing : row(_("Allt som appen har sparat"), { sub: megabytes(used), icon: "document" }),
        free === Infinity ? nothing : row(_("Fritt för appen"), { sub: megabytes(free), icon: "done" }),
      ])}
      ${box(_("Rensa inte webbläsaren"), html`<p>${_("Då försvinner det som inte är skickat. Det går inte att få tillbaka.")}</p>${safe ? nothing : html`<p>${_("Lägg till Tryggplats på hemskärmen, så tar telefonen inte bort det av sig själv.")}</p>`}`, { icon: "danger", tone: "warning" })}
      <h2>${_("Gör plats")}</h2>
      ${button(_("Skicka nu"), () => app.sender.wake(), { kind: "secondary", icon: "send" })}
      ${list(walks.map((one) => row(one.walk.title, { sub: _("Ta bort det hämtade"), icon: "litter", act: () => forget(app, one) })))}`,
    foot: way(_("Hem"), "/falt"),
  };
};
