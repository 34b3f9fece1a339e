import ScaleLine from "ol/control/ScaleLine";
import { buffer, type Extent } from "ol/extent";
import GeoJSON from "ol/format/GeoJSON";
import type Feature from "ol/Feature";
import { DragPan, MouseWheelZoom, defaults as interactions } from "ol/interaction";
import type TileLayer from "ol/layer/Tile";
import VectorLayer from "ol/layer/Vector";
import OlMap from "ol/Map";
import type { Projection } from "ol/proj";
import { transformExtent } from "ol/proj";
import VectorSource from "ol/source/Vector";
import View from "ol/View";
import { baseLayer } from "./base";
import { grid } from "./grids";
import { dark, onNewColours, onPrint, readPalette, type Palette } from "./palette";
import { readSettings, type BaseMap } from "./settings";
import { areaStyle } from "./styles";

/** Metres beyond the city's box that one may look. */
const AROUND = 5_000;
/** Pixels that a sheet of A4 is wide between its margins. */
const PAPER = 660;
/** Metres per pixel: as near as one can come, and as near as the map goes by itself to show a small thing. */
const CLOSEST = 0.05;
const CLOSEST_BY_ITSELF = 0.6;

/** The map of one element: its ground, the city's areas, its buttons, and what it says in words. */
export class Sheet {
  readonly view: HTMLElement;
  readonly map: OlMap;
  readonly projection: Projection;
  /** What is seen before there is anything to look at: where the person works, else the city. */
  readonly home: Extent;
  palette: Palette;
  private base: TileLayer | null = null;
  private ground: BaseMap | null;
  private readonly areas: VectorLayer;
  private readonly settings;
  private readonly repaints: (() => void)[] = [];

  constructor(readonly element: HTMLElement) {
    this.settings = readSettings(element);
    this.ground = this.settings.layers[0] ?? null;
    this.projection = grid(this.ground?.crs ?? this.settings.grid);
    this.palette = readPalette(element);
    this.view = this.part("view");
    this.view.hidden = false;
    const box = transformExtent(this.settings.box, grid("EPSG:3006"), this.projection);
    this.areas = new VectorLayer({ source: new VectorSource(), declutter: true });
    this.areas.setStyle((area) => areaStyle(area, this.palette, this.ground === null));
    this.map = new OlMap({
      target: this.view,
      controls: [new ScaleLine({ className: "tp-map-scale", minWidth: 60 })],
      layers: [this.areas],
      interactions: ours(),
      view: new View({
        projection: this.projection,
        extent: buffer(box, AROUND),
        minResolution: CLOSEST,
        enableRotation: false,
        constrainOnlyCenter: true,
      }),
    });
    this.map.getViewport()?.style.setProperty("touch-action", "pan-x pan-y"); // one finger scrolls the page, two move the map
    const start = element.dataset["start"]?.split(" ").map(Number);
    this.home = start ? transformExtent(start, grid("EPSG:3006"), this.projection) : box;
    this.fit(this.home);
    this.buttons();
    onNewColours(() => { this.drawGround(); this.repaint(); });
    onPrint(() => this.print(), () => this.unprint());
  }

  /**
   * Makes the picture fit the paper. Where there are tiles it must be the one on the screen: Chromium leaves pictures out
   * of what a canvas is told while it is being printed.
   */
  private print(): void {
    if (this.view.clientWidth > PAPER) this.view.style.setProperty("zoom", String(PAPER / this.view.clientWidth));
    if (!this.base) this.repaint();
  }

  private unprint(): void {
    this.view.style.removeProperty("zoom");
    this.repaint();
  }

  /** Fetches the ground, when it is known which part of it will be seen. */
  begin(): void {
    this.drawGround();
    this.readAreas();
    this.map.on("rendercomplete", () => this.tellDrawn());
    this.map.render();
  }

  /** Returns the element with this `data-part`. */
  part<T extends HTMLElement = HTMLElement>(name: string): T {
    const found = this.element.querySelector<T>(`[data-part=${name}]`);
    if (!found) throw new Error(`no part ${name}`);
    return found;
  }

  text(name: string): string {
    return this.element.dataset[`text${name}`] ?? "";
  }

  /** Says a sentence to those who see it and to those who hear it. */
  say(words: string): void {
    const said = this.part("said");
    if (said.textContent !== words) said.textContent = words;
  }

