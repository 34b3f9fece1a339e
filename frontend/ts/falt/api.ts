import { type Keys, base64url, publicKey, signature, utf8 } from "./vault";

/** The version of what the app and the city say to each other (core/http/app_version.py). */
export const APP = 1;
const PATIENCE_MS = 60_000;

/** The city was not reached: no line, no answer in time, a fault of its own, or something else answered in its place. */
export class Away extends Error {
  constructor(readonly why: "line" | "fault" | "busy" | "stranger", readonly after = 0) {
    super(why);
  }
}

/** The phone is no longer signed in. What waits stays. */
export class SignedOut extends Error {}

/** The city asks for a newer app. What waits stays. */
export class TooOld extends Error {}

/** The city would not; the message is its words. */
export class Refused extends Error {}

/** What the city answered: 2xx, or a refusal of just this (4xx) with its words. */
export interface Answer {
  status: number;
  body: any;
  headers: Headers;
}

export interface Asked {
  /** Milliseconds after which nobody waits for the answer any more. */
  patience?: number;
  json?: unknown;
  bytes?: BufferSource | Blob;
  headers?: Record<string, string>;
  /** Asked as nobody (null), since the phone's token may be past its day; or with one that is not the phone's yet. */
  token?: string | null;
  /** Gives the question up. */
  signal?: AbortSignal | undefined;
  /** The answer is wanted as bytes; a body of JSON is still read, for it says why. */
  binary?: boolean;
}

/**
 * Speaks with the city as this phone: each question is signed with its key (RFC 9449), so that a token that was copied
 * is worth nothing. The time in the proof is not looked at, for phones' clocks are wrong; the city's nonce is.
 */
export class City {
  private nonce = "";

  constructor(private readonly keys: () => Promise<Keys>, private readonly token: () => Promise<string | null>) {}

  async ask(method: string, path: string, asked: Asked = {}): Promise<Answer> {
    const answer = await this.once(method, path, asked);
    const again = answer.status === 401 && (answer.headers.get("WWW-Authenticate") ?? "").includes("use_dpop_nonce");
    return this.judged(again ? await this.once(method, path, asked) : answer);
  }

  /** A small picture of the city's; null where there is none for us. */
  async picture(path: string, signal: AbortSignal): Promise<ArrayBuffer | null> {
    const { status, body } = await this.ask("GET", path, { binary: true, signal });
    return status < 300 && body instanceof ArrayBuffer ? body : null;
  }

  private async once(method: string, path: string, asked: Asked): Promise<Answer> {
    const headers = new Headers({ Accept: asked.binary ? "image/*" : "application/json", "Tryggplats-App": String(APP), ...asked.headers });
    const token = asked.token === undefined ? await this.token() : asked.token;
    if (token) headers.set("Authorization", `DPoP ${token}`);
    headers.set("DPoP", await this.proof(method, path, token));
    if (asked.json !== undefined) headers.set("Content-Type", "application/json");
    const body = asked.json !== undefined ? JSON.stringify(asked.json) : asked.bytes ?? null;
    const signal = either(AbortSignal.timeout(asked.patience ?? PATIENCE_MS), asked.signal);
    try {
      const response = await fetch(path, { method, headers, body, signal, credentials: "omit", cache: "no-store", redirect: "error" });
      const drawn = asked.binary && response.ok && response.headers.get("Content-Type")?.startsWith("image/");
      const heard = drawn ? await response.arrayBuffer() : await response.text();
      this.nonce = response.headers.get("DPoP-Nonce") ?? this.nonce;
      return { status: response.status, body: typeof heard === "string" ? parsed(response, method, heard) : heard, headers: response.headers };
    } catch (error) {
      throw error instanceof Away ? error : new Away("line");
    }
  }

  private judged(answer: Answer): Answer {
    const { status } = answer;
    if (status >= 500) throw new Away("fault", seconds(answer.headers));
    if (status === 429) throw new Away("busy", seconds(answer.headers));
    if (status === 401) throw new SignedOut();
    if (status === 426) throw new TooOld();
    return answer;
  }

  private async proof(method: string, path: string, token: string | null): Promise<string> {
    const keys = await this.keys();
    const head = { typ: "dpop+jwt", alg: "ES256", jwk: await publicKey(keys) };
    const claims: Record<string, unknown> = {
      jti: crypto.randomUUID(),
      htm: method,
      htu: new URL(path, location.origin).href.replace(/[?#].*$/, ""),
      iat: Math.floor(Date.now() / 1000),
    };
    if (this.nonce) claims["nonce"] = this.nonce;
    if (token) claims["ath"] = base64url(await crypto.subtle.digest("SHA-256", utf8(token)));
    const words = [head, claims].map((part) => base64url(utf8(JSON.stringify(part)).buffer)).join(".");
    return `${words}.${base64url(await signature(keys, utf8(words)))}`;
  }
}

/** Gives up when either of two says so; Safari 16 has no AbortSignal.any. */
function either(one: AbortSignal, other?: AbortSignal): AbortSignal {
  if (!other) return one;
  const both = new AbortController();
  for (const signal of [one, other]) signal.addEventListener("abort", () => both.abort(), { once: true });
  if (other.aborted) both.abort();
  return both.signal;
}

/** The body as JSON; a page from a captive portal, or from a proxy, is a stranger's. */
function parsed(response: Response, method: string, text: string): unknown {
  if (response.status === 204 || response.status === 304 || method === "HEAD") {
    if (method !== "HEAD" || response.headers.has("Upload-Offset") || response.status >= 400) return null;
    throw new Away("stranger");
  }
  if (response.status >= 500) return null;
  const kind = response.headers.get("Content-Type") ?? "";
  if (!/^application\/([a-z.]+\+)?json\b/.test(kind)) throw new Away("stranger");
  try {
    return JSON.parse(text);
  } catch {
    throw new Away("stranger");
  }
}

/** The city's words for why it refused. */
export function words(body: any): string {
  const errors: { message: string }[] = body?.errors ?? [];
  return errors.map((one) => one.message).join(" ") || body?.detail || body?.title || "";
}

/** Seconds after which the city asks to be asked again. */
function seconds(headers: Headers): number {
  return Number.parseInt(headers.get("Retry-After") ?? "", 10) || 0;
}
