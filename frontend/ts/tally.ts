/**
 * Counts in the page: the buttons of a number ("plus:name", "minus:name") change it here and now.
 *
 * Without this the same buttons send the form and get it back with one more, so that nothing but speed is won.
 */
export function tally(box: HTMLElement): void {
  box.addEventListener("click", (event) => {
    const button = (event.target as Element).closest<HTMLButtonElement>("button[name=knapp]");
    const [sign, name] = button?.value.split(":") ?? [];
    const field = name ? box.querySelector<HTMLInputElement>(`input[name="${name}"]`) : null;
    if (!field) return;
    event.preventDefault();
    const now = /^\d{1,6}$/.test(field.value) ? Number(field.value) : 0;
    field.value = String(Math.max(0, now + (sign === "plus" ? 1 : -1)));
  });
}
