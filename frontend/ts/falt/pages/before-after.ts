import { html, nothing } from "lit-html";
import type { App, Draw } from "../app";
import { edit, keepPhoto, save } from "../capture";
import type { Seen } from "../model";
import { button, camera, list, row, text, tiles, told, way } from "../parts";
import { bearing, distance, pointOf } from "../place";
import { Full } from "../store";
import { _, day, metres } from "../texts";
import type { Earlier, Kept } from "../walks";
import { gone } from "./gone";
import { compass } from "./position";
import { mayTake } from "./walk";

/** A photo of before that can be taken again from the same spot. */
interface Pair {
  earlier: Earlier;
  photo: Earlier["photos"][number];
}

/** Photos of earlier walks, to be taken again; the nearest first. */
export const pairs: Draw = async (app, [uid = ""]) => {
  const kept = await app.walk(uid);
  if (!kept) return gone(_("Vandringen är inte hämtad"), `/falt/hamta/${uid}`, _("Hämta vandringen"));
  app.where.start();
  const taken = new Set(app.book.photos.map((photo) => photo.pairs_with));
  const rows = await Promise.all(pairsOf(kept, app).map(async (pair) => row(
    _("{place}, {kind}", { place: pair.earlier.place, kind: pair.earlier.title }), {
      href: `/falt/vandring/${uid}/samma-bild/${pair.photo.uid}`,
      picture: await app.picture(pair.photo.uid),
      sub: whereTo(app, pair),
      more: taken.has(pair.photo.uid) ? told(_("Tagen"), "done", "success") : told(_("Inte tagen"), "camera"),
    },
  )));
  return {
    title: _("Före och efter"),
    back: [kept.walk.title, `/falt/vandring/${uid}`],
    main: html`<h1>${_("Före och efter")}</h1><p>${rows.length ? _("Bilder från tidigare vandringar. Ta om dem från samma plats.") : _("Det finns inga tidigare bilder här.")}</p>${list(rows)}`,
    foot: button(_("Till vandringen"), () => app.go(`/falt/vandring/${uid}`)),
  };
};

/** The camera with the earlier picture over it; the phone's own camera is always a way out. */
export const samePicture: Draw = async (app, [uid = "", photo = ""]) => {
  const kept = await app.walk(uid);
  const pair = kept && pairsOf(kept, app).find((one) => one.photo.uid === photo);
  if (!kept || !pair) return gone(_("Bilden är inte hämtad"), `/falt/vandring/${uid}/fore-efter`, _("Före och efter"));
  app.where.start();
  const ghost = (app.shown["ghost"] as string | undefined) ?? "halvt";
  const before = await app.picture(photo);
  const may = mayTake(app, kept);
  if (may && app.shown["camera"] === undefined) void open(app);
  const stream = app.shown["camera"] as MediaStream | null | undefined;
  const seen = app.shown["seen"] as Seen | undefined;
  if (seen) return after(app, kept, pair, seen, before);
  return {
    title: _("Samma bild som {day}", { day: day(pair.earlier.seen_at) }),
    back: [_("Före och efter"), `/falt/vandring/${uid}/fore-efter`],
    main: html`<h1>${_("Samma bild som {day}", { day: day(pair.earlier.seen_at) })}</h1>
      ${stream ? html`<div class="f-finder" data-ghost=${ghost}><video autoplay playsinline muted .srcObject=${stream} id="sokare"></video>${before ? html`<img class="f-ghost" src=${before} @load=${frame} alt=${_("Den tidigare bilden ovanpå kamerans")}>` : nothing}</div>`
        : before ? html`<img src=${before} alt=${_("Den tidigare bilden")}>` : nothing}
      <p role="status">${whereTo(app, pair)}</p>
      ${stream ? tiles("spoke", _("Den tidigare bilden"), [{ value: "av", label: _("Dölj") }, { value: "halvt", label: _("Halvt") }, { value: "bara", label: _("Bara den") }], ghost, (value) => { app.shown["ghost"] = value; app.schedule(); }) : nothing}
      ${may ? nothing : html`<p>${_("Här går det inte att ta foto: platsen är ett skyddsobjekt, eller så är telefonen full.")}</p>`}
      ${!may ? nothing : camera(stream ? _("Använd telefonens kamera i stället") : _("Ta bilden"), (files) => keep(app, kept, pair, files[0]!), { kind: stream ? "secondary" : "primary" })}
      ${stream ? html`<p class="mute small">${_("Bättre i mörker, men då syns inte den tidigare bilden.")}</p>` : nothing}`,
    ...(stream && may ? { foot: button(_("Ta bilden"), () => shoot(app, kept, pair), { icon: "camera" }) } : {}),
  };
};

