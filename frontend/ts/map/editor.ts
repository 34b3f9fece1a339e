import type { Coordinate } from "ol/coordinate";
import { createEmpty, extend, isEmpty } from "ol/extent";
import Feature from "ol/Feature";
import { Circle, LineString, MultiPoint, Point, Polygon, type Geometry } from "ol/geom";
import { fromCircle } from "ol/geom/Polygon";
import { Interaction, Modify, Snap } from "ol/interaction";
import VectorLayer from "ol/layer/Vector";
import type MapBrowserEvent from "ol/MapBrowserEvent";
import VectorSource from "ol/source/Vector";
import { Circle as Dot, Fill, Stroke, Style } from "ol/style";
import { fill } from "../text";
import { perMetre } from "./grids";
import { keys } from "./keys";
import { Outline, type Corner, type Part } from "./outline";
import { thin } from "./palette";
import { Sheet } from "./sheet";
import { crossStyle, words } from "./styles";

/** Pixels within which a press means the corner there. */
const TOUCH = 10;
/** Metres within which Enter sets a corner on that of a neighbour. */
const FLUSH = 1;

/** Where a corner stands: which part, and which corner of it. */
export interface Held { part: number; corner: number }

/** Draws the shape that the form's text says, and writes the text anew when the shape is changed here. */
export async function editor(element: HTMLElement): Promise<void> {
  await new Editor(element).begin();
}

export class Editor {
  readonly sheet: Sheet;
  parts: Part[] = [];
  held: Held | null = null;
  /** Where the keyboard is. */
  cross: Coordinate;
  private drawing = false;
  private outline: Outline;
  private wrong: number | null = null;
  private readonly past: string[] = [];
  private readonly text: HTMLTextAreaElement;
  private readonly system: HTMLSelectElement;
  /** A way with two ends, in one part; else a surface. */
  private readonly line: boolean;
  private readonly radius: HTMLInputElement | null;
  private readonly source = new VectorSource();
  private readonly around = new VectorSource();
  private readonly extra = new VectorSource();

  constructor(element: HTMLElement) {
    this.sheet = new Sheet(element);
    const field = (name: string) => document.getElementById(element.dataset[name] ?? "");
    this.text = field("outline") as HTMLTextAreaElement;
    this.system = field("system") as HTMLSelectElement;
    this.line = element.dataset["line"] !== undefined;
    this.radius = field("radius") as HTMLInputElement | null;
    this.outline = Outline.in(this.system.value, this.sheet.projection);
    this.cross = this.sheet.map.getView().getCenter() ?? [0, 0];
    this.layers();
    this.pointer();
    keys(this);
    this.form();
  }

  async begin(): Promise<void> {
    this.reread();
    this.draw(!this.parts.length);
    this.showAll();
    this.sheet.begin();
    this.sheet.say(this.wrong ? this.wrongLine() : this.sheet.text(this.parts.length ? "Shape" : "Start"));
    const snap = (this.sheet.element.dataset["snap"] ?? "").split(" ").filter(Boolean);
    for (const address of snap) {
      try {
        this.around.addFeatures(await this.sheet.fetch(address));
        this.sheet.view.dataset["snap"] = String(this.around.getFeatures().length);
      } catch (error) {
        console.info("snap", error); // drawing works without neighbours
      }
    }
    if (this.line && !this.parts.length && this.around.getFeatures().length) this.sheet.fit(this.around.getExtent() ?? createEmpty(), 0.5);
  }

  /** Adds a corner after the last one, unless the text must be mended first. */
  add(at: Coordinate): void {
    this.change(() => {
      if (!this.parts.length) this.parts.push([]);
      this.parts.at(-1)!.push(this.outline.corner(at));
    });
    this.tellCorner(at, "Added");
  }

  /** Moves the corner that is held to a spot. */
  move(at: Coordinate): void {
    const held = this.held;
    if (!held) return;
    this.change(() => { this.parts[held.part]![held.corner] = this.outline.corner(at); });
    this.tellCorner(at, "At");
  }

  remove(): void {
    const held = this.held;
    if (!held) { this.sheet.say(this.sheet.text("NoneHeld")); return; }
    this.change(() => {
      this.parts[held.part]!.splice(held.corner, 1);
      this.parts = this.parts.filter((part) => part.length);
    });
    this.hold(null);
    this.sheet.say(this.sheet.text("Removed"));
  }

  undo(): void {
    const before = this.past.pop();
    if (before === undefined) { this.sheet.say(this.sheet.text("NothingToUndo")); return; }
    this.put(before);
    this.hold(null);
    this.reread();
    this.sheet.say(this.sheet.text("Undone"));
  }

  /** Takes up a corner, or lets go. */
  hold(held: Held | null): void {
    this.held = held;
    const corner = held && this.parts[held.part]?.[held.corner];
    if (corner) {
      this.cross = corner.at;
      const count = this.parts.reduce((sum, part) => sum + part.length, 0);
      const before = this.parts.slice(0, held.part).reduce((sum, part) => sum + part.length, 0);
      this.sheet.say(`${fill(this.sheet.text("Held"), { n: before + held.corner + 1, of: count })} ${this.where(corner.at)}`);
    }
    this.redraw();
  }

