import type { Change, Photo, Seen } from "./model";
import { changeOf, isTold, listed, told } from "./seen";
import { editsOf } from "./send";
import type { Store } from "./store";
import { type Keys, base64url, publicKey, sha256, signature, utf8 } from "./vault";

/** The first line of a file (docs/reference/handover.md). */
const MAGIC = "TPHO1";
const BITS = 256;
export const FILE_TYPE = "application/vnd.tryggplats.handover";
const OF = "observation";
/** Where the city has it: what is told of it again gives the same answer, but need not be carried. */
const AT_THE_CITY = ["received", "held", "review", "settled"];

interface Part {
  iv: string;
  bytes: number;
  sha256: string;
}

/** What the file holds, as the phone counts it. */
export interface Load {
  seen: Seen[];
  photos: Photo[];
  changes: Change[];
  bytes: number;
}

/** All that the city has not acknowledged: drafts that have a kind too, for they may never be sent otherwise. */
export async function load(store: Store): Promise<Load> {
  const seen = (await store.list<Seen>("seen")).filter((one) => !one.binned_at && one.kind);
  const known = new Set(seen.map((one) => one.uid));
  const photos = (await store.list<Photo>("photo")).filter((one) => !one.binned_at && known.has(one.seen) && one.state !== "received");
  const all = await store.list<Change>("change");
  const edited = seen.flatMap((one) => changeOf(one, null, "") ?? []); // not told as a change yet
  const changes = [...all.filter((one) => one.state === "stored" || one.state === "sending"), ...edited];
  const open = new Set([...photos.map((one) => one.seen), ...changes.map((one) => one.record)]);
  const waiting = seen.filter((one) => !AT_THE_CITY.includes(one.state) || open.has(one.uid));
  return { seen: waiting, photos, changes, bytes: photos.reduce((sum, one) => sum + one.bytes, 0) };
}

/**
 * Makes a file that any colleague may carry and only the city can read: sealed to the city's key, signed with the
 * phone's. What is opened is taken in as if it had been sent, so nothing comes twice.
 */
export async function handOver(store: Store, city: JsonWebKey): Promise<File> {
  const keys = await store.theKeys();
  const known = await store.list<Change>("change");
  for (const one of await store.list<Seen>("seen")) await editsOf(store, one, known); // what was edited is told as a change from here on
  const { seen, photos, changes } = await load(store);
  const all = (await store.list<Photo>("photo")).filter((one) => !one.binned_at);
  const frozen = new Map((await Promise.all(seen.map((one) => freeze(store, one, all)))).map((one) => [one.uid, one]));
  const secret = crypto.getRandomValues(new Uint8Array(32));
  const content = await crypto.subtle.importKey("raw", secret, "AES-GCM", false, ["encrypt"]);
  const parts: Part[] = [];
  const bodies: Blob[] = [];
  const sent: Record<string, unknown>[] = [];
  for (const photo of photos) {
    const bytes = await store.bytes(photo.uid);
    const record = frozen.get(photo.seen);
    if (!bytes || !record) continue;
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const body = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, content, bytes);
    const about = { uid: photo.uid, record: photo.seen, bytes: photo.bytes, sha256: photo.sha256, part: parts.length };
    sent.push({ kind: "photo", of: OF, ...about, listed: isTold(record, photo.uid) ? null : listed(photo) });
    parts.push({ iv: base64url(iv.buffer), bytes: body.byteLength, sha256: await sha256(body) });
    bodies.push(new Blob([body])); // so that the browser need not hold all of them in memory
  }
  const records = [...frozen.values()].map(({ uid, told: body }) => ({ kind: "record", of: OF, uid, body }));
  const edits = changes.map(({ uid, record, state: _state, reason: _reason, ...body }) => ({ kind: "change", of: OF, uid, record, body }));
  const about = { signer: await thumbprint(keys), made_at: new Date().toISOString(), key: base64url(secret.buffer) };
  const sealed = await jwe({ ...about, items: [...records, ...sent, ...edits], parts }, city);
  const signed = await jws({ sealed: await sha256(utf8(sealed)), site: location.origin }, keys);
  const name = `tryggplats-${new Date().toISOString().slice(0, 16).replace(/[:T]/g, "")}.tpho`;
  return new File([`${MAGIC}\n${sealed}\n${signed}\n`, ...bodies], name, { type: FILE_TYPE });
}

/**
 * Tells what was seen the same way from now on, for the file and the phone must say the same of it, whichever comes first.
 * A draft that is handed over has left the phone: it is saved.
 */
async function freeze(store: Store, seen: Seen, photos: Photo[]): Promise<Seen> {
  const own = (now: Seen): Photo[] => now.photos.flatMap((uid) => photos.find((photo) => photo.uid === uid) ?? []);
  const kept = await store.change<Seen>(seen.uid, "seen", (now) => {
    const saved = now.state === "draft" ? { state: "stored" as const, saved_at: new Date().toISOString() } : {};
    return { ...now, ...saved, told: now.told ?? told(now, own(now)) };
  });
  return kept ?? seen;
}

/** The digest that the city knows the phone's key by (RFC 7638): `publicKey` has its parts in the order that it asks. */
async function thumbprint(keys: Keys): Promise<string> {
  return base64url(await crypto.subtle.digest("SHA-256", utf8(JSON.stringify(await publicKey(keys)))));
}

/** Seals JSON to a public key: JWE, ECDH-ES with A256GCM (RFC 7516, 7518 4.6). */
export async function jwe(content: unknown, city: JsonWebKey): Promise<string> {
  const curve = { name: "ECDH", namedCurve: "P-256" };
  const { kty, crv, x, y } = city;
  const theirs = await crypto.subtle.importKey("jwk", { kty, crv, x, y } as JsonWebKey, curve, false, []);
  const own = await crypto.subtle.generateKey(curve, true, ["deriveBits"]);
  const shared = await crypto.subtle.deriveBits({ name: "ECDH", public: theirs }, own.privateKey, BITS);
  const epk = await crypto.subtle.exportKey("jwk", own.publicKey);
  const header = base64url(utf8(JSON.stringify({ alg: "ECDH-ES", enc: "A256GCM", epk: { kty: epk.kty, crv: epk.crv, x: epk.x, y: epk.y } })).buffer);
  const key = await crypto.subtle.importKey("raw", await derived(shared), "AES-GCM", false, ["encrypt"]);
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const sealed = new Uint8Array(await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData: utf8(header) }, key, utf8(JSON.stringify(content))));
  const [body, tag] = [sealed.slice(0, -16), sealed.slice(-16)];
  return [header, "", base64url(iv.buffer), base64url(body.buffer), base64url(tag.buffer)].join(".");
}

/** One round of the Concat KDF for A256GCM, without party information (RFC 7518 4.6.2). */
async function derived(shared: ArrayBuffer): Promise<ArrayBuffer> {
  const name = utf8("A256GCM");
  const number = (value: number): number[] => [value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255];
  const told = [...number(1), ...new Uint8Array(shared), ...number(name.length), ...name, ...number(0), ...number(0), ...number(BITS)];
  return crypto.subtle.digest("SHA-256", new Uint8Array(told));
}

async function jws(content: unknown, keys: Keys): Promise<string> {
  const head = { alg: "ES256", jwk: await publicKey(keys) };
  const words = [head, content].map((part) => base64url(utf8(JSON.stringify(part)).buffer)).join(".");
  return `${words}.${base64url(await signature(keys, utf8(words)))}`;
}

