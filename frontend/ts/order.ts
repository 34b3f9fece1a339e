import { fill } from "./text";

type Years = Record<string, number>;

/**
 * Moves a row of an order here and now, by its buttons, by Alt and an arrow, or by dragging, and lays the order against
 * what is left of each year at once. The server is then asked to keep it, and what it answers stands.
 *
 * Without this the same buttons send the form and get the page back. The arithmetic is that of `core/applications/line.py`.
 */
export function order(box: HTMLElement): void {
  const told = box.querySelector<HTMLElement>("[data-part=told]");
  const frames = JSON.parse(box.dataset["frames"] ?? "{}") as Years;
  let waits = 0;
  let asked: Promise<void> = Promise.resolve();

  const rows = (): HTMLTableRowElement[] => [...box.querySelectorAll<HTMLTableRowElement>("tr[data-uid]")];
  const say = (text: string): void => { if (told) told.textContent = text; };

  const place = (row: HTMLTableRowElement, to: number): void => {
    const others = rows().filter((one) => one !== row);
    const at = Math.min(Math.max(to, 0), others.length);
    const next = others[at];
    if (next) next.before(row); else others.at(-1)?.after(row);
    lay(box, rows(), frames);
    say(fill(box.dataset["textMoved"] ?? "", { title: row.dataset["title"] ?? "", place: at + 1, count: rows().length }));
  };

  const keep = (row: HTMLTableRowElement): void => {
    waits += 1;
    asked = asked.then(() => send(row)).finally(() => { waits -= 1; });
  };

  const send = async (row: HTMLTableRowElement): Promise<void> => {
    const form = row.querySelector("form");
    if (!form) return;
    const body = new FormData(form);
    body.set("to", String(rows().indexOf(row) + 1));
    const answer = await fetch(form.action, { method: "POST", body, keepalive: true });
    const page = answer.ok ? await answer.text() : await (await fetch(location.pathname, { cache: "no-store" })).text();
    const fresh = new DOMParser().parseFromString(page, "text/html");
    if (!answer.ok) say(box.dataset["textStale"] ?? "");
    if (answer.ok && waits > 1) return version(box, fresh);
    const uid = box.contains(document.activeElement) ? document.activeElement?.closest<HTMLElement>("tr[data-uid]")?.dataset["uid"] : undefined;
    const [old, live] = [box.querySelector("[data-part=live]"), fresh.querySelector("[data-part=live]")];
    if (old && live) old.replaceWith(live);
    if (uid) rows().find((one) => one.dataset["uid"] === uid)?.focus();
  };

  const move = (row: HTMLTableRowElement, to: number): void => {
    const before = rows().indexOf(row);
    place(row, to);
    if (rows().indexOf(row) !== before) keep(row);
  };

  box.addEventListener("submit", (event) => {
    const row = (event.target as Element).closest<HTMLTableRowElement>("tr[data-uid]");
    if (!row) return;
    event.preventDefault();
    const forms = [...row.querySelectorAll("form")];
    const button = (event as SubmitEvent).submitter;
    move(row, rows().indexOf(row) + (forms.indexOf(event.target as HTMLFormElement) === 0 ? -1 : 1));
    button?.focus();
  });
  box.addEventListener("keydown", (event) => {
    const row = (event.target as Element).closest<HTMLTableRowElement>("tr[data-uid][draggable]");
    if (!row || !event.altKey || !["ArrowUp", "ArrowDown"].includes(event.key)) return;
    event.preventDefault();
    move(row, rows().indexOf(row) + (event.key === "ArrowUp" ? -1 : 1));
    row.focus();
  });
  dragged(box, rows, place, keep);
}

