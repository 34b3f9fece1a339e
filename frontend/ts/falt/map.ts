import { type TemplateResult, html, nothing, svg } from "lit-html";
import { FORBIDDEN } from "./forbidden";
import { type Part, icon } from "./parts";
import { type Point, apart } from "./place";
import { _ } from "./texts";
import { type Kept, type Place, polygons } from "./walks";

/** Size of the drawing, in its own units. */
const [WIDTH, HEIGHT] = [360, 280];

/** What is drawn: the middle, how many metres it is across, a pin with its ring, and where one is. */
export interface View {
  middle: Point;
  across: number;
  pin?: Point;
  ring?: number | null;
  here?: Point | null;
  label: string;
}

/**
 * A map of what was fetched with the walk: places, way, stops, things with a number, and the ground where a base map was
 * fetched. A drawing (SVG), so that it needs no line and follows the phone's colours; all of it also stands in words.
 */
export function map(kept: Kept | null, view: View): TemplateResult {
  const unit = WIDTH / view.across;
  const at = (point: Point): [number, number] => {
    const [east, north] = apart(view.middle, point);
    return [WIDTH / 2 + east * unit, HEIGHT / 2 - north * unit];
  };
  const path = (points: Point[]): string => points.map((point, index) => `${index ? "L" : "M"}${at(point).map((each) => each.toFixed(1)).join(" ")}`).join("");
  const area = (place: Place): string => polygons(place.shape).flat().map((ring) => `${path(ring)}z`).join("");
  const near = ([x, y]: [number, number]): boolean => x > -20 && x < WIDTH + 20 && y > -20 && y < HEIGHT + 20;
  return html`<svg class="f-map" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label=${view.label} ?data-ground=${Boolean(kept?.tiles.length)}>
    ${(kept?.tiles ?? []).map((tile) => {
      const [[x, y], [x2, y2]] = [at([tile.box[0], tile.box[3]]), at([tile.box[2], tile.box[1]])];
      return x2 < 0 || x > WIDTH || y2 < 0 || y > HEIGHT ? nothing : svg`<image href=${tile.url} x=${x} y=${y} width=${x2 - x + 0.5} height=${y2 - y + 0.5} preserveAspectRatio="none"/>`;
    })}
    ${(kept?.places ?? []).map((place) => svg`<path class=${place.photo_policy === FORBIDDEN ? "f-map-off" : "f-map-place"} fill-rule="evenodd" d=${area(place)}/>`)}
    ${kept?.route ? svg`<path class="f-map-way" d=${path(kept.route.coordinates)}/>` : nothing}
    ${(kept?.assets ?? []).map((asset) => { const [x, y] = at(asset.point); return near([x, y]) ? svg`<path class="f-map-thing" d="M${x} ${y - 8}l8 8-8 8-8-8z"/>` : nothing; })}
    ${(kept?.stops ?? []).map((stop) => {
      if (!stop.point) return nothing;
      const [x, y] = at(stop.point);
      return near([x, y]) ? svg`<g class="f-map-stop"><circle cx=${x} cy=${y} r="14"/><text x=${x} y=${y + 5.5}>${stop.seq}</text></g>` : nothing;
    })}
    ${view.here ? svg`<circle class="f-map-here" cx=${at(view.here)[0]} cy=${at(view.here)[1]} r="9"/>` : nothing}
    ${view.pin ? pin(at(view.pin), (view.ring ?? 0) * unit) : nothing}
  </svg>`;
}

function pin([x, y]: [number, number], ring: number): Part {
  return svg`${ring > 4 ? svg`<circle class="f-map-ring" cx=${x} cy=${y} r=${ring}/>` : nothing}
    <path class="f-map-pin" d="M${x} ${y}c-3-12-17-20-17-34a17 17 0 1 1 34 0c0 14-14 22-17 34z"/><circle class="f-map-hole" cx=${x} cy=${y - 35} r="6"/>` as TemplateResult;
}

/** Whose the pictures of the ground are, which their owners ask to be said beside the map. */
export function whose(kept: Kept | null): Part {
  const owners = [...new Set((kept?.tiles ?? []).map((tile) => tile.attribution))];
  return owners.length ? html`<p class="mute small">${owners.join(" ")}</p>` : nothing;
}

/** The map with arrows at its edges, so that what moves is seen beside the finger. The arrow keys do the same. */
export function steered(drawing: TemplateResult, move: (east: number, north: number) => void): TemplateResult {
  const arrow = (name: string, east: number, north: number, label: string): TemplateResult =>
    html`<button type="button" class="ds-button f-steer-${name}" data-variant="secondary" data-color="accent" aria-label=${label} @click=${() => move(east, north)}>${icon(`to-${name}`)}</button>`;
  const keys: Record<string, [number, number]> = { ArrowUp: [0, 1], ArrowDown: [0, -1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };
  const pressed = (event: KeyboardEvent): void => {
    const way = keys[event.key];
    if (!way) return;
    event.preventDefault();
    move(...way);
  };
  return html`<div class="f-steer" tabindex="0" role="group" aria-label=${_("Flytta nålen med piltangenterna")} @keydown=${pressed}>${drawing}
    ${arrow("north", 0, 1, _("Norrut"))}${arrow("south", 0, -1, _("Söderut"))}${arrow("west", -1, 0, _("Västerut"))}${arrow("east", 1, 0, _("Österut"))}</div>`;
}
