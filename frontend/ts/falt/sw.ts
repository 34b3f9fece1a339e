/**
 * Keeps the app in the phone, so that it starts without a line. The server puts the list of files before this code
 * (core/http/phone.py); another list is another version. Nothing of what people read or write goes through here.
 *
 * A newer version waits until somebody says so: the app never changes under a walk. What waits to be sent lies in the
 * store, which no version touches.
 */
import { TILES } from "./tiles";

interface Kept {
  version: string;
  files: string[];
}
type Own = EventTarget & {
  kept: Kept;
  location: Location;
  clients: { claim(): Promise<void> };
  skipWaiting(): Promise<void>;
};
type Life = Event & { waitUntil(done: Promise<unknown>): void };
type Asked = Event & { request: Request; respondWith(answer: Promise<Response>): void };

const worker = self as unknown as Own;
const SHELL = "/falt";
const NAME = `falt-${worker.kept.version}`;

worker.addEventListener("install", (event) => (event as Life).waitUntil(keep()));
worker.addEventListener("activate", (event) => (event as Life).waitUntil(takeOver()));
worker.addEventListener("message", (event) => {
  if ((event as MessageEvent).data === "byt") void worker.skipWaiting();
});
worker.addEventListener("fetch", (event) => {
  const asked = event as Asked;
  const answer = kept(asked.request);
  if (answer) asked.respondWith(answer);
});

async function keep(): Promise<void> {
  const cache = await caches.open(NAME);
  await cache.addAll(worker.kept.files.map((file) => new Request(file, { cache: "reload", credentials: "same-origin" })));
}

async function takeOver(): Promise<void> {
  for (const name of await caches.keys()) if (name.startsWith("falt-") && name !== NAME) await caches.delete(name);
  await worker.clients.claim();
}

/** What the phone has of it; null leaves the question to the net. */
function kept(request: Request): Promise<Response> | null {
  if (request.method !== "GET") return null;
  const address = new URL(request.url);
  if (address.origin === worker.location.origin) {
    if (request.mode === "navigate" && (address.pathname === SHELL || address.pathname.startsWith(`${SHELL}/`))) return first(SHELL, request);
    if (worker.kept.files.includes(address.pathname)) return first(address.pathname, request);
  }
  return request.destination === "image" ? tile(request) : null;
}

async function first(name: string, request: Request): Promise<Response> {
  return (await (await caches.open(NAME)).match(name)) ?? fetch(request);
}

/** A tile of the map, from the phone where the walk was fetched with it. */
async function tile(request: Request): Promise<Response> {
  return (await (await caches.open(TILES)).match(request, { ignoreVary: true })) ?? fetch(request);
}
