/**
 * Sends a filter form when a choice is made with mouse or finger.
 *
 * Never by keyboard: there the arrow keys change a list's value at every step, and the page would leave
 * while one is still choosing. The button "Visa" is for that, and for text fields.
 */
export function autosubmit(form: HTMLElement): void {
  if (!(form instanceof HTMLFormElement)) return;
  let byKeyboard = false;
  form.addEventListener("keydown", () => { byKeyboard = true; });
  form.addEventListener("pointerdown", () => { byKeyboard = false; });
  form.addEventListener("change", (event) => {
    const field = event.target;
    const choice = field instanceof HTMLSelectElement
      || (field instanceof HTMLInputElement && ["checkbox", "radio"].includes(field.type));
    if (choice && !byKeyboard) form.requestSubmit();
  });
}
