import { fill } from "./text";

/**
 * Fills the hidden fields latitude, longitude and accuracy (metres) from the phone, and says in words how sure it is.
 *
 * Listens until the form is sent, since the first answer in a tunnel is often the worst; a better one replaces it.
 * Saving is never held up: without an answer the fields stay empty and the page says what to do instead.
 */
export function position(element: HTMLElement): void {
  const say = (text: string | undefined): void => {
    const status = element.querySelector("[data-part=status]");
    if (status && status.textContent !== text) status.textContent = text ?? "";
  };
  const put = (part: string, value: string): void => {
    const field = element.querySelector<HTMLInputElement>(`[data-part=${part}]`);
    if (field) field.value = value;
  };
  if (!("geolocation" in navigator)) {
    say(element.dataset["textNone"]);
    return;
  }
  let best = Infinity;
  say(element.dataset["textWaiting"]);
  const watch = navigator.geolocation.watchPosition(
    ({ coords }) => {
      if (coords.accuracy >= best) return;
      best = coords.accuracy;
      put("latitude", String(coords.latitude));
      put("longitude", String(coords.longitude));
      put("accuracy", String(Math.ceil(coords.accuracy)));
      put("source", "gps");
      const sure = coords.accuracy <= Number(element.dataset["sureWithin"] ?? 30);
      const words = !sure ? "textUnsure" : coords.accuracy > 0 ? "textWithin" : "textExact";
      say(fill(element.dataset[words] ?? "", { m: Math.ceil(coords.accuracy) }));
    },
    () => { if (best === Infinity) say(element.dataset["textNone"]); },
    { enableHighAccuracy: true, maximumAge: 5_000, timeout: 20_000 },
  );
  element.querySelector("input")?.form?.addEventListener("submit", () => navigator.geolocation.clearWatch(watch));
}
