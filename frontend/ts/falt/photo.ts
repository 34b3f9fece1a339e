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

/** A line drawn on a photo: points as parts of its width and height. */
export type Line = [x: number, y: number][];

/** The photo as a file with lines on it: red with a white edge, so that they are seen on anything. */
export async function drawnOver(file: Blob, lines: Line[]): Promise<File> {
  const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [picture.width, picture.height];
  const pen = canvas.getContext("2d");
  if (!pen) throw new Error("no canvas");
  pen.drawImage(picture, 0, 0);
  picture.close();
  pen.lineCap = pen.lineJoin = "round";
  for (const [colour, wide] of [["white", 1 / 60], ["#c8102e", 1 / 110]] as const) {
    pen.strokeStyle = colour;
    pen.lineWidth = Math.max(canvas.width, canvas.height) * wide;
    for (const line of lines) {
      pen.beginPath();
      line.forEach(([x, y], index) => pen[index ? "lineTo" : "moveTo"](x * canvas.width, y * canvas.height));
      pen.stroke();
    }
  }
  const made = await new Promise<Blob | null>((done) => { canvas.toBlob(done, "image/jpeg", QUALITY); });
  if (!made) throw new Error("no picture");
  return new File([made], "ritad.jpg", { type: "image/jpeg" });
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
