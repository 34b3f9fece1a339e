import { KeyboardZoom } from "ol/interaction";
import { containsCoordinate } from "ol/extent";
import type { Editor } from "./editor";
import { perMetre } from "./grids";
import { unhurried } from "./sheet";
import { fill } from "../text";

const ARROWS: Record<string, [number, number]> = { ArrowUp: [0, 1], ArrowDown: [0, -1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };

/** Pixels that an arrow moves the cross, about: the stride is a round number of metres. */
const STRIDE = 10;

/**
 * Drawing by the keyboard alone: arrows move the cross a stride that follows the zoom (Shift one metre, Ctrl ten strides),
 * Enter sets a corner there, N takes up the next corner so that the arrows move that, Enter or Escape lets it go, Delete takes it away, Ctrl+Z undoes.
 */
export function keys(editor: Editor): void {
  const { sheet } = editor;
  const { view, map } = sheet;
  map.addInteraction(new KeyboardZoom({ duration: unhurried() }));
  view.addEventListener("focus", () => {
    if (!view.matches(":focus-visible")) return;
    if (!editor.held) editor.cross = map.getView().getCenter() ?? editor.cross;
    editor.redraw();
    tell(editor);
  });
  let scale = map.getView().getResolution();
  map.on("moveend", () => {
    const zoomed = map.getView().getResolution() !== scale;
    scale = map.getView().getResolution();
    if (!view.matches(":focus-visible") || editor.held) return;
    const lost = !containsCoordinate(map.getView().calculateExtent(), editor.cross);
    if (lost) editor.cross = map.getView().getCenter() ?? editor.cross;
    editor.redraw();
    if (lost || zoomed) tell(editor);
  });
  view.addEventListener("blur", () => editor.redraw());
  view.addEventListener("keydown", (event) => {
    const arrow = ARROWS[event.key];
    const act = arrow ? () => step(editor, arrow, event) : acts(event)[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!act) return;
    event.preventDefault(); // Enter would send the form, arrows would scroll the page
    act(editor);
  });
}

function acts(event: KeyboardEvent): Record<string, (editor: Editor) => void> {
  if (event.ctrlKey || event.metaKey) return { z: (editor) => editor.undo() };
  return {
    Enter: (editor) => editor.held ? editor.hold(null) : editor.add(editor.flush(editor.cross)),
    Escape: (editor) => editor.hold(null),
    Delete: (editor) => editor.remove(),
    Backspace: (editor) => editor.remove(),
    n: (editor) => next(editor, event.shiftKey ? -1 : 1),
  };
}

/** Says where the cross is, and how far an arrow takes it now. */
function tell(editor: Editor): void {
  editor.tellCorner(editor.cross, "Cross", fill(editor.sheet.text("Stride"), { metres: stride(editor) }));
}

/** Metres that an arrow moves the cross: 1, 2 or 5, or those with noughts, as near to STRIDE pixels as may be. */
function stride(editor: Editor): number {
  const { map, projection } = editor.sheet;
  const wanted = STRIDE * (map.getView().getResolution() ?? 1) / perMetre(projection, editor.cross);
  const nought = 10 ** Math.floor(Math.log10(wanted));
  return Math.max(1, nought * (wanted < 1.5 * nought ? 1 : wanted < 3.5 * nought ? 2 : wanted < 7.5 * nought ? 5 : 10));
}

function step(editor: Editor, [east, north]: [number, number], event: KeyboardEvent): void {
  const { map, projection } = editor.sheet;
  const metres = (event.shiftKey ? 1 : stride(editor) * (event.ctrlKey ? 10 : 1)) * perMetre(projection, editor.cross);
  editor.cross = [editor.cross[0]! + east * metres, editor.cross[1]! + north * metres];
  if (editor.held) editor.move(editor.cross);
  else editor.tellCorner(editor.cross, "Cross");
  if (!containsCoordinate(map.getView().calculateExtent(), editor.cross)) map.getView().setCenter(editor.cross);
  editor.redraw();
}

function next(editor: Editor, direction: number): void {
  const all = editor.corners();
  if (!all.length) { editor.sheet.say(editor.sheet.text("NoneHeld")); return; }
  const now = all.findIndex(({ held }) => held.part === editor.held?.part && held.corner === editor.held.corner);
  const index = now < 0 ? (direction > 0 ? 0 : all.length - 1) : (now + direction + all.length) % all.length;
  editor.hold(all[index]!.held);
}
