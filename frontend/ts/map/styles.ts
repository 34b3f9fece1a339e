import type { FeatureLike } from "ol/Feature";
import type { Point } from "ol/geom";
import { Circle, Fill, RegularShape, Stroke, Style, Text } from "ol/style";
import type ImageStyle from "ol/style/Image";
import { mixed, thin, type Palette } from "./palette";

/** A mark is always drawn; of names that would cover a mark or each other one is left out. */
const KEPT = "obstacle";

/** `few` areas have their names also where there is little room; `spotOf` says where an area has its number, if it has one. */
export interface Look { palette: Palette; lit: boolean; few?: boolean; spotOf?: (area: FeatureLike) => Point | undefined }

/** The shape says how urgent it is, as everywhere (ui/state.html): triangle late, diamond open, circle nothing to do. */
function mark(state: unknown, { palette, lit }: Look): ImageStyle {
  const late = state === "late" || state === "worst";
  const fill = new Fill({ color: late ? palette.danger : lit ? palette.accent : palette.ground });
  const stroke = new Stroke({ color: late ? palette.ground : palette.ink, width: lit ? 3 : 1.5 });
  const radius = lit ? 11 : 9;
  if (late) return new RegularShape({ points: 3, radius: radius + 2, fill, stroke, declutterMode: KEPT });
  if (state === "today" || state === "soon" || state === "open") return new RegularShape({ points: 4, radius, fill, stroke, declutterMode: KEPT });
  return new Circle({ radius: radius - 2, fill, stroke, declutterMode: KEPT });
}

export function words(text: string, { palette, lit }: Look, offsetY: number, overflow = true): Text {
  return new Text({
    text,
    font: `${lit ? 600 : 500} 13px ${palette.font}`,
    fill: new Fill({ color: palette.ink }),
    stroke: new Stroke({ color: palette.ground, width: 3 }),
    offsetY,
    overflow,
  });
}

/** One thing, or several that lie too close to tell apart: their number. */
export function pointStyle(group: FeatureLike[], look: Look): Style {
  const [one] = group;
  const { palette } = look;
  if (one && group.length === 1) {
    const label = one.get("label") as string | undefined;
    const text = words(label ?? String(one.get("name") ?? ""), look, label ? 0 : -20);
    return new Style({ image: mark(one.get("state"), look), text, zIndex: look.lit ? 2 : 1 });
  }
  return new Style({
    image: new Circle({ radius: 13, fill: new Fill({ color: palette.accent }), stroke: new Stroke({ color: palette.ground, width: 2 }) }),
    text: new Text({ text: String(group.length), font: `600 13px ${palette.font}`, fill: new Fill({ color: palette.accentInk }) }),
  });
}

/** How much of the accent is in a shade, 1 to 5: one colour from light to dark (as frontend/css/chart.css has it). */
const SHADES = [0, 0.1, 0.3, 0.5, 0.72, 0.95];
const patterns = new Map<string, CanvasPattern | null>();

/** What has no value is no shade: lines where a figure is missing, dots where its source does not tell it. */
function pattern(status: unknown, { mute, ground }: Palette): CanvasPattern | null {
  const key = `${status} ${mute} ${ground}`;
  const known = patterns.get(key);
  if (known !== undefined) return known;
  const tile = document.createElement("canvas");
  tile.width = tile.height = 8;
  const pen = tile.getContext("2d");
  if (!pen) return null;
  pen.fillStyle = ground;
  pen.fillRect(0, 0, 8, 8);
  pen.fillStyle = pen.strokeStyle = mute;
  if (status === "undertryckt") [[2, 2], [6, 6]].forEach(([x, y]) => { pen.beginPath(); pen.arc(x!, y!, 1.1, 0, 7); pen.fill(); });
  else [[-2, 2, 2, -2], [0, 8, 8, 0], [6, 10, 10, 6]].forEach(([x, y, u, v]) => { pen.beginPath(); pen.moveTo(x!, y!); pen.lineTo(u!, v!); pen.stroke(); });
  const made = pen.createPattern(tile, "repeat");
  patterns.set(key, made);
  return made;
}

/** Pixels from an area's number to its name. */
const NAME_BENEATH = 36;