/** Lets a row be dragged: it moves as it is carried over others, and is kept where it is let go. */
function dragged(
  box: HTMLElement,
  rows: () => HTMLTableRowElement[],
  place: (row: HTMLTableRowElement, to: number) => void,
  keep: (row: HTMLTableRowElement) => void,
): void {
  let carried: HTMLTableRowElement | null = null;
  let began = 0;
  box.addEventListener("dragstart", (event) => {
    carried = (event.target as Element).closest<HTMLTableRowElement>("tr[data-uid][draggable]");
    if (!carried) return;
    began = rows().indexOf(carried);
    carried.classList.add("moving");
    event.dataTransfer?.setData("text/plain", carried.dataset["title"] ?? "");
  });
  box.addEventListener("dragover", (event) => {
    const over = (event.target as Element).closest<HTMLTableRowElement>("tr[data-uid]");
    if (!carried || !over) return;
    event.preventDefault();
    if (over !== carried) place(carried, rows().indexOf(over));
  });
  box.addEventListener("drop", (event) => { if (carried) event.preventDefault(); });
  box.addEventListener("dragend", () => {
    carried?.classList.remove("moving");
    if (carried && rows().indexOf(carried) !== began) keep(carried);
    carried = null;
  });
}

/** Lays the order against the frames: what is left after each row, what fits, where each year's line stands. */
function lay(box: HTMLElement, rows: HTMLTableRowElement[], frames: Years): void {
  const years = Object.keys(frames).sort();
  const left: Years = { ...frames };
  const above: Years = Object.fromEntries(years.map((year) => [year, 0]));
  const lines = new Map<string, HTMLTableRowElement>();
  rows.forEach((row, at) => {
    const amounts = JSON.parse(row.dataset["amounts"] ?? "{}") as Years;
    const counts = Boolean(row.dataset["counts"]);
    const takes = (year: string): number => (counts ? Math.max(amounts[year] ?? 0, 0) : 0);
    for (const year of years) {
      left[year] = (left[year] ?? 0) - takes(year);
      if (takes(year) && left[year] < 0 && !lines.has(year)) lines.set(year, row);
    }
    const fits = counts && !years.some((year) => takes(year) && lines.has(year));
    for (const year of years) {
      if (fits) above[year] = (above[year] ?? 0) + takes(year);
      if (counts) write(row.querySelector(`[data-left="${year}"]`), left[year]);
    }
    row.classList.toggle("tp-below", !fits);
    stand(row, fits);
    write(row.querySelector("[data-part=place]"), at + 1);
  });
  for (const year of years) {
    const summary = box.querySelector<HTMLElement>(`tr[data-year="${year}"]`);
    const remains = (frames[year] ?? 0) - (above[year] ?? 0);
    if (summary) {
      write(summary.querySelector("[data-part=above]"), above[year]);
      write(summary.querySelector("[data-part=remains]"), remains);
      stand(summary, !lines.has(year));
    }
    for (const cell of box.querySelectorAll(`[data-above="${year}"]`)) write(cell, above[year]);
    for (const cell of box.querySelectorAll(`[data-remains="${year}"]`)) write(cell, remains);
    const line = box.querySelector<HTMLElement>(`tr[data-line="${year}"]`);
    const row = lines.get(year);
    if (line) line.hidden = !row;
    if (line && row) row.before(line);
  }
}

/** Shows which of the two states of a row holds. */
function stand(row: HTMLElement, fits: boolean): void {
  for (const [part, shown] of [["fits", fits], ["under", !fits]] as const) {
    const state = row.querySelector<HTMLElement>(`[data-part=${part}]`);
    if (state) state.hidden = !shown;
  }
}

const SWEDISH = new Intl.NumberFormat("sv-SE");

function write(cell: Element | null, value: number | undefined): void {
  if (cell) cell.textContent = SWEDISH.format(value ?? 0);
}

/** Takes the version over from the server's page, so that the next move is told from this one. */
function version(box: HTMLElement, fresh: Document): void {
  const now = fresh.querySelector<HTMLInputElement>("[data-part=live] input[name=version]")?.value;
  if (now) for (const field of box.querySelectorAll<HTMLInputElement>("input[name=version]")) field.value = now;
}
