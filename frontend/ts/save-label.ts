import { fill } from "./text";

/**
 * Lets the save button say what it saves: "Spara: Klotter".
 *
 * On the button: `data-follows` is the name of the radio group, `data-text-chosen` the sentence with {choice}.
 * A chosen tile's words are the label's text without its soft hyphens.
 */
export function saveLabel(button: HTMLElement): void {
  const follow = button.dataset["follows"];
  const words = button.querySelector("span") ?? button;
  const update = (): void => {
    const chosen = document.querySelector<HTMLInputElement>(`input[name="${follow}"]:checked`);
    const choice = chosen?.closest("label")?.textContent.replaceAll("\u00ad", "").trim();
    if (choice) words.textContent = fill(button.dataset["textChosen"] ?? "{choice}", { choice });
  };
  document.addEventListener("change", update);
  update();
}
