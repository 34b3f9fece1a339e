import type { App } from "./app";
import type { Fetched, Kept } from "./walks";

/** Under this id lies what can be chosen without a walk; it is fetched anew when it is older than a day. */
export const USUAL = "usual";
const DAY_MS = 864e5;

/** What can be chosen, whom to ring, and the city's key: what is the same on each walk. */
export type Usual = Pick<Fetched, "kinds" | "first" | "severities" | "natures" | "choices" | "numbers" | "server_key" | "fetched_at">;

const NONE: Omit<Usual, "server_key"> = {
  kinds: [], first: [], severities: [], natures: [], choices: { time_of_day: [], weekday: [], season: [], affected: [] }, numbers: [], fetched_at: "",
};

export function usualOf({ kinds, first, severities, natures, choices, numbers, server_key, fetched_at }: Fetched): Usual {
  return { kinds, first, severities, natures, choices, numbers, server_key, fetched_at };
}

/** What can be chosen on a walk, else without one; nothing in a phone that has never been in touch since it was signed in. */
export async function choicesOf(app: App, kept: Kept | null): Promise<Omit<Usual, "server_key"> & Partial<Usual>> {
  return kept ?? (await app.store.read<Usual>(USUAL)) ?? NONE;
}

/** Fetches what can be chosen without a walk, where what is here is old; what the city does not say now stands. */
export async function fetchUsual(app: App): Promise<void> {
  const known = await app.store.read<Usual>(USUAL);
  if (known && Date.now() - Date.parse(known.fetched_at) < DAY_MS) return;
  const { status, body } = await app.city.ask("GET", "/api/v1/field/usual");
  if (status < 300) await app.store.write({ id: USUAL, kind: "usual", value: { ...body, fetched_at: new Date().toISOString() } });
}
