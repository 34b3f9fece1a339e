import { fill } from "./text";

const QUIET_MS = 2_000;

/**
 * Keeps what is written in a form and not saved (`data-address`), once nobody has written for a while, and says so.
 *
 * What is kept is its writer's own; saving the form is still a press. When the page is left it is sent once more.
 */
export function autosave(box: HTMLElement): void {
  const form = box.querySelector("form");
  const told = box.querySelector<HTMLElement>("[data-part=told]");
  const { address = "", textSaved = "", textFailed = "" } = box.dataset;
  if (!form || !told) return;
  let waiting: ReturnType<typeof setTimeout> | undefined;
  let unsent = false;
  const send = async (): Promise<void> => {
    unsent = false;
    try {
      const answer = await fetch(address, { method: "POST", body: new FormData(form), headers: { Accept: "application/json" } });
      if (!answer.ok) throw new Error(String(answer.status));
      told.textContent = fill(textSaved, { at: (await answer.json()).at });
    } catch {
      unsent = true;
      told.textContent = textFailed;
    }
  };
  form.addEventListener("input", () => {
    unsent = true;
    clearTimeout(waiting);
    waiting = setTimeout(() => void send(), QUIET_MS);
  });
  form.addEventListener("submit", () => {
    unsent = false;
    clearTimeout(waiting);
  });
  addEventListener("pagehide", () => {
    if (unsent) navigator.sendBeacon(address, new FormData(form));
  });
}
