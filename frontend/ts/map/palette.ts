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

export const dark = (element: HTMLElement): boolean => getComputedStyle(element).colorScheme.trim() === "dark"
  || (document.documentElement.dataset["colorScheme"] !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);

/** Calls `repaint` when the page turns light or dark, and for the moments that it is being printed: always light. */
export function onNewColours(element: HTMLElement, repaint: () => void): void {
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", repaint);
  addEventListener("beforeprint", () => { element.dataset["colorScheme"] = "light"; repaint(); });
  addEventListener("afterprint", () => { delete element.dataset["colorScheme"]; repaint(); });
}
