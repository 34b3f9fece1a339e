const ASK_MS = 1_500;

/** Asks how something stands (`data-address`) until that is not `data-state` any more, then goes to `data-page`. */
export function watch(element: HTMLElement): void {
  const { address = "", page = "", state = "" } = element.dataset;
  const ask = async (): Promise<void> => {
    try {
      const answer = await fetch(address, { headers: { Accept: "application/json" }, cache: "no-store" });
      if (!answer.ok || (await answer.json()).state !== state) return location.replace(page);
    } catch {
      // No line just now: asked again.
    }
    setTimeout(ask, ASK_MS);
  };
  setTimeout(ask, ASK_MS);
}
