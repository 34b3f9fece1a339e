/** What the phone knows: walks that were fetched, what was seen on them, photos, and what is to be told to the city. */

export interface Position {
  latitude: number;
  longitude: number;
  /** Metres. */
  accuracy_m: number | null;
  source: "gps" | "karta" | "plats" | "exif" | "adress";
}

/** Where something stands (ux-phone.md 6): the words of each are in `ledger.ts`. */
export type Standing = "draft" | "stored" | "sending" | "received" | "held" | "review" | "settled" | "refused";

/** The severity of what somebody can be hurt by now. */
export const DANGER = 4;

/** Something seen. Its fields are the API's; `state` is where it stands on the way to the city. */
export interface Seen {
  uid: string;
  walk: string | null;
  /** Number on the phone until the city has given its own. */
  number: number;
  state: Standing;
  /** The phone's clock, ISO 8601. */
  made_at: string;
  saved_at: string | null;
  kind: string | null;
  nature: string;
  severity: number;
  description: string;
  details: Record<string, unknown>;
  position: Position | null;
  place: string | null;
  asset_ref: string;
  heading: number | null;
  torch: boolean;
  proposed_measure: string;
  time_of_day: string;
  weekday: string;
  season: string;
  affected: string[];
  steps: { step: string; at: string; position: Position | null }[];
  photos: string[];
  /** What the city was told first, as it was told: told again the same way until the answer has come. */
  told: Record<string, unknown> | null;
  /** What the city has, as far as the phone knows: from here changes are counted. */
  city: { version: number; fields: Record<string, unknown> } | null;
  received_at: string | null;
  reason: string;
  /** Whom somebody called about a danger (a function, no name), and what of that the city knows. */
  called?: string;
  calledTold?: string;
  /** When it was thrown away; it can be taken back for seven days. */
  binned_at: string | null;
}

export interface Photo {
  uid: string;
  seen: string;
  state: "stored" | "sending" | "received" | "refused" | "withdrawn";
  /** Whether the city was told of it apart, since its record had been told already. */
  listed?: boolean;
  role: "iakttagelse" | "fore" | "efter";
  taken_at: string;
  position: Position | null;
  direction: number | null;
  pairs_with: string | null;
  bytes: number;
  sha256: string;
  type: string;
  width: number;
  height: number;
  /** Bytes that the city has acknowledged, and bytes that were sent in all: what was sent twice shows in the second. */
  offset: number;
  sent: number;
  received_at: string | null;
  reason: string;
  binned_at: string | null;
}

/** A change of something that the city already has, or is about to get. */
export interface Change {
  uid: string;
  record: string;
  after: string | null;
  made_at: string;
  base_version: number | null;
  before: Record<string, unknown>;
  fields: Record<string, unknown>;
  state: "stored" | "sending" | "applied" | "merged" | "held" | "review" | "settled";
  reason: string;
}

/** The way that is gone on a walk, kept by the phone of who leads it (B13). */
export interface Track {
  uid: string;
  walk: string;
  points: [longitude: number, latitude: number, accuracy_m: number | null, at: string][];
  ended: boolean;
  /** How many points the city has, and whether it knows that there come no more. */
  sent: number;
  closed: boolean;
  /** The city's words where it would not have it. */
  reason: string;
}

/** Who the phone is signed in as. */
export interface Device {
  uid: string;
  token: string;
  name: string;
  person: string;
  organisation: string;
  ends_at: string;
}
