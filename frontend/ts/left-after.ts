import { fill } from "./text";

const SWEDISH = new Intl.NumberFormat("sv-SE");
const BLANKS = /[ \u00a0\u2009\u202f]/g;
const CURRENCY = /[ \u00a0\u2009\u202f]*(kr|kronor|:-)$/i;
const WHOLE = /^(\d{1,3}([ \u00a0\u2009\u202f]\d{3}){1,3}|\d{1,12})$/;

/**
 * Counts what remains of each year's frame, and the sum of the years, while amounts are typed; says aloud when there is
 * not so much. `data-before` is what remains before, by the name of the field.
 *
 * Without this the server counts when the form is saved or kept. Amounts are read as `core/schema/amounts.py` reads them.
 */
export function leftAfter(box: HTMLElement): void {
  const before = JSON.parse(box.dataset["before"] ?? "{}") as Record<string, number>;
  const over = box.querySelector<HTMLElement>("[data-part=over]");

  const count = (): void => {
    const told: string[] = [];
    let total = 0;
    for (const [name, has] of Object.entries(before)) {
      const amount = kronor(box.querySelector<HTMLInputElement>(`input[name="${name}"]`)?.value ?? "");
      total += amount;
      write(box, name, has - amount);
      const year = name.replace(/^\D+/, "");
      if (has < amount) told.push(fill(box.dataset["textOver"] ?? "", { year, over: SWEDISH.format(amount - has) }));
    }
    write(box, "total", total);
    say(over, told);
  };

  box.addEventListener("input", count);
  emptied(box, Object.keys(before), count);
}

/**
 * Empties the amounts when an outcome is chosen that grants nothing (all but `data-grants`), and puts back what stood
 * there when one that grants is. Without this the server asks for it.
 */
function emptied(box: HTMLElement, names: string[], count: () => void): void {
  const grants = JSON.parse(box.dataset["grants"] ?? "[]") as string[];
  const form = box.closest("form");
  let kept: string[] = [];
  form?.addEventListener("change", (event) => {
    const chosen = event.target as HTMLInputElement;
    if (chosen.name !== "outcome") return;
    const fields = names.flatMap((name) => box.querySelector<HTMLInputElement>(`input[name="${name}"]`) ?? []);
    const empty = fields.every((one) => !one.value);
    if (grants.includes(chosen.value) ? !empty : empty) return;
    const now = fields.map((one) => one.value);
    fields.forEach((one, at) => { one.value = grants.includes(chosen.value) ? kept[at] ?? "" : ""; });
    kept = now;
    count();
  });
}

function kronor(text: string): number {
  const bare = text.trim().replace(CURRENCY, "");
  return WHOLE.test(bare) ? Number(bare.replace(BLANKS, "")) : 0;
}

function write(box: HTMLElement, part: string, value: number): void {
  const cell = box.querySelector(`[data-counts="${part}"]`);
  if (cell) cell.textContent = SWEDISH.format(value);
}

/** Says what is over, and only when it is not what was said last: a screen reader would read it at every key. */
function say(over: HTMLElement | null, told: string[]): void {
  if (!over || over.textContent?.trim() === told.join("")) return;
  over.replaceChildren(...told.map((text) => Object.assign(document.createElement("p"), { className: "tp-error", textContent: text })));
}
