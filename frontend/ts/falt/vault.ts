/**
 * The phone's keys: one seals all that is kept, one signs what is sent. Neither can be read out of the browser
 * (WebCrypto, not extractable), so that a copy of its files is worth nothing. Who unlocks phone and browser has them.
 */
export interface Keys {
  seal: CryptoKey;
  sign: CryptoKeyPair;
}

/** What lies in the store: AES-GCM bytes and the number they were sealed with, never used twice. */
export interface Sealed {
  iv: ArrayBuffer;
  data: ArrayBuffer;
}

const IV_BYTES = 12;
const CURVE = { name: "ECDSA", namedCurve: "P-256" };

export async function newKeys(): Promise<Keys> {
  const seal = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
  const sign = await crypto.subtle.generateKey(CURVE, false, ["sign", "verify"]);
  return { seal, sign };
}

/** Seals bytes as those of `name`; opened under another name they are refused. */
export async function seal(keys: Keys, name: string, bytes: BufferSource): Promise<Sealed> {
  const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES));
  const data = await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData: utf8(name) }, keys.seal, bytes);
  return { iv: iv.buffer, data };
}

export async function unseal(keys: Keys, name: string, { iv, data }: Sealed): Promise<ArrayBuffer> {
  return crypto.subtle.decrypt({ name: "AES-GCM", iv, additionalData: utf8(name) }, keys.seal, data);
}

/** Signs as JWS says for ES256: r and s, 32 bytes each. */
export async function signature(keys: Keys, bytes: BufferSource): Promise<ArrayBuffer> {
  return crypto.subtle.sign({ name: "ECDSA", hash: "SHA-256" }, keys.sign.privateKey, bytes);
}

/** The public key, with only what its thumbprint is made of (RFC 7638). */
export async function publicKey(keys: Keys): Promise<JsonWebKey> {
  const { crv, kty, x, y } = await crypto.subtle.exportKey("jwk", keys.sign.publicKey);
  return { crv, kty, x, y } as JsonWebKey;
}

export async function sha256(bytes: BufferSource): Promise<string> {
  return hex(await crypto.subtle.digest("SHA-256", bytes));
}

export function hex(bytes: ArrayBuffer): string {
  return [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

export function base64(bytes: ArrayBuffer): string {
  let text = "";
  for (const byte of new Uint8Array(bytes)) text += String.fromCharCode(byte);
  return btoa(text);
}

export function base64url(bytes: ArrayBuffer): string {
  return base64(bytes).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

export function fromHex(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

export function utf8(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}