/** What became of it: the pair, and an answer. */
function after(app: App, kept: Kept, pair: Pair, seen: Seen, before: string | null): ReturnType<Draw> {
  const back = `/falt/vandring/${kept.uid}/fore-efter`;
  const put = (name: "done" | "note", value: string): void => {
    app.shown[name] = value;
    const words = [doneWords(String(app.shown["done"] ?? "")), String(app.shown["note"] ?? "")].filter(Boolean).join(" ");
    void edit(app, seen.uid, { description: [follows(pair), words].filter(Boolean).join("\n") });
  };
  return Promise.resolve({
    title: _("Sparad i telefonen"),
    back: [_("Före och efter"), back],
    main: html`<h1>${_("Sparad i telefonen")}</h1>
      <div class="f-pair">${before ? html`<figure><img src=${before} alt=""><figcaption>${_("Före, {day}", { day: day(pair.earlier.seen_at) })}</figcaption></figure>` : nothing}
      ${app.shown["now"] ? html`<figure><img src=${app.shown["now"] as string} alt=""><figcaption>${_("Efter, i dag")}</figcaption></figure>` : nothing}</div>
      ${tiles("atgardat", _("Är det åtgärdat?"), [{ value: "ja", label: _("Ja") }, { value: "delvis", label: _("Delvis") }, { value: "nej", label: _("Nej") }], String(app.shown["done"] ?? ""), (value) => put("done", value))}
      ${text("anteckning", _("Anteckning"), String(app.shown["note"] ?? ""), (value) => put("note", value), { lines: true, max: 2000 })}`,
    foot: way(_("Klar"), back),
  });
}

function follows({ earlier }: Pair): string {
  return _("Följer upp iakttagelse {n} på {walk}.", { n: earlier.number, walk: earlier.walk_title });
}

function doneWords(value: string): string {
  return { ja: _("Det är åtgärdat."), delvis: _("Det är delvis åtgärdat."), nej: _("Det är inte åtgärdat.") }[value] ?? "";
}

function pairsOf(kept: Kept, app: App): Pair[] {
  const found = kept.earlier.flatMap((earlier) => earlier.photos.filter((photo) => photo.role !== "efter").slice(0, 1).map((photo) => ({ earlier, photo })));
  const here = app.where.now ? pointOf(app.where.now) : null;
  const far = ({ earlier, photo }: Pair): number => { const to = photo.point ?? earlier.point; return here && to ? distance(here, to) : Infinity; };
  return here ? found.sort((one, other) => far(one) - far(other)) : found;
}

/** Where to go and turn: "Stå 14 m härifrån, åt sydost. Vrid lite åt vänster." */
function whereTo(app: App, { earlier, photo }: Pair): string {
  const to = photo.point ?? earlier.point;
  const here = app.where.now;
  if (!to || !here) return _("Telefonen vet inte var bilden togs.");
  const from = pointOf(here);
  const away = distance(from, to);
  const words = away < 4 ? _("Stå här.") : _("Stå {m} härifrån, {way}.", { m: metres(away), way: compass(bearing(from, to)) });
  const turn = photo.direction !== null && app.where.heading !== null ? ((photo.direction - app.where.heading + 540) % 360) - 180 : 0;
  if (away >= 15 || Math.abs(turn) < 12) return words;
  return `${words} ${turn < 0 ? _("Vrid åt vänster.") : _("Vrid åt höger.")}`;
}

async function open(app: App): Promise<void> {
  const { shown } = app;
  shown["camera"] = null; // without it the phone's own camera is there anyway
  const stream = await navigator.mediaDevices?.getUserMedia({ video: { facingMode: "environment", width: { ideal: 4096 } } }).catch(() => null);
  if (!stream) return;
  if (app.shown !== shown) return off(stream); // it came when somebody had gone on
  shown["camera"] = stream;
  app.whenLeft(() => off(stream));
  app.schedule();
}

function off(stream: MediaStream): void {
  stream.getTracks().forEach((track) => track.stop());
}

/** Gives the finder the shape of the earlier picture, so that what lies over each other is the same. */
function frame(event: Event): void {
  const { naturalWidth, naturalHeight, parentElement } = event.target as HTMLImageElement;
  if (parentElement) parentElement.style.aspectRatio = `${naturalWidth} / ${naturalHeight}`;
}

/** Takes what the finder shows: of a wider or higher picture the middle. */
async function shoot(app: App, kept: Kept, pair: Pair): Promise<void> {
  const video = document.querySelector<HTMLVideoElement>("#sokare");
  if (!video?.videoWidth) return;
  const canvas = document.createElement("canvas");
  const [width, height, shape] = [video.videoWidth, video.videoHeight, video.clientWidth / video.clientHeight];
  [canvas.width, canvas.height] = [Math.min(width, Math.round(height * shape)), Math.min(height, Math.round(width / shape))];
  canvas.getContext("2d")?.drawImage(video, (canvas.width - width) / 2, (canvas.height - height) / 2);
  const blob = await new Promise<Blob | null>((done) => { canvas.toBlob(done, "image/jpeg", 0.9); });
  if (blob) await keep(app, kept, pair, new File([blob], "samma.jpg", { type: "image/jpeg" }));
}

async function keep(app: App, kept: Kept, pair: Pair, file: File): Promise<void> {
  try {
    const seen = await keepPhoto(app, kept.uid, file, null, { role: "efter", pairs_with: pair.photo.uid });
    const stream = app.shown["camera"] as MediaStream | null;
    if (stream) off(stream);
    await save(app, seen.uid, kept, { kind: pair.earlier.kind, description: follows(pair) });
    app.shown["now"] = await app.picture(seen.photos[0]!);
    app.shown["seen"] = seen;
  } catch (error) {
    app.say(error instanceof Full ? _("Telefonen är full. Fotot är inte sparat.") : _("Telefonen kunde inte spara fotot. Ta det igen."));
  }
  app.schedule();
}
