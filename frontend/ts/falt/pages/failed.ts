import { html } from "lit-html";
import type { Page } from "../app";
import { button, way } from "../parts";
import { _ } from "../texts";

/** What is said when a page cannot be shown. */
export function failed(again: () => unknown, why = ""): Page {
  return {
    title: _("Sidan gick inte att visa"),
    main: html`<h1>${_("Sidan gick inte att visa")}</h1>
      ${why ? html`<p>${why}</p>` : ""}<p>${_("Det du har sparat ligger kvar i telefonen. Försök igen. Händer det igen: stäng appen och öppna den på nytt.")}</p>
      ${way(_("Hem"), "/falt", { kind: "secondary" })}`,
    foot: button(_("Försök igen"), again),
  };
}

/** What is said when the phone takes long to open what it keeps. */
export function slow(): Page {
  return {
    title: _("Appen startar"),
    main: html`<h1>${_("Appen startar")}</h1>
      <p role="status">${_("Telefonen läser in det du har sparat. Tar det mer än en minut: stäng appen och öppna den på nytt. Inget är borta.")}</p>`,
  };
}
