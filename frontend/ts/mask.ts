import { fill } from "./text";

const SIDES = ["left", "top", "width", "height"] as const;
type Side = (typeof SIDES)[number];
type Box = Record<Side, number>;
const SVG = "http://www.w3.org/2000/svg";
const LEAST = 1; // percent: a rectangle that is drawn smaller was a slip of the hand
const STEP = 1;
const MOST = 30; // rectangles that the server takes (core/media/schemas.py)

/**
 * Lets rectangles over a picture be drawn, moved and sized by mouse, finger or keys.
 *
 * The element wraps the picture and an svg of 100 × 100 (`data-part="boxes"`). The truth is the page's form: the rows
 * of numbers in `data-part="rows"`, which work alone without script. Empty rows are hidden, and made when needed.
 */
export function mask(element: HTMLElement): void {
  const svg = element.querySelector<SVGSVGElement>("[data-part=boxes]");
  const rows = document.querySelector<HTMLElement>("[data-part=rows]");
  if (!svg || !rows) return;
  element.dataset["ready"] = "";
  const draw = (): void => drawAll(element, svg, rows);
  rows.addEventListener("input", draw);
  svg.addEventListener("pointerdown", (event) => drag(event, svg, rows, draw));
  svg.addEventListener("keydown", (event) => press(event, rows, draw));
  draw();
}

function all(rows: HTMLElement): HTMLFieldSetElement[] {
  return [...rows.querySelectorAll<HTMLFieldSetElement>("fieldset")];
}

function input(row: HTMLElement, side: Side): HTMLInputElement | null {
  return row.querySelector<HTMLInputElement>(`input[name$=".${side}"]`);
}

/** What a row's four numbers say; null while one of them is no number. */
function read(row: HTMLElement): Box | null {
  const numbers = SIDES.map((side) => Number.parseFloat((input(row, side)?.value ?? "").replace(",", ".")));
  if (numbers.some(Number.isNaN)) return null;
  const [left = 0, top = 0, width = 0, height = 0] = numbers;
  return { left, top, width, height };
}

function isEmpty(row: HTMLElement): boolean {
  return SIDES.every((side) => !input(row, side)?.value.trim());
}

/** Writes a rectangle into its row, kept inside the picture. */
function write(row: HTMLElement, box: Box): void {
  const width = Math.min(Math.max(box.width, LEAST), 100);
  const height = Math.min(Math.max(box.height, LEAST), 100);
  const kept = {
    left: Math.min(Math.max(box.left, 0), 100 - width), top: Math.min(Math.max(box.top, 0), 100 - height), width, height,
  };
  for (const side of SIDES) {
    const field = input(row, side);
    if (field) field.value = (Math.floor(kept[side] * 100) / 100).toString().replace(".", ",");
  }
}

function clear(row: HTMLElement): void {
  for (const side of SIDES) {
    const field = input(row, side);
    if (field) field.value = "";
  }
}

/** The first empty row, or a new one made like the last. */
function emptyRow(rows: HTMLElement): HTMLElement | null {
  const there = all(rows);
  const found = there.find(isEmpty);
  const last = there.at(-1);
  if (found || !last || there.length >= MOST) return found ?? null;
  const made = last.cloneNode(true) as HTMLFieldSetElement;
  const number = there.length + 1;
  const old = new RegExp(`\\br${there.length}(?=[.-])`);
  made.dataset["row"] = String(number);
  for (const part of made.querySelectorAll<HTMLElement>("[id], [name], [for]")) {
    for (const name of ["id", "name", "for"]) {
      const value = part.getAttribute(name);
      if (value) part.setAttribute(name, value.replace(old, `r${number}`));
    }
  }
  const legend = made.querySelector("legend");
  if (legend) legend.textContent = fill(rows.dataset["textRow"] ?? "{n}", { n: String(number) });
  clear(made);
  rows.append(made);
  return made;
}

function drawAll(element: HTMLElement, svg: SVGSVGElement, rows: HTMLElement): void {
  const focused = document.activeElement?.getAttribute("data-row");
  const boxes = all(rows).flatMap((row) => {
    row.hidden = isEmpty(row) && !row.contains(document.activeElement);
    const box = read(row);
    return box ? [shapeOf(element, row, box)] : [];
  });
  const firstEmpty = all(rows).find((row) => row.hidden);
  if (firstEmpty && boxes.length === 0) firstEmpty.hidden = false; // a keyboard begins here
  svg.replaceChildren(...boxes.flat());
  if (focused) svg.querySelector<SVGRectElement>(`[data-row="${focused}"]`)?.focus();
}