/** The number of an area, which is always drawn: what it is called stands beneath the map. */
export function numeralStyle(text: string, spot: Point, { palette }: Look): Style {
  return new Style({
    geometry: spot,
    text: new Text({
      text,
      font: `600 13px ${palette.font}`,
      fill: new Fill({ color: palette.ink }),
      backgroundFill: new Fill({ color: palette.ground }),
      backgroundStroke: new Stroke({ color: palette.ink, width: 1 }),
      padding: [1, 4, 0, 4],
      overflow: true,
      declutterMode: KEPT,
    }),
  });
}

/** An area with its figure: a shade for a value, a pattern for none, its name and figure where there is room. */
function figureStyle(feature: FeatureLike, look: Look): Style[] {
  const { palette, lit } = look;
  const shade = feature.get("shade") as number | null;
  const color = shade ? mixed(palette.accent, palette.ground, SHADES[shade] ?? 1) : pattern(feature.get("status"), palette) ?? palette.ground;
  const spot = look.spotOf?.(feature);
  const zIndex = lit ? 2 : 1;
  const text = words(`${feature.get("name")}\n${feature.get("number")}`, look, spot ? NAME_BENEATH : 0, look.few ?? false);
  const area = new Style({
    fill: new Fill({ color }),
    stroke: new Stroke({ color: lit ? palette.ink : palette.line, width: lit ? 3.5 : 1 }),
    zIndex,
  });
  return [area, new Style({ text, zIndex, ...(spot ? { geometry: spot } : {}) })];
}

export function shapeStyle(feature: FeatureLike, look: Look): Style | Style[] {
  const { palette, lit } = look;
  if (feature.get("part") === "figure") return figureStyle(feature, look);
  if (feature.get("part") === "control") {
    return new Style({
      stroke: new Stroke({ color: palette.ink, width: 1.5, lineDash: [6, 5] }),
      text: words(`${feature.get("title")}: ${feature.get("name")}`, look, 0),
    });
  }
  if (feature.get("part") === "drawing") return drawingStyle(feature, look);
  if (feature.get("part") === "track") {
    return new Style({ stroke: new Stroke({ color: palette.ink, width: 2.5, lineDash: [1, 6], lineCap: "round" }) });
  }
  return new Style({
    fill: new Fill({ color: thin(palette.accent, lit ? 0.4 : 0.18) }),
    stroke: new Stroke({ color: palette.accent, width: lit ? 4 : 2 }),
  });
}

/** What a party has drawn: its line says which kind it is, its words what and by whom. */
const LINES: Record<string, number[]> = { trygg: [8, 5], handelser: [2, 5], strak: [14, 5, 2, 5] };

function drawingStyle(feature: FeatureLike, look: Look): Style {
  const { palette, lit } = look;
  const kind = String(feature.get("kind"));
  const color = kind === "otrygg" ? palette.danger : palette.accent;
  const whose = feature.get("title") ? ` (${feature.get("title")})` : "";
  return new Style({
    fill: new Fill({ color: thin(color, lit ? 0.35 : 0.14) }),
    stroke: new Stroke({ color, width: lit ? 4 : 2.5, lineDash: LINES[kind] ?? [] }),
    text: words(`${feature.get("name")}${whose}`, look, 0),
  });
}

export function areaStyle(feature: FeatureLike, palette: Palette, alone: boolean): Style {
  const approximate = feature.get("approximate") ? { lineDash: [3, 4] } : {};
  const style = new Style({
    stroke: new Stroke({ color: palette.line, width: 1.2, ...approximate }),
    text: new Text({
      text: String(feature.get("name") ?? ""),
      font: `400 13px ${palette.font}`,
      fill: new Fill({ color: palette.mute }),
      stroke: new Stroke({ color: palette.ground, width: 3 }),
      overflow: true,
    }),
  });
  if (alone) style.setFill(new Fill({ color: palette.ground }));
  return style;
}

/** Where the keyboard is: a cross with a gap in the middle. */
export function crossStyle(palette: Palette): Style[] {
  const cross = (color: string, width: number): Style => new Style({
    image: new RegularShape({ points: 4, radius: 15, radius2: 0, stroke: new Stroke({ color, width }) }),
    zIndex: 9,
  });
  return [cross(palette.ground, 5), cross(palette.ink, 2)];
}
