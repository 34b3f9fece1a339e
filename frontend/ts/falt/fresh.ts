import type { App } from "./app";

let waiting: ServiceWorker | null = null;
let registered: Promise<ServiceWorkerRegistration | null> = Promise.resolve(null);
/** So long the app's own files may take to come, before that is another try. */
const PATIENCE_MS = 60_000;

/** Registers the service worker and tells when a newer app has come; it is never changed by itself. */
export async function begin(app: App): Promise<void> {
  if (!("serviceWorker" in navigator)) return;
  registered = navigator.serviceWorker.register("/falt/sw.js", { scope: "/falt", updateViaCache: "none" }).catch(() => null);
  const registration = await registered;
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

/** Waits until the app itself is in the phone and starts without a line; false where it is not, or cannot be. */
export async function isHere(): Promise<boolean> {
  if (!(await registered)) return false;
  const late = new Promise<false>((done) => { setTimeout(() => done(false), PATIENCE_MS); });
  return Promise.race([navigator.serviceWorker.ready.then(() => true), late]);
}

/** Whether a newer app waits to be changed to. */
export function isNewer(): boolean {
  return waiting !== null;
}

/** Changes to the newer app: the queue lies in the store, which no version touches. */
export function change(): void {
  navigator.serviceWorker.addEventListener("controllerchange", () => location.assign("/falt"), { once: true });
  if (waiting) waiting.postMessage("byt");
  else void registered.then((one) => one?.update()).finally(() => location.assign("/falt"));
}
