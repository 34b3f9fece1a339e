import { fill } from "./text";

/** Shows the bar when the first row is ticked, and says how many are. The boxes name the form, wherever they stand. */
export function bulkBar(form: HTMLElement): void {
  if (!(form instanceof HTMLFormElement)) return;
  const count = form.querySelector("[data-part=count]");
  const boxes = [...form.elements].filter((one): one is HTMLInputElement => one instanceof HTMLInputElement && one.type === "checkbox");
  const tell = (): void => {
    const chosen = boxes.filter((box) => box.checked).length;
    form.hidden = !chosen;
    if (count) count.textContent = fill(form.dataset["textChosen"] ?? "{n}", { n: String(chosen) });
  };
  for (const box of boxes) box.addEventListener("change", tell);
  tell();
}
