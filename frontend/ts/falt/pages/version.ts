import { html } from "lit-html";
import type { Draw } from "../app";
import { change } from "../fresh";
import { button, way } from "../parts";
import { _ } from "../texts";

/** A newer app: what waits and what is a draft stays. */
export const newVersion: Draw = async () => ({
  title: _("Ny version finns"),
  back: [_("Hem"), "/falt"],
  main: html`<h1>${_("Ny version finns")}</h1><p>${_("Det som väntar och dina utkast ligger kvar.")}</p>${way(_("Senare"), "/falt", { kind: "secondary" })}`,
  foot: button(_("Byt nu"), change),
});
