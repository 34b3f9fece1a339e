import { html } from "lit-html";
import type { Page } from "../app";
import { way } from "../parts";
import { _ } from "../texts";

/** What is said where the phone does not have what the address names. */
export function gone(title: string, href: string, text: string): Page {
  return {
    title,
    back: [_("Hem"), "/falt"],
    main: html`<h1>${title}</h1><p>${_("Det finns inte i telefonen. Det som väntar på att skickas finns kvar.")}</p>`,
    foot: way(text, href),
  };
}