  /** Fetches GeoJSON, with the answers that it links to as the next ones, and returns the features in the map's grid. */
  async fetch(address: string): Promise<Feature[]> {
    const found: Feature[] = [];
    for (let next: string | undefined = address; next; ) {
      const answer = await fetch(next, { headers: { Accept: "application/geo+json" } });
      if (!answer.ok) throw new Error(`${answer.status} ${next}`);
      const body = await answer.json() as { links?: { rel: string; href: string }[] };
      found.push(...new GeoJSON().readFeatures(body, { featureProjection: this.projection }) as Feature[]);
      const link = body.links?.find((one) => one.rel === "next");
      next = link && pathOf(link.href);
    }
    return found;
  }

  /** Shows all of `extent`, without coming nearer than what is of use. */
  fit(extent: Extent, nearest = CLOSEST_BY_ITSELF): void {
    this.map.getView().fit(extent, { padding: [28, 28, 28, 28], minResolution: nearest });
  }

  /** Calls `repaint` when the colours are others. */
  onRepaint(repaint: () => void): void {
    this.repaints.push(repaint);
  }

  private repaint(): void {
    this.palette = readPalette(this.element);
    this.areas.changed();
    this.repaints.forEach((repaint) => repaint());
    this.map.renderSync();
  }

  /** The city's areas give way to areas that are drawn with something of their own, such as figures. */
  withoutAreas(): void {
    this.areas.setVisible(false);
  }

  /** Notes on the element what is drawn: the middle, metres per pixel, and that all of it has come. */
  private tellDrawn(): void {
    const view = this.map.getView();
    this.view.dataset["drawn"] = [...(view.getCenter() ?? []), view.getResolution()].join(" ");
  }

  private drawGround(): void {
    delete this.view.dataset["drawn"];
    if (this.base) this.map.removeLayer(this.base);
    this.base = this.ground && baseLayer(this.ground, dark(this.element), (failed) => this.tell(failed));
    if (this.base) this.map.getLayers().insertAt(0, this.base);
    this.part("attribution").textContent = this.ground?.attribution ?? "";
    this.areas.changed();
  }

  private tell(failed: boolean): void {
    this.part("ground-failed").hidden = !failed;
  }

  private readAreas(): void {
    const address = this.element.dataset["areas"];
    if (!address) return;
    this.fetch(address).then((found) => {
      this.areas.getSource()?.addFeatures(found);
      this.part("approximate").hidden = !found.some((area) => area.get("approximate"));
    }).catch((error: unknown) => {
      console.info("areas", error); // a ground without borders is still a ground
    });
  }

  private buttons(): void {
    this.part("tools").hidden = false;
    const view = this.map.getView();
    const acts: Record<string, () => void> = {
      in: () => view.animate({ zoom: (view.getZoom() ?? 0) + 1, duration: unhurried() }),
      out: () => view.animate({ zoom: (view.getZoom() ?? 0) - 1, duration: unhurried() }),
    };
    for (const [act, run] of Object.entries(acts)) this.onPress(act, run);
    const choice = this.element.querySelector<HTMLSelectElement>("[data-part=ground]");
    choice?.addEventListener("change", () => {
      this.ground = this.settings.layers[Number(choice.value)] ?? null;
      this.tell(false);
      this.drawGround();
    });
  }

  /** Runs `act` when the button with this `data-act` is pressed. */
  onPress(name: string, act: () => void): void {
    this.element.querySelector(`[data-act=${name}]`)?.addEventListener("click", act);
  }
}

/** Milliseconds of a movement; none for who has asked for less motion. */
export const unhurried = (): number => matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 200;

/** What mouse and fingers do. The page's own scrolling goes first: the wheel zooms only a map that has been gone into. */
function ours() {
  const all = interactions({
    altShiftDragRotate: false, pinchRotate: false, dragPan: false, mouseWheelZoom: false, keyboard: false, doubleClickZoom: false,
    zoomDuration: unhurried(),
  });
  const pan: DragPan = new DragPan({
    condition: ({ originalEvent }) => (originalEvent as PointerEvent).pointerType !== "touch" || pan.getPointerCount() === 2,
  });
  all.push(pan);
  all.push(new MouseWheelZoom({ onFocusOnly: true, duration: unhurried() }));
  return all;
}

/** An address of our own, by whatever name this page was reached. */
function pathOf(href: string): string {
  const { pathname, search } = new URL(href, location.href);
  return pathname + search;
}
