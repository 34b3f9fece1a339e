import type { Change, Photo, Seen } from "./model";
import { told } from "./seen";
import type { Store } from "./store";
import { type Keys, base64url, publicKey, sha256, signature, utf8 } from "./vault";

/** The first line of a file (docs/reference/handover.md). */
const MAGIC = "TPHO1";
const BITS = 256;
const TYPE = "application/vnd.tryggplats.handover";

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
  const changes = (await store.list<Change>("change")).filter((one) => one.state === "stored" || one.state === "sending" || one.state === "refused");
  const open = new Set([...photos.map((one) => one.seen), ...changes.map((one) => one.record)]);
  const waiting = seen.filter((one) => one.state !== "received" || open.has(one.uid));
  return { seen: waiting, photos, changes, bytes: photos.reduce((sum, one) => sum + one.bytes, 0) };
}

/**
 * Makes a file that any colleague may carry and only the city can read: sealed to the city's key, signed with the
 * phone's. What is opened is taken in as if it had been sent, so nothing comes twice.
 */
export async function handOver(store: Store, city: JsonWebKey, device: string): Promise<File> {
  const keys = await store.theKeys();
  const { seen, photos, changes } = await load(store);
  const secret = crypto.getRandomValues(new Uint8Array(32));
  const content = await crypto.subtle.importKey("raw", secret, "AES-GCM", false, ["encrypt"]);
  const parts: Part[] = [];
  const bodies: ArrayBuffer[] = [];
  const sent: Record<string, unknown>[] = [];
  for (const photo of photos) {
    const bytes = await store.bytes(photo.uid);
    if (!bytes) continue;
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const body = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, content, bytes);
    sent.push({ kind: "photo", uid: photo.uid, bytes: photo.bytes, sha256: photo.sha256, part: parts.length });
    parts.push({ iv: base64url(iv.buffer), bytes: body.byteLength, sha256: await sha256(body) });
    bodies.push(body);
  }
  const records = await Promise.all(seen.map(async ({ uid }) => ({ kind: "observation", uid, body: await frozen(store, uid) })));
  const edits = changes.map(({ uid, record, state: _state, reason: _reason, ...body }) => ({ kind: "change", uid, record, body }));
  const manifest = { device, made_at: new Date().toISOString(), key: base64url(secret.buffer), items: [...records, ...sent, ...edits], parts };
  const sealed = await jwe(manifest, city);
  const signed = await jws({ sealed: await sha256(utf8(sealed)), site: location.origin }, keys);
  const name = `tryggplats-${new Date().toISOString().slice(0, 16).replace(/[:T]/g, "")}.tpho`;
  return new File([`${MAGIC}\n${sealed}\n${signed}\n`, ...bodies], name, { type: TYPE });
}

/** What is told of something seen, from now on the same way: the file and the phone must say the same. */
async function frozen(store: Store, uid: string): Promise<Record<string, unknown> | null> {
  const photos = (await store.list<Photo>("photo")).filter((one) => !one.binned_at);
  const own = ({ photos: uids }: Seen): Photo[] => uids.flatMap((each) => photos.find((photo) => photo.uid === each) ?? []);
  return (await store.change<Seen>(uid, "seen", (now) => (now.told ? null : { ...now, told: told(now, own(now)) })))?.told ?? null;
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

