import { KeyboardZoom } from "ol/interaction";
import { containsCoordinate } from "ol/extent";
import type { Editor } from "./editor";
import { perMetre } from "./grids";
import { unhurried } from "./sheet";

const ARROWS: Record<string, [number, number]> = { ArrowUp: [0, 1], ArrowDown: [0, -1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };

/**
 * Drawing by the keyboard alone: arrows move the cross a metre (Shift 10, Ctrl 100), Enter sets a corner there, N takes
 * up the next corner so that the arrows move that, Enter or Escape lets it go, Delete takes it away, Ctrl+Z undoes.
 */
export function keys(editor: Editor): void {
  const { sheet } = editor;
  const { view, map } = sheet;
  map.addInteraction(new KeyboardZoom({ duration: unhurried() }));
  view.addEventListener("focus", () => {
    if (!view.matches(":focus-visible")) return;
    if (!editor.held) editor.cross = map.getView().getCenter() ?? editor.cross;
    editor.redraw();
    editor.tellCorner(editor.cross, "Cross");
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

function step(editor: Editor, [east, north]: [number, number], event: KeyboardEvent): void {
  const { map, projection } = editor.sheet;
  const metres = (event.ctrlKey ? 100 : event.shiftKey ? 10 : 1) * perMetre(projection, editor.cross);
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
