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
  /** Asked by the phone as nobody: its token may be past its day. */
  nobody?: boolean;
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
  async picture(path: string): Promise<ArrayBuffer | null> {
    const headers: Record<string, string> = { DPoP: await this.proof("GET", path, await this.token()) };
    const token = await this.token();
    if (token) headers["Authorization"] = `DPoP ${token}`;
    try {
      const response = await fetch(path, { headers, credentials: "omit", cache: "no-store", signal: AbortSignal.timeout(PATIENCE_MS), redirect: "error" });
      this.nonce = response.headers.get("DPoP-Nonce") ?? this.nonce;
      const drawn = response.headers.get("Content-Type")?.startsWith("image/");
      return response.ok && drawn ? await response.arrayBuffer() : null;
    } catch {
      throw new Away("line");
    }
  }

  private async once(method: string, path: string, asked: Asked): Promise<Answer> {
    const headers = new Headers({ Accept: "application/json", "Tryggplats-App": String(APP), ...asked.headers });
    const token = asked.nobody ? null : await this.token();
    if (token) headers.set("Authorization", `DPoP ${token}`);
    headers.set("DPoP", await this.proof(method, path, token));
    if (asked.json !== undefined) headers.set("Content-Type", "application/json");
    const body = asked.json !== undefined ? JSON.stringify(asked.json) : asked.bytes ?? null;
    let response: Response;
    let text = "";
    try {
      const signal = AbortSignal.timeout(asked.patience ?? PATIENCE_MS);
      response = await fetch(path, { method, headers, body, signal, credentials: "omit", cache: "no-store", redirect: "error" });
      text = await response.text();
    } catch {
      throw new Away("line");
    }
    this.nonce = response.headers.get("DPoP-Nonce") ?? this.nonce;
    return { status: response.status, body: parsed(response, method, text), headers: response.headers };
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

/** Seconds after which the city asks to be asked again. */
function seconds(headers: Headers): number {
  return Number.parseInt(headers.get("Retry-After") ?? "", 10) || 0;
}
