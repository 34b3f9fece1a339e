import { asArray } from "ol/color";

/** The colours that a map is drawn in: the page's own tokens, as they are now. */
export interface Palette {
  ink: string; mute: string; ground: string; soft: string; line: string; accent: string; accentInk: string; danger: string;
  dangerInk: string; font: string;
}

const TOKENS = {
  ink: "--tp-ink", mute: "--tp-mute", ground: "--tp-ground", soft: "--tp-soft", line: "--tp-line-strong", accent: "--tp-accent",
  accentInk: "--ds-color-accent-base-contrast-default", danger: "--ds-color-danger-base-default",
  dangerInk: "--ds-color-danger-base-contrast-default",
};

export function readPalette(element: HTMLElement): Palette {
  const probe = document.createElement("span");
  probe.hidden = true;
  element.append(probe);
  const style = getComputedStyle(probe);
  const resolved = Object.entries(TOKENS).map(([name, token]) => {
    probe.style.color = `var(${token})`;
    return [name, style.color];
  });
  const palette = { ...Object.fromEntries(resolved), font: style.fontFamily } as Palette;
  probe.remove();
  return palette;
}

/** The same colour, thin enough to see through. */
export function thin(colour: string, share: number): number[] {
  return [...asArray(colour).slice(0, 3), share];
}

/** A share of one colour over another: what lies beneath does not shine through. */
export function mixed(colour: string, ground: string, share: number): number[] {
  const [over, under] = [asArray(colour), asArray(ground)];
  return [0, 1, 2].map((n) => Math.round(over[n]! * share + under[n]! * (1 - share)));
}

/** Whether the page is dark here: by the person's choice, or as the computer is. */
export function dark(element: HTMLElement): boolean {
  const chosen = element.closest<HTMLElement>("[data-color-scheme]")?.dataset["colorScheme"];
  return chosen === "dark" || (chosen !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
}

/** Calls `repaint` when the page turns light or dark; that paper is light is `onPrint`'s business. */
export function onNewColours(repaint: () => void): void {
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
    if (!matchMedia("print").matches) repaint();
  });
}

/** Calls `begin` before the page is printed, when it is light whatever the screen is, and `end` after. */
export function onPrint(begin: () => void, end: () => void): void {
  const page = document.documentElement.dataset;
  const before = page["colorScheme"] ?? "auto";
  addEventListener("beforeprint", () => { page["colorScheme"] = "light"; begin(); });
  addEventListener("afterprint", () => { page["colorScheme"] = before; end(); });
}