/** A rectangle that the keyboard reaches, and the grip in its corner that sizes it. */
function shapeOf(element: HTMLElement, row: HTMLElement, box: Box): SVGRectElement[] {
  const number = row.dataset["row"] ?? "";
  const choice = row.querySelector<HTMLSelectElement>("select");
  const kind = choice?.selectedOptions[0]?.textContent.trim() ?? "";
  const shape = rect(box.left, box.top, box.width, box.height);
  shape.setAttribute("tabindex", "0");
  shape.setAttribute("role", "button");
  shape.setAttribute("aria-label", fill(element.dataset["textBox"] ?? "{n}", { n: number, kind }));
  shape.dataset["row"] = number;
  const ratio = element.clientWidth / Math.max(element.clientHeight, 1);
  const size = (24 / Math.max(element.clientWidth, 1)) * 100; // 24 pixels across, whatever the picture's shape
  const grip = rect(box.left + box.width - size / 2, box.top + box.height - (size * ratio) / 2, size, size * ratio);
  grip.classList.add("grip");
  grip.dataset["grip"] = number;
  return [shape, grip];
}

function rect(x: number, y: number, width: number, height: number): SVGRectElement {
  const shape = document.createElementNS(SVG, "rect");
  for (const [name, value] of Object.entries({ x, y, width, height })) shape.setAttribute(name, value.toFixed(3));
  return shape;
}

function rowOf(rows: HTMLElement, number: string | undefined): HTMLElement | null {
  return number ? rows.querySelector<HTMLElement>(`fieldset[data-row="${number}"]`) : null;
}

function drag(event: PointerEvent, svg: SVGSVGElement, rows: HTMLElement, draw: () => void): void {
  const target = event.target as SVGElement;
  const grip = rowOf(rows, target.dataset["grip"]);
  const held = grip ?? rowOf(rows, target.dataset["row"]);
  const row = held ?? emptyRow(rows);
  if (!row || event.button !== 0) return;
  event.preventDefault();
  const frame = svg.getBoundingClientRect();
  const at = (moved: PointerEvent): [number, number] => [
    ((moved.clientX - frame.left) / frame.width) * 100, ((moved.clientY - frame.top) / frame.height) * 100,
  ];
  const [startX, startY] = at(event);
  const before = held ? read(row) : null;
  const move = (moved: PointerEvent): void => {
    const [x, y] = at(moved).map((value) => Math.min(Math.max(value, 0), 100)) as [number, number];
    const [dx, dy] = [x - startX, y - startY];
    if (before && grip) write(row, sized(before, dx, dy));
    else if (before) write(row, { ...before, left: before.left + dx, top: before.top + dy });
    else write(row, { left: Math.min(startX, x), top: Math.min(startY, y), width: Math.abs(dx), height: Math.abs(dy) });
    draw();
  };
  const end = (): void => {
    document.removeEventListener("pointermove", move);
    document.removeEventListener("pointerup", end);
    document.removeEventListener("pointercancel", end);
    const drawn = read(row);
    if (!before && drawn && (drawn.width <= LEAST || drawn.height <= LEAST)) clear(row);
    draw();
    svg.querySelector<SVGRectElement>(`rect[data-row="${row.dataset["row"]}"]`)?.focus();
  };
  document.addEventListener("pointermove", move);
  document.addEventListener("pointerup", end);
  document.addEventListener("pointercancel", end);
}

function sized(box: Box, dx: number, dy: number): Box {
  return { ...box, width: Math.min(box.width + dx, 100 - box.left), height: Math.min(box.height + dy, 100 - box.top) };
}

const ARROWS: Record<string, [number, number]> = {
  ArrowLeft: [-STEP, 0], ArrowRight: [STEP, 0], ArrowUp: [0, -STEP], ArrowDown: [0, STEP],
};

function press(event: KeyboardEvent, rows: HTMLElement, draw: () => void): void {
  const row = rowOf(rows, (event.target as SVGElement).dataset["row"]);
  const box = row && read(row);
  if (!row || !box) return;
  const arrow = ARROWS[event.key];
  if (arrow) write(row, event.shiftKey ? sized(box, ...arrow) : { ...box, left: box.left + arrow[0], top: box.top + arrow[1] });
  else if (event.key === "Delete" || event.key === "Backspace") clear(row);
  else if (event.key === "Enter" || event.key === " ") row.querySelector<HTMLElement>("select, input")?.focus();
  else return;
  event.preventDefault();
  draw();
}
