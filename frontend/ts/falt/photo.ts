import { sha256 } from "./vault";

/** The longest side of a photo that is shrunk in the phone, and how well it is kept: about 0.9 MB of 12 Mpx. */
const SIDE = 2048;
const QUALITY = 0.8;
const SMALL_SIDE = 320;
const SMALL_QUALITY = 0.6;

/** A photo ready to be kept: what will be sent, a small picture for lists, and the hash of what will be sent. */
export interface Shot {
  bytes: ArrayBuffer;
  type: string;
  width: number;
  height: number;
  sha256: string;
  small: ArrayBuffer | null;
}

/**
 * Makes of a camera's file what is sent. A file that the browser cannot draw (HEIC in most) is sent as it is: the city
 * makes a JPEG of it. So is every file when originals are asked for. A drawn copy has no metadata; time and position
 * stand beside it in the record.
 */
export async function shot(file: Blob, original: boolean): Promise<Shot> {
  const picture = await drawable(file);
  if (!picture) return whole(file, 0, 0, null);
  try {
    const small = await drawn(picture, SMALL_SIDE, SMALL_QUALITY).then((made) => made.arrayBuffer());
    if (original) return await whole(file, picture.width, picture.height, small);
    const scale = Math.min(1, SIDE / Math.max(picture.width, picture.height));
    const made = await drawn(picture, SIDE, QUALITY);
    return await whole(made, Math.round(picture.width * scale), Math.round(picture.height * scale), small);
  } finally {
    picture.close();
  }
}

async function whole(file: Blob, width: number, height: number, small: ArrayBuffer | null): Promise<Shot> {
  const bytes = await file.arrayBuffer();
  return { bytes, type: file.type || "application/octet-stream", width, height, sha256: await sha256(bytes), small };
}

async function drawable(file: Blob): Promise<ImageBitmap | null> {
  try {
    return await createImageBitmap(file, { imageOrientation: "from-image" });
  } catch {
    return null;
  }
}

async function drawn(picture: ImageBitmap, side: number, quality: number): Promise<Blob> {
  const scale = Math.min(1, side / Math.max(picture.width, picture.height));
  const [width, height] = [Math.round(picture.width * scale), Math.round(picture.height * scale)];
  if (typeof OffscreenCanvas !== "undefined") {
    const canvas = new OffscreenCanvas(width, height);
    canvas.getContext("2d")?.drawImage(picture, 0, 0, width, height);
    return canvas.convertToBlob({ type: "image/jpeg", quality });
  }
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [width, height];
  canvas.getContext("2d")?.drawImage(picture, 0, 0, width, height);
  return new Promise((done, failed) => {
    canvas.toBlob((made) => (made ? done(made) : failed(new Error("no picture"))), "image/jpeg", quality);
  });
}
