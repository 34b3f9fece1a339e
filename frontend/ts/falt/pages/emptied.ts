import { html } from "lit-html";
import type { Draw } from "../app";
import { box, button } from "../parts";
import { askToKeep } from "../room";
import { N_, _, many } from "../texts";

/** The browser has thrown away what waited: said plainly, with what is left to do. */
export const emptied: Draw = async (app) => ({
  title: _("Telefonen har tömt appen"),
  main: html`<h1>${_("Telefonen har tömt appen")}</h1>
    ${box(many(app.lost, N_("1 sak var inte skickad och är borta"), N_("{n} saker var inte skickade och är borta")), html`<p>${_("Webbläsaren tog bort dem. Det går inte att få tillbaka dem. Det som var mottaget finns hos staden.")}</p>`, { icon: "danger", tone: "danger" })}
    <h2>${_("Gör så här")}</h2>
    <ol><li>${_("Titta bland telefonens egna foton. Där kan bilderna finnas kvar.")}</li>
      <li>${_("Logga in igen och hämta vandringen.")}</li>
      <li>${_("Skriv in det du minns. Välj bilderna med Välj foto.")}</li>
      <li>${_("Lägg till Tryggplats på hemskärmen, så tar telefonen inte bort det av sig själv.")}</li></ol>`,
  foot: button(_("Jag har läst"), () => {
    app.noted();
    void askToKeep();
    app.go("/falt", true);
  }),
});
