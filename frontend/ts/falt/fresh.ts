import type { App } from "./app";

let waiting: ServiceWorker | null = null;

/** Registers the service worker and tells when a newer app has come; it is never changed by itself. */
export async function begin(app: App): Promise<void> {
  if (!("serviceWorker" in navigator)) return;
  const registration = await navigator.serviceWorker.register("/falt/sw.js", { scope: "/falt", updateViaCache: "none" }).catch(() => null);
  if (!registration) return;
  const found = (worker: ServiceWorker | null): void => {
    if (!worker || !navigator.serviceWorker.controller) return; // the first is no news
    waiting = worker;
    app.schedule();
  };
  found(registration.waiting);
  registration.addEventListener("updatefound", () => {
    const worker = registration.installing;
    worker?.addEventListener("statechange", () => { if (worker.state === "installed") found(worker); });
  });
}

/** Whether a newer app waits to be changed to. */
export function isNewer(): boolean {
  return waiting !== null;
}

/** Changes to the newer app: the queue lies in the store, which no version touches. */
export function change(): void {
  navigator.serviceWorker.addEventListener("controllerchange", () => location.assign("/falt"), { once: true });
  if (waiting) waiting.postMessage("byt");
  else location.assign("/falt");
}
