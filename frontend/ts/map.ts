/**
 * The two modules of the map. OpenLayers and all that stands on it is fetched only by pages that have one, and not
 * before it comes near the window: the page is complete without.
 */
export const map = (element: HTMLElement): void =>
  whenNear(element, async () => (await import("./map/figure")).figure(element));

export const mapEditor = (element: HTMLElement): void =>
  whenNear(element, async () => (await import("./map/editor")).editor(element));

function whenNear(element: HTMLElement, begin: () => Promise<void>): void {
  const watcher = new IntersectionObserver((entries) => {
    if (!entries.some((entry) => entry.isIntersecting)) return;
    watcher.disconnect();
    begin().catch((error: unknown) => {
      console.error("map", error);
      const said = element.querySelector("[data-part=said]");
      element.dataset["failed"] = "";
      if (said) said.textContent = element.dataset["textFailed"] ?? "";
    });
  }, { rootMargin: "200px" });
  watcher.observe(element);
}
