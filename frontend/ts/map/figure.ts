import type { Coordinate } from "ol/coordinate";
import { boundingExtent, createEmpty, extend } from "ol/extent";
import Feature from "ol/Feature";
import { Point, type Geometry } from "ol/geom";
import { KeyboardPan, KeyboardZoom } from "ol/interaction";
import VectorLayer from "ol/layer/Vector";
import Cluster from "ol/source/Cluster";
import VectorSource from "ol/source/Vector";
import { fill } from "../text";
import { Sheet, unhurried } from "./sheet";
import { distance, middle, Spots } from "./spots";
import { crossStyle, numeralStyle, pointStyle, shapeStyle, type Look } from "./styles";

/** As many points as one can tell apart; more are drawn together where they lie close. */
const MANY = 200;
const TOGETHER = 44;
/** So few areas have their names also where there is little room; of more only those that fit. */
const FEW = 40;
/** Metres per pixel beyond which a shape is too small to be seen without its mark. */
const SHAPES_FROM = 12;
/** Pixels around the cross in which a thing is named, and around a mark that mean the mark. */
const NEAR = 40;
const MARK = 14;

/** Draws what the sources hold, and ties each thing to its row on the page and to its own page. */
export async function figure(element: HTMLElement): Promise<void> {
  const sheet = new Sheet(element);
  const sources = (element.dataset["source"] ?? "").split(" ").filter(Boolean);
  try {
    const found = (await Promise.all(sources.map((address) => sheet.fetch(address)))).flat();
    new Things(sheet, found);
    const things = found.filter((one) => !isFigure(one)); // areas are what they lie in, where there are both
    sheet.say(fill(sheet.text(found.length ? "Shown" : "Empty"), { n: things.length || found.length }));
  } catch (error) {
    console.info("map", error);
    sheet.say(sheet.text("Failed"));
  }
  sheet.begin();
}

const isFigure = (one: Feature): boolean => one.get("part") === "figure";

class Things {
  private lit: Feature | null = null;
  private readonly rows = new Map<string, HTMLElement>();
  private readonly shapes: VectorLayer;
  private readonly points: VectorLayer;
  private readonly clusters: Cluster<Feature>;
  private readonly cross = new Feature<Point>();
  private readonly single: boolean;

  constructor(private readonly sheet: Sheet, private readonly found: Feature[]) {
    this.single = sheet.element.dataset["single"] !== undefined;
    const figures = found.filter(isFigure);
    if (figures.length) sheet.withoutAreas();
    const numbered = figures.filter((one) => one.get("place"));
    const spots = new Spots(found.filter((one) => one.get("part") === undefined).map((one) => middle(one.getGeometry())));
    const look = (lit: boolean): Look => ({ palette: sheet.palette, lit, few: figures.length <= FEW });
    this.shapes = new VectorLayer({ source: new VectorSource({ features: found }), declutter: true });
    this.shapes.setStyle((feature, resolution) => {
      const shown = look(feature === this.lit);
      if (feature.get("place")) shown.spotOf = () => spots.of(feature as Feature, resolution);
      return this.single || feature.get("part") === "figure" || resolution < SHAPES_FROM ? shapeStyle(feature, shown) : undefined;
    });
    this.clusters = this.marks();
    this.points = new VectorLayer({ source: this.clusters, declutter: true });
    this.points.setStyle((feature) => {
      const group = feature.get("features") as Feature[];
      return pointStyle(group, look(this.lit !== null && group.includes(this.lit)));
    });
    const crossed = new VectorLayer({ source: new VectorSource({ features: [this.cross] }) });
    crossed.setStyle(() => crossStyle(sheet.palette));
    const numbers = new VectorLayer({ source: new VectorSource({ features: numbered }), declutter: true }); // on top: names give way to them
    numbers.setStyle((feature, resolution) => numeralStyle(String(feature.get("place")), spots.of(feature as Feature, resolution), look(false)));
    const layers = [this.shapes, this.points, numbers, crossed];
    layers.forEach((layer) => sheet.map.addLayer(layer));
    sheet.onRepaint(() => layers.forEach((layer) => layer.changed()));
    this.showAll();
    sheet.onPress("whole", () => this.showAll());
    this.tieToRows();
    this.followMouse();
    this.followKeyboard();
  }

  /** Marks are drawn for all but the one place that a page is about, whose shape says where it is. */
  private marks(): Cluster<Feature> {
    const marked = this.found.filter((one) => one.get("part") === undefined);
    return new Cluster({
      source: new VectorSource({ features: marked }),
      distance: marked.length > MANY ? TOGETHER : 0,
      geometryFunction: (one) => new Point(middle(one.getGeometry())),
    });
  }

