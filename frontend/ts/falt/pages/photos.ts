import { html, nothing } from "lit-html";
import type { App } from "../app";
import { binPhoto, edit } from "../capture";
import type { Photo, Seen } from "../model";
import { type Part, box, button, buttons, camera, list, row, told } from "../parts";
import { SURE, distance, pointOf } from "../place";
import { _, day } from "../texts";
import type { Kept } from "../walks";
import { whereIs } from "./position";
import { mayTake, take } from "./walk";

/** The photos of something seen: where each stands, and a way to throw it away or add one. */
export async function photosPart(app: App, seen: Seen, kept: Kept | null): Promise<Part> {
  const photos = app.photosOf(seen);
  const rows = await Promise.all(photos.map(async (photo, index) => {
    const title = _("Foto {n}", { n: index + 1 });
    const small = await app.picture(photo.uid);
    return row(title, {
      picture: small, sub: [small || photo.state === "refused" ? "" : notShown(photo), photo.reason].filter(Boolean).join(" "),
      more: html`${state(photo)}${photo.state === "received" ? nothing : button(_("Kasta foto {n}", { n: index + 1 }), () => binPhoto(app, photo.uid), { kind: "secondary", icon: "litter" })}`,
    });
  }));
  return html`${rows.length ? html`<h2>${_("Foton")}</h2>` : nothing}${list(rows)}
    ${photos.some((photo) => photo.state === "received") ? html`<p class="mute small">${_("Ska ett foto som staden har bort? Be den som samordnar vandringen att dölja det.")}</p>` : nothing}
    ${buttons(
      mayTake(app, kept) ? camera(_("Foto till"), (files) => take(app, seen.walk, files, seen), { kind: "secondary" }) : nothing,
      camera(_("Välj foto"), (files) => take(app, seen.walk, files, seen), { kind: "secondary", capture: false, multiple: true }),
    )}`;
}

function state(photo: Photo): Part {
  const { state: at, received_at } = photo;
  if (at === "received") return told(_("Mottaget av staden {at}", { at: day(received_at ?? photo.taken_at) }), "done", "success");
  if (at === "refused") return told(_("Togs inte emot"), "stop", "danger");
  return at === "sending" ? told(_("Skickas"), "send", "accent") : told(_("Sparat i telefonen"), "phone");
}

/** What is said of a photo that this browser cannot draw: it is kept all the same, and the city makes a picture of it. */
function notShown({ type }: Photo): string {
  const format = /hei[cf]/.test(type) ? "HEIC" : type.split("/")[1]?.toUpperCase() || _("filen");
  return _("Fotot är sparat. Telefonen kan inte visa {format}; staden gör om det.", { format });
}

/** The same for the first of several, where no small picture could be made. */
export function unseen(photos: Photo[], small: string | null): Part {
  return photos[0] && !small && photos[0].state !== "refused" ? html`<p class="mute" role="status">${notShown(photos[0])}</p>` : nothing;
}

/** Where a chosen photo says that it was taken: a proposal, for the place is what the person says that it is. */
export function proposed(app: App, seen: Seen, kept: Kept | null): Part {
  const chosen = seen.position && seen.position.source !== "gps";
  if (chosen || app.shown["stays"]) return nothing;
  const photo = app.photosOf(seen).find((one) => one.position?.source === "exif");
  const there = photo?.position;
  if (!photo || !there || (seen.position && distance(pointOf(seen.position), pointOf(there)) <= SURE)) return nothing;
  return box(_("Fotot är taget på en annan plats"), html`<p>${_("Fotot är taget {at}. {where}", { at: day(photo.taken_at), where: whereIs(pointOf(there), kept) })}</p>
    ${buttons(
      button(_("Lägg den där"), () => edit(app, seen.uid, { position: there }), { kind: "secondary", icon: "pin" }),
      button(_("Nej"), () => { app.shown["stays"] = true; app.schedule(); }, { kind: "secondary" }),
    )}`, { icon: "pin", tone: "warning" });
}