  /** The corner of a neighbour that lies flush with a spot, or the spot itself. */
  flush(at: Coordinate): Coordinate {
    const near = this.around.getClosestFeatureToCoordinate(at)?.getGeometry();
    const corners = near ? cornersOf(near) : [];
    const reach = FLUSH * perMetre(this.sheet.projection, at);
    return corners.find((corner) => distance(corner, at) <= reach) ?? at;
  }

  where(at: Coordinate): string {
    const [north, east] = this.outline.corner(at).line.split(" ");
    return fill(this.sheet.text(this.system.value === "wgs84" ? "Degrees" : "Metres"), { north: north!, east: east! });
  }

  tellCorner(at: Coordinate, text: string, more = ""): void {
    if (this.wrong === null) this.sheet.say(`${this.sheet.text(text)} ${this.where(at)} ${more}`.trim());
  }

  redraw(): void {
    this.extra.clear();
    const { view } = this.sheet;
    if (view.matches(":focus-visible")) this.extra.addFeature(new Feature({ geometry: new Point(this.cross), what: "cross" }));
    const corner = this.held && this.parts[this.held.part]?.[this.held.corner];
    if (corner) this.extra.addFeature(new Feature({ geometry: new Point(corner.at), what: "held" }));
    const circle = this.circle();
    if (circle) this.extra.addFeature(new Feature({ geometry: circle, what: "circle" }));
    view.dataset["corners"] = String(this.parts.map((part) => part.length));
  }

  /** Does a change of the parts, and writes it; nothing is lost of a text that cannot be read. */
  private change(act: () => void): void {
    if (this.wrong !== null) { this.sheet.say(this.wrongLine()); return; }
    const before = this.text.value;
    act();
    this.past.push(before);
    this.put(this.outline.write(this.parts));
    this.draft();
  }

  private put(text: string): void {
    this.text.value = text;
    this.text.dispatchEvent(new Event("input", { bubbles: true }));
  }

  private reread(): void {
    const { parts, wrong } = this.outline.read(this.text.value);
    this.parts = this.line && parts.length > 1 ? [parts.flat()] : parts;
    this.wrong = wrong;
    this.draft();
  }

  private wrongLine(): string {
    return fill(this.sheet.text("Wrong"), { n: this.wrong ?? 0 });
  }

  /** Makes the shapes of the parts: a point, a line, and from three corners a surface. */
  private draft(): void {
    this.source.clear();
    this.source.addFeatures(this.parts.map((part, index) => {
      const spots = part.map((corner) => corner.at);
      const geometry = spots.length > 2 && !this.line ? new Polygon([[...spots, spots[0]!]]) : spots.length > 1 ? new LineString(spots) : new Point(spots[0]!);
      return new Feature({ geometry, index });
    }));
    this.redraw();
  }

  private circle(): Polygon | null {
    const only = this.parts.length === 1 && this.parts[0]!.length === 1 ? this.parts[0]![0] : null;
    const metres = Number(this.radius?.value.replace(",", "."));
    if (!only || !(metres > 0)) return null;
    return fromCircle(new Circle(only.at, metres * perMetre(this.sheet.projection, only.at)), 64);
  }

  private layers(): void {
    const { sheet } = this;
    const around = new VectorLayer({ source: this.around, declutter: true });
    around.setStyle((feature) => new Style({
      stroke: new Stroke({ color: sheet.palette.mute, width: 1.5, lineDash: [2, 4] }),
      text: words(String(feature.get("name") ?? ""), { palette: sheet.palette, lit: false }, 0),
    }));
    const shape = new VectorLayer({ source: this.source });
    const surface = (): Style => new Style({ fill: new Fill({ color: thin(sheet.palette.accent, 0.2) }), stroke: new Stroke({ color: sheet.palette.accent, width: 2.5 }) });
    shape.setStyle((feature) => [
      surface(),
      new Style({ image: this.dot(5, false), geometry: new MultiPoint(cornersOf(feature.getGeometry() as Geometry)) }),
    ]);
    const extra = new VectorLayer({ source: this.extra });
    extra.setStyle((feature) => ({ cross: crossStyle(sheet.palette), held: new Style({ image: this.dot(8, true) }), circle: surface() })[feature.get("what") as string]);
    const drawn = [around, shape, extra];
    drawn.forEach((layer) => sheet.map.addLayer(layer));
    sheet.onRepaint(() => drawn.forEach((layer) => layer.changed()));
  }

  private dot(radius: number, filled: boolean): Dot {
    const { accent, ground, ink } = this.sheet.palette;
    return new Dot({ radius, fill: new Fill({ color: filled ? accent : ground }), stroke: new Stroke({ color: ink, width: 2 }) });
  }

