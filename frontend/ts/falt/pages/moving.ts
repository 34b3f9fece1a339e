import { words } from "../api";
import type { App } from "../app";
import { _ } from "../texts";
import type { Kept } from "../walks";
import { why } from "./away";

/** Starts or ends a walk at the city, and says how it went: that needs a line, what is seen on it does not. */
export async function moveWalk(app: App, kept: Kept, move: "starta" | "avsluta", done: string): Promise<void> {
  const { shown } = app;
  const headers = { "If-Match": `"${kept.walk.version}"` };
  try {
    const { status, body } = await app.city.ask("POST", `/api/v1/walks/${kept.uid}/moves`, { json: { move, sure: true }, headers });
    if (status < 300) {
      await app.store.change<Kept>(kept.uid, "walk", (now) => ({ ...now, walk: { ...now.walk, state: body.state, version: body.version } }));
      shown["said"] = done;
    } else if (status === 403) shown["said"] = _("Det gör den som leder vandringen.");
    else if (status === 412) shown["said"] = _("Vandringen är ändrad på kontoret. Hämta den igen, och försök en gång till.");
    else shown["said"] = words(body);
  } catch (error) {
    shown["said"] = `${why(error)} ${_("Det går att göra på datorn också.")}`;
  }
  app.changed();
}
