/** A module betters one element of a page that already works without script. */
export type Module = (element: HTMLElement) => void;

/** Starts, for each element with `data-module="a b"`, the modules a and b. One that fails leaves the rest standing. */
export function start(modules: Record<string, Module>): void {
  for (const element of document.querySelectorAll<HTMLElement>("[data-module]")) {
    for (const name of (element.dataset["module"] ?? "").split(/\s+/)) {
      const module = modules[name];
      if (!module) continue;
      try {
        module(element);
      } catch (error) {
        console.error(`data-module="${name}"`, error);
      }
    }
  }
}
