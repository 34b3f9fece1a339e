/** Asks before somebody leaves a page with a text that is written and not sent (the browser has its own words for it). */
export function unsaved(element: HTMLElement): void {
  if (!(element instanceof HTMLTextAreaElement)) return;
  let sent = false;
  element.form?.addEventListener("submit", () => { sent = true; });
  addEventListener("beforeunload", (event) => {
    if (!sent && element.value.trim() !== element.defaultValue.trim()) event.preventDefault();
  });
}
