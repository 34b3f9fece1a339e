import type { App } from "./app";
import type { Fetched, Kept } from "./walks";

/** Under this id lies what could be chosen on the walk that was fetched last, for what is seen on no walk. */
export const USUAL = "usual";

export type Usual = Pick<Fetched, "kinds" | "first" | "severities" | "natures" | "choices">;

const NONE: Usual = { kinds: [], first: [], severities: [], natures: [], choices: { time_of_day: [], weekday: [], season: [], affected: [] } };

export function usualOf({ kinds, first, severities, natures, choices }: Fetched): Usual {
  return { kinds, first, severities, natures, choices };
}

/** What can be chosen on a walk, else what could on the last. */
export async function choicesOf(app: App, kept: Kept | null): Promise<Usual> {
  return kept ?? (await app.store.read<Usual>(USUAL)) ?? NONE;
}
