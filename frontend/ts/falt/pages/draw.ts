import { html, nothing, svg } from "lit-html";
import type { App, Draw } from "../app";
import { keepPhoto } from "../capture";
import type { Photo } from "../model";
import { button, buttons, two, way } from "../parts";
import { type Line, drawnOver } from "../photo";
import { _ } from "../texts";
import { gone } from "./gone";

/** Draws on a photo that the phone still has: lines that are seen on light and dark alike, kept as one more photo. */
export const draw: Draw = async (app, [uid = ""]) => {
  const photo = app.book.photos.find((one) => one.uid === uid);
  const bytes = photo && ((app.shown["bytes"] ??= await app.store.bytes(uid)) as ArrayBuffer | undefined);
  if (!photo || !bytes) return gone(_("Fotot är redan skickat"), "/falt", _("Hem"));
  const back = `/falt/sedd/${photo.seen}`;
  const drawn = (): Line[] => (app.shown["lines"] as Line[] | undefined) ?? []; // as it is now, drawn here or not yet
  const lines = drawn();
  const address = (app.shown["address"] ??= addressOf(app, bytes, photo.type)) as string;
  const points = (line: Line): string => line.map(([x, y]) => `${(x * photo.width).toFixed(0)},${(y * photo.height).toFixed(0)}`).join(" ");
  const at = (event: PointerEvent): [number, number] => {
    const { left, top, width, height } = (event.currentTarget as Element).getBoundingClientRect();
    return [(event.clientX - left) / width, (event.clientY - top) / height];
  };
  const begin = (event: PointerEvent): void => {
    (event.currentTarget as Element).setPointerCapture(event.pointerId);
    app.shown["lines"] = [...drawn(), [at(event)]];
    app.schedule();
  };
  const go = (event: PointerEvent): void => {
    if (event.buttons && drawn().length) {
      drawn().at(-1)?.push(at(event));
      app.schedule();
    }
  };
  const ring = (): void => {
    const circle: Line = Array.from({ length: 33 }, (_each, index) => [0.5 + 0.2 * Math.cos((index * Math.PI) / 16), 0.5 + 0.2 * Math.sin((index * Math.PI) / 16)]);
    app.shown["lines"] = [...drawn(), circle];
    app.schedule();
  };
  return {
    title: _("Rita på fotot"),
    back: [_("Iakttagelsen"), back],
    main: html`<h1>${_("Rita på fotot")}</h1><p class="mute">${_("Dra med fingret runt det som det gäller.")}</p>
      <svg class="f-draw" viewBox="0 0 ${photo.width} ${photo.height}" role="img" aria-label=${_("Fotot med {n} streck", { n: lines.length })} @pointerdown=${begin} @pointermove=${go}>
        <image href=${address} width=${photo.width} height=${photo.height}/>
        ${lines.map((line) => svg`<polyline class="f-line-edge" points=${points(line)}/><polyline class="f-line" points=${points(line)}/>`)}</svg>
      ${buttons(button(_("Ring i mitten"), ring, { kind: "secondary" }), lines.length ? button(_("Ångra"), () => { app.shown["lines"] = drawn().slice(0, -1); app.schedule(); }, { kind: "secondary", icon: "undo" }) : nothing)}`,
    foot: two(way(_("Avbryt"), back, { kind: "secondary" }), button(_("Spara"), () => keep(app, photo, bytes, drawn()))),
  };
};

function addressOf(app: App, bytes: ArrayBuffer, type: string): string {
  const address = URL.createObjectURL(new Blob([bytes], { type }));
  app.whenLeft(() => URL.revokeObjectURL(address));
  return address;
}

/** Keeps the photo with its lines as one more photo of the same: the one without lines stays as it is. */
async function keep(app: App, photo: Photo, bytes: ArrayBuffer, lines: Line[]): Promise<void> {
  const seen = await app.seen(photo.seen);
  if (lines.length && seen) {
    const file = await drawnOver(new Blob([bytes], { type: photo.type }), lines);
    await keepPhoto(app, seen.walk, file, seen, { role: photo.role, position: photo.position, direction: photo.direction, taken_at: photo.taken_at });
    app.sender.wake();
  }
  app.go(`/falt/sedd/${photo.seen}`);
}