  private showAll(): void {
    const whole = this.found.reduce((box, one) => extend(box, one.getGeometry()?.getExtent() ?? createEmpty()), createEmpty());
    if (this.found.length) this.sheet.fit(whole);
  }

  private light(one: Feature | null): void {
    if (one === this.lit) return;
    this.rowOf(this.lit)?.classList.remove("tp-lit");
    this.lit = one;
    this.rowOf(one)?.classList.add("tp-lit");
    this.shapes.changed();
    this.points.changed();
    this.sheet.view.dataset["lit"] = String(one?.get("number") ?? "");
  }

  private rowOf(one: Feature | null): HTMLElement | undefined {
    return one ? this.rows.get(String(one.get("url"))) : undefined;
  }

  /** A row and its thing are the same link, so that is what ties them. */
  private tieToRows(): void {
    const byAddress = new Map(this.found.map((one) => [String(one.get("url")), one]));
    for (const link of document.querySelectorAll<HTMLAnchorElement>("main tr a[href], main li a[href]")) {
      const one = byAddress.get(link.getAttribute("href") ?? "");
      const row = link.closest<HTMLElement>("tr, li");
      if (!one || !row) continue;
      this.rows.set(String(one.get("url")), row);
      row.addEventListener("pointerenter", () => this.light(one));
      row.addEventListener("pointerleave", () => this.light(null));
      row.addEventListener("focusin", () => this.light(one));
      row.addEventListener("focusout", () => this.light(null));
    }
  }

  private followMouse(): void {
    const { map, view } = this.sheet;
    map.on("pointermove", (event) => {
      if (event.dragging) return;
      const [hit] = this.at(event.coordinate);
      view.dataset["hit"] = hit?.get("url") ? "yes" : "";
      this.light(hit ?? null);
    });
    map.on("click", (event) => {
      const hit = this.at(event.coordinate);
      if (hit.length > 1) map.getView().fit(boundingExtent(hit.map((one) => middle(one.getGeometry()))), { padding: [60, 60, 60, 60], duration: unhurried() });
      else this.go(hit[0]);
    });
  }

  /** What is at a spot: the mark there, or several that are drawn as one, or the shape. */
  private at(spot: Coordinate): Feature[] {
    const metres = this.sheet.map.getView().getResolution() ?? 1;
    const group = this.clusters.getClosestFeatureToCoordinate(spot);
    const mark = group?.getGeometry() as Point | undefined;
    if (group && mark && distance(mark.getCoordinates(), spot) <= MARK * metres) return group.get("features") as Feature[];
    if (!this.single && metres >= SHAPES_FROM && !this.found.some(isFigure)) return [];
    return this.shapes.getSource()?.getFeaturesAtCoordinate(spot).slice(0, 1) ?? [];
  }

  private go(one: Feature | undefined): void {
    const address = one?.get("url") as string | undefined;
    if (address?.startsWith("/")) location.assign(address);
  }

  /** Arrows move the map under a cross; what is nearest to it is named, and Enter opens that. */
  private followKeyboard(): void {
    const { map, view } = this.sheet;
    map.addInteraction(new KeyboardPan({ duration: 0, pixelDelta: 64 }));
    map.addInteraction(new KeyboardZoom({ duration: unhurried() }));
    const look = () => {
      const keyboard = view.matches(":focus-visible");
      this.cross.setGeometry(keyboard ? new Point(map.getView().getCenter() ?? [0, 0]) : undefined);
      if (!keyboard) return;
      const near = this.nearest();
      this.light(near);
      this.sheet.say(near ? fill(this.sheet.text("Near"), { name: String(near.get("name")), number: String(near.get("number") ?? "") }) : this.sheet.text("None"));
    };
    view.addEventListener("focus", look);
    view.addEventListener("blur", () => { look(); this.light(null); });
    map.on("moveend", () => { if (document.activeElement === view) look(); });
    view.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && this.lit) this.go(this.lit);
    });
  }

  private nearest(): Feature | null {
    const centre = this.sheet.map.getView().getCenter() ?? [0, 0];
    const reach = NEAR * (this.sheet.map.getView().getResolution() ?? 1);
    const ranked = this.found.filter((one) => one.get("url"))
      .map((one) => ({ one, far: far(one.getGeometry(), centre) })).sort((a, b) => a.far - b.far);
    return ranked[0] && ranked[0].far <= reach ? ranked[0].one : null;
  }
}

function far(geometry: Geometry | undefined, from: number[]): number {
  if (!geometry) return Infinity;
  if (geometry.intersectsCoordinate(from)) return 0;
  const [x, y] = middle(geometry);
  return Math.min(Math.hypot(x! - from[0]!, y! - from[1]!), distance(geometry.getClosestPoint(from), from));
}
