/**
 * Lays the picture of after on the picture of before: left of the slider's thumb one sees before, right of it after.
 *
 * The element holds two figures, each with a link to its large picture; they stay as they are, for paper and for who has
 * no script. `data-text-label` is what the slider is called.
 */
export function slider(pair: HTMLElement): void {
  const [before, after] = [...pair.querySelectorAll("img")];
  if (!before || !after) return;
  const box = document.createElement("div");
  box.className = "tp-slider";
  const ground = picture(before);
  const above = picture(after);
  above.className = "after";
  const range = document.createElement("input");
  range.type = "range";
  range.value = "50";
  range.setAttribute("aria-label", pair.dataset["textLabel"] ?? "");
  const show = (): void => above.style.setProperty("clip-path", `inset(0 0 0 ${range.valueAsNumber}%)`);
  range.addEventListener("input", show);
  show();
  const frame = document.createElement("div");
  frame.className = "frame";
  frame.append(ground, above);
  box.append(frame, range);
  pair.before(box);
}

/** The large picture behind a small one; words for it stand at the small one. */
function picture(small: HTMLImageElement): HTMLImageElement {
  const large = document.createElement("img");
  large.src = small.closest("a")?.href ?? small.src;
  large.alt = "";
  large.loading = "lazy";
  return large;
}
