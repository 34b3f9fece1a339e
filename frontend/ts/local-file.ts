import { fill } from "./text";

/**
 * Shows the photo just chosen, with its size, before it is sent.
 *
 * The element wraps a file input and an element with `data-part="preview"`; `data-text-chosen` is the sentence.
 * A file that the browser cannot draw (HEIC in most) gets its name and size alone.
 */
export function localFile(element: HTMLElement): void {
  const input = element.querySelector<HTMLInputElement>("input[type=file]");
  const preview = element.querySelector<HTMLElement>("[data-part=preview]");
  if (!input || !preview) return;
  element.dataset["ready"] = ""; // from here on the page shows what was chosen, so the browser's own field may hide
  let shown: string[] = [];
  input.addEventListener("change", () => {
    shown.forEach((address) => URL.revokeObjectURL(address));
    const files = [...(input.files ?? [])];
    shown = files.map((file) => URL.createObjectURL(file));
    preview.replaceChildren(...files.flatMap((file, index) => {
      const line = document.createElement("p");
      line.textContent = fill(element.dataset["textChosen"] ?? "{name}, {size}", { name: file.name, size: megabytes(file.size) });
      const picture = document.createElement("img");
      picture.alt = "";
      picture.addEventListener("error", () => picture.remove());
      picture.src = shown[index] ?? "";
      return [picture, line];
    }));
  });
}

function megabytes(bytes: number): string {
  const number = new Intl.NumberFormat(document.documentElement.lang, { maximumFractionDigits: 1 });
  return `${number.format(Math.max(bytes / 1_000_000, 0.1))}\u00a0MB`;
}
