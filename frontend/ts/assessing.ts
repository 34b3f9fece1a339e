import { fill } from "./text";

const REST_MS = 2_000;
const MOST = 3;

/**
 * Adds the points up while they are given, and saves the draft when the writing rests.
 *
 * Around a form: `data-weights` are the weights by the name of the field. Without this the sum stands as it was saved,
 * and the button saves.
 */
export function assessing(box: HTMLElement): void {
  const form = box.querySelector("form");
  if (!form) return;
  const weights = JSON.parse(box.dataset["weights"] ?? "{}") as Record<string, number>;
  const total = box.querySelector("[data-part=total]");
  const saved = box.querySelector("[data-part=saved]");
  let rest: ReturnType<typeof setTimeout> | undefined;
  let sending = false;

  const add = (): void => {
    const given = new FormData(form);
    let [points, most] = [0, 0];
    for (const [name, weight] of Object.entries(weights)) {
      points += weight * Number(given.get(name) || 0);
      most += weight * MOST;
    }
    if (total && most) total.textContent = String(Math.floor((200 * points + most) / (2 * most))); // half upwards
  };

  const save = async (): Promise<void> => {
    if (sending) return later();
    sending = true;
    const body = new FormData(form);
    body.set("knapp", "utkast");
    try {
      const answer = await fetch(form.action || location.pathname, { method: "POST", body });
      if (!answer.ok) throw new Error(String(answer.status));
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
      const now = fresh.querySelector<HTMLInputElement>("[data-module=assessing] input[name=version]")?.value;
      const mine = form.querySelector<HTMLInputElement>("input[name=version]");
      if (!now || !mine) throw new Error("signed out");
      mine.value = now;
      const at = new Date().toLocaleTimeString("sv-SE", { hour: "2-digit", minute: "2-digit" }).replace(":", ".");
      if (saved) saved.textContent = fill(box.dataset["textSaved"] ?? "", { at });
    } catch {
      if (saved) saved.textContent = box.dataset["textLost"] ?? "";
    } finally {
      sending = false;
    }
  };

  const later = (): void => {
    clearTimeout(rest);
    rest = setTimeout(() => void save(), REST_MS);
  };

  form.addEventListener("input", () => { add(); later(); });
  form.addEventListener("submit", () => clearTimeout(rest));
}
