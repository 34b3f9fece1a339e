/** A photo takes about this much of the phone, sealed, with its small picture. */
const PHOTO = 1_100_000;
/** So much is never counted as free: text shall be kept even when photos no longer fit. */
const RESERVE = 20_000_000;

/** WebKit (WebKitGTK 2.50) is not asked: its store stood still in most runs of a test that asked at each drawing. Why is not known. */
const TELLS = navigator.vendor !== "Apple Computer, Inc.";

/** In bytes; Infinity where the browser does not tell what is free. */
export interface Room {
  used: number;
  free: number;
  safe: boolean;
}

/** How much the browser lets us keep, and whether it has promised not to throw it away. */
export async function room(): Promise<Room> {
  if (!TELLS) return { used: 0, free: Infinity, safe: false };
  const { usage = 0, quota } = (await navigator.storage?.estimate?.()) ?? {};
  const free = quota ? Math.max(0, quota - usage - RESERVE) : Infinity; // a browser that does not say is not full
  return { used: usage, free, safe: (await navigator.storage?.persisted?.()) ?? false };
}

/** How many photos there is room for, rounded down so that it is never promised too much; Infinity when nobody knows. */
export async function freePhotos(): Promise<number> {
  const { free } = await room();
  if (free === Infinity) return free;
  const count = Math.floor(free / PHOTO);
  const step = count > 1000 ? 100 : count > 100 ? 10 : 1;
  return Math.min(Math.floor(count / step) * step, 9_900);
}

/** Asks the browser not to throw away what is kept; some say no, and say so only by keeping less. */
export async function askToKeep(): Promise<boolean> {
  return (await navigator.storage?.persist?.()) ?? false;
}