  /** A press adds a corner or takes one up; corners and edges can be dragged; all of it keeps to neighbours' shapes. */
  private pointer(): void {
    const { map } = this.sheet;
    const modify = new Modify({ source: this.source, pixelTolerance: TOUCH, style: () => new Style({ image: this.dot(6, true) }) });
    modify.on("modifystart", () => { this.held = null; });
    modify.on("modifyend", () => this.readShapes());
    map.addInteraction(modify);
    map.addInteraction(new Interaction({
      handleEvent: (event: MapBrowserEvent) => {
        if (event.type !== "click" || (event.originalEvent as PointerEvent).altKey) return true;
        this.press(event.pixel, event.coordinate, (event.originalEvent as PointerEvent).pointerType === "touch");
        return false;
      },
    }));
    map.addInteraction(new Snap({ source: this.around, pixelTolerance: TOUCH }));
    map.addInteraction(new Snap({ source: this.source, pixelTolerance: TOUCH, edge: false }));
  }

  /** One finger scrolls the page and cannot drag: a corner that is held comes to where the finger presses next. */
  private press(pixel: number[], at: Coordinate, finger: boolean): void {
    const near = this.corners().find(({ corner }) => distance(this.sheet.map.getPixelFromCoordinate(corner.at), pixel) <= TOUCH);
    if (!near) {
      if (finger && this.held && !this.drawing) this.move(at);
      this.held = null;
      if (this.drawing) this.add(at);
      else this.redraw();
      return;
    }
    const closing = this.drawing && near.held.corner === 0 && (this.parts[near.held.part]?.length ?? 0) > 2;
    if (closing) this.draw(false);
    this.hold(near.held);
    if (closing) this.sheet.say(this.sheet.text("Shape"));
  }

  /** Reads back what was dragged; a corner that stands where it stood keeps its line. */
  private readShapes(): void {
    const known = new Map(this.corners().map(({ corner }) => [String(corner.at), corner]));
    const drawn = this.source.getFeatures().sort((a, b) => Number(a.get("index")) - Number(b.get("index")));
    this.change(() => {
      this.parts = drawn.map((one) => cornersOf(one.getGeometry()!).map((at) => known.get(String(at)) ?? this.outline.corner(at)));
    });
    this.sheet.say(this.sheet.text("Moved"));
    if (this.wrong !== null) this.draft();
  }

  corners(): { corner: Corner; held: Held }[] {
    return this.parts.flatMap((part, index) => part.map((corner, number) => ({ corner, held: { part: index, corner: number } })));
  }

  private draw(on: boolean): void {
    this.drawing = on;
    this.sheet.element.querySelector("[data-act=draw]")?.setAttribute("aria-pressed", String(on));
  }

  private newPart(): void {
    if (this.parts.at(-1)?.length) this.parts.push([]);
    this.draw(true);
    this.sheet.say(this.sheet.text("NewPart"));
  }

  private showAll(): void {
    const box = this.parts.flat().reduce((sum, { at }) => extend(sum, [...at, ...at]), createEmpty());
    const circle = this.circle();
    if (circle) extend(box, circle.getExtent());
    if (isEmpty(box)) this.sheet.fit(this.sheet.home);
    else this.sheet.fit(box, 0.2);
    this.cross = this.sheet.map.getView().getCenter() ?? this.cross;
  }

  private form(): void {
    const { sheet } = this;
    const acts = { draw: () => this.draw(!this.drawing), part: () => this.newPart(), undo: () => this.undo(), remove: () => this.remove(), whole: () => this.showAll() };
    for (const [name, act] of Object.entries(acts)) sheet.onPress(name, act);
    let typed = this.text.value;
    this.text.addEventListener("focus", () => { typed = this.text.value; });
    this.text.addEventListener("change", () => {
      this.past.push(typed);
      this.held = null;
      this.reread();
      this.showAll();
      sheet.say(this.wrong ? this.wrongLine() : sheet.text("Shape"));
    });
    this.radius?.addEventListener("input", () => this.redraw());
    this.system.addEventListener("change", () => this.translate());
  }

  /** Says the same corners in another system; numbers that were of the new system already stay as they are. */
  private translate(): void {
    const readable = this.wrong === null && this.parts.length > 0;
    this.outline = Outline.in(this.system.value, this.sheet.projection);
    if (readable) this.change(() => { this.parts = this.parts.map((part) => part.map((corner) => this.outline.corner(corner.at))); });
    else this.reread();
    this.sheet.say(this.wrong ? this.wrongLine() : this.sheet.text("Shape"));
  }
}

/** The corners of a shape, without the one that closes it. */
function cornersOf(geometry: Geometry): Coordinate[] {
  if (geometry instanceof Polygon) return geometry.getLinearRing(0)!.getCoordinates().slice(0, -1);
  if (geometry instanceof LineString) return geometry.getCoordinates();
  if (geometry instanceof Point) return [geometry.getCoordinates()];
  if ("getPolygons" in geometry) return (geometry as { getPolygons(): Polygon[] }).getPolygons().flatMap(cornersOf);
  return [];
}

const distance = (a: number[], b: number[]): number => Math.hypot(a[0]! - b[0]!, a[1]! - b[1]!);
