import { html, nothing } from "lit-html";
import { Refused, words } from "../api";
import type { App, Draw, Fetching } from "../app";
import { isHere } from "../fresh";
import { USUAL, usualOf } from "../kinds";
import { box, button, facts, list, progress, row, way } from "../parts";
import { askToKeep, freePhotos } from "../room";
import { TILES } from "../tiles";
import { N_, _, day, hour, many } from "../texts";
import type { Fetched, Kept } from "../walks";
import { why } from "./away";
import { roomBox } from "./walk";

/** Fetches a walk, so that all of it is here without a line. What breaks goes on where it was. */
export const fetchWalk: Draw = async (app, [uid = ""]) => {
  const kept = await app.walk(uid);
  if (!kept?.whole && !app.fetching.has(uid)) start(app, uid);
  const going = app.fetching.get(uid);
  const done = kept?.whole && !going;
  return {
    title: kept ? kept.walk.title : _("Hämtar vandringen"),
    back: [_("Hem"), "/falt"],
    main: html`<h1>${done ? kept.walk.title : kept ? _("Hämtar {title}", { title: kept.walk.title }) : _("Hämtar vandringen")}</h1>
      ${roomBox(app)}
      ${going?.fault ? html`<div role="alert">${box(_("Hämtningen bröts"), html`<p>${going.fault}</p>`, { icon: "danger", tone: "warning" })}</div>` : nothing}
      ${going && !going.fault ? progress(going.done, going.total, _("Hämtat"), _("delar är hämtade.")) : nothing}
      ${done && kept.starts ? box(_("Hämtad {at}. Klar att gå utan täckning.", { at: hour(kept.fetched_at) }), html`<p>${_("Allt du behöver finns i telefonen.")}</p>`, { icon: "done", tone: "success", says: true }) : nothing}
      ${done && !kept.starts ? box(_("Hämtad {at}. Stäng inte appen.", { at: hour(kept.fetched_at) }), html`<p>${_("Vandringen finns i telefonen, men webbläsaren har inte sparat appen. Utan täckning går den inte att öppna igen. Hämta igen, eller byt webbläsare.")}</p>`, { icon: "info", tone: "warning", says: true }) : nothing}
      ${kept ? await about(kept) : nothing}
      ${done ? button(_("Hämta igen"), () => start(app, uid), { kind: "secondary", icon: "fetch" }) : nothing}`,
    foot: going?.fault ? button(_("Försök igen"), () => start(app, uid)) : done ? way(_("Öppna vandringen"), `/falt/vandring/${uid}`) : way(_("Gå vidare, hämta i bakgrunden"), "/falt", { kind: "secondary" }),
  };
};

async function about(kept: Kept): Promise<unknown> {
  const free = await freePhotos();
  return html`${facts([
    [_("Start"), day(kept.walk.planned_at)],
    [_("Ljus"), kept.walk.sunset ? _("Solen går ner {at}.", { at: hour(kept.walk.sunset) }) : ""],
    [_("Plats kvar"), free === Infinity ? "" : _("Cirka {n} foton", { n: free })],
  ])}
  ${list([
    kept.tiles.length ? row(_("Karta att visa utan täckning"), { icon: "done", sub: many(kept.tiles.length, N_("1 ruta"), N_("{n} rutor")) }) : nothing,
    row(_("Vandringen och {n} stopp", { n: kept.stops.length }), { icon: "done", sub: _("Med frågor") }),
    row(_("Vem som ansvarar för vad"), { icon: "done", sub: many(kept.responsible.length, N_("1 uppgift"), N_("{n} uppgifter")) }),
    row(many(kept.earlier.length, N_("1 tidigare iakttagelse"), N_("{n} tidigare iakttagelser")), { icon: "done", sub: many(kept.pictures.length, N_("1 litet foto"), N_("{n} små foton")) }),
  ])}
  <details><summary>${_("Innan du går")}</summary><p>${_("Ändras vandringen på kontoret kan du hämta igen. Det hämtade tas bort av sig självt sju dagar efter vandringen. Det som väntar på att skickas tas aldrig bort.")}</p></details>`;
}

/** Fetches a walk, once at a time however often its page is opened; what went wrong stands there until it is tried again. */
function start(app: App, uid: string): void {
  if (app.fetching.has(uid) && !app.fetching.get(uid)?.fault) return;
  const going: Fetching = { done: 0, total: 1, fault: "", stop: new AbortController(), over: Promise.resolve() };
  app.fetching.set(uid, going);
  going.over = fetchInto(app, uid, going).then(
    () => void app.fetching.delete(uid),
    (error: unknown) => {
      if (going.stop.signal.aborted) app.fetching.delete(uid);
      else going.fault = `${why(error)} ${_("Det som redan är hämtat finns kvar.")}`;
    },
  ).then(() => app.changed());
  app.schedule();
}

/** Fetches the walk, then its pictures and map tiles one after the other; each that is here is not fetched again. */
async function fetchInto(app: App, uid: string, going: Fetching): Promise<void> {
  const { signal } = going.stop;
  const known = await app.walk(uid);
  const headers: Record<string, string> = known?.etag ? { "If-None-Match": known.etag } : {};
  const answer = await app.city.ask("GET", `/api/v1/field/walks/${uid}`, { headers, signal });
  if (answer.status === 404) throw new Refused(_("Vandringen finns inte, eller så är den inte din."));
  if (answer.status >= 400) throw new Refused(words(answer.body) || _("Vandringen går inte att hämta."));
  const fetched_at = new Date().toISOString();
  const fetched: Fetched = answer.status === 304 && known ? known : (answer.body as Fetched);
  const kept: Kept = { ...fetched, uid, etag: answer.headers.get("ETag") ?? "", fetched_at, pictures: known?.pictures ?? [], whole: false, starts: false };
  signal.throwIfAborted();
  await app.store.write({ id: uid, kind: "walk", value: kept }, { id: USUAL, kind: "usual", value: usualOf({ ...kept, fetched_at }) });
  const wanted = kept.earlier.flatMap((one) => one.photos);
  going.total = 2 + wanted.length + kept.tiles.length;
  going.done = 1;
  void askToKeep();
  for (const photo of wanted) {
    const bytes = kept.pictures.includes(photo.uid) ? null : await app.city.picture(photo.small, signal);
    signal.throwIfAborted();
    if (bytes) await app.store.change<Kept>(uid, "walk", (now) => [{ ...now, pictures: [...now.pictures, photo.uid] }, { id: `small:${photo.uid}`, bytes }]);
    going.done += 1;
    app.schedule();
  }
  const tiles = await caches.open(TILES);
  for (const tile of kept.tiles) {
    signal.throwIfAborted();
    if (!(await tiles.match(tile.url, { ignoreVary: true }))) await keepTile(tiles, tile.url);
    going.done += 1;
    app.schedule();
  }
  const starts = await isHere(); // else it would be here, with nothing to open it by
  await app.store.change<Kept>(uid, "walk", (now) => ({ ...now, whole: true, starts }));
}

/** Keeps a picture of the ground. A map server that lets no script read its pictures still lets the page show them. */
async function keepTile(tiles: Cache, url: string): Promise<void> {
  try {
    const answer = await fetch(url, { credentials: "omit" }).catch(() => fetch(url, { credentials: "omit", mode: "no-cors" }));
    if (answer.ok || answer.type === "opaque") await tiles.put(url, answer);
  } catch {
    return; // the sketch is there anyway
  }
}
