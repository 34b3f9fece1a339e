import { type TemplateResult, html, nothing, svg } from "lit-html";
import { unsafeSVG } from "lit-html/directives/unsafe-svg.js";
import drawings from "../../../templates/ui/icons.json";
import { _ } from "./texts";

/**
 * What the phone's pages are made of: the same parts as `templates/ui/phone.html`, drawn in the phone. Nothing else in
 * the app writes Designsystemet's classes.
 */
export type Part = TemplateResult | typeof nothing | string;

const icons: Record<string, string> = drawings;

export function icon(name: string, small = false): TemplateResult {
  return html`<svg class="f-icon${small ? " f-arrow" : ""}" viewBox="0 0 24 24" aria-hidden="true" focusable="false">${svg`${unsafeSVG(icons[name] ?? icons["pen"])}`}</svg>`;
}

interface Looks {
  icon?: string;
  kind?: "primary" | "secondary" | "danger";
}

/** A button that does something here. */
export function button(text: string, act: () => unknown, looks: Looks = {}): TemplateResult {
  const kind = looks.kind ?? "primary";
  return html`<button class="ds-button" type="button" data-variant=${kind === "primary" ? "primary" : "secondary"}
    data-color=${kind === "danger" ? "danger" : "accent"} @click=${act}>${looks.icon ? icon(looks.icon) : nothing}<span>${text}</span></button>`;
}

/** A link that looks like a button. */
export function way(text: string, href: string, looks: Looks = {}): TemplateResult {
  const kind = looks.kind ?? "primary";
  return html`<a class="ds-button" data-variant=${kind === "primary" ? "primary" : "secondary"}
    data-color=${kind === "danger" ? "danger" : "accent"} href=${href}>${looks.icon ? icon(looks.icon) : nothing}<span>${text}</span></a>`;
}

/** The phone's own camera, or its photos, as a button. */
export function camera(text: string, take: (files: File[]) => unknown, looks: Looks & { multiple?: boolean; capture?: boolean; accept?: string } = {}): TemplateResult {
  const chosen = (event: Event): void => {
    const input = event.target as HTMLInputElement;
    const files = [...(input.files ?? [])];
    input.value = ""; // the same file may be chosen again
    if (files.length) take(files);
  };
  return html`<label class="ds-button f-file" data-variant=${looks.kind === "secondary" ? "secondary" : "primary"} data-color="accent">
    ${icon(looks.icon ?? "camera")}<span>${text}</span>
    <input type="file" accept=${looks.accept ?? "image/*"} capture=${looks.capture === false ? nothing : "environment"} ?multiple=${looks.multiple ?? false} @change=${chosen}></label>`;
}

/** One matter in a box. */
export function box(title: string, body: Part | Part[], more: { icon?: string; tone?: string; level?: 1 | 2; says?: boolean } = {}): TemplateResult {
  const head = html`${more.icon ? icon(more.icon) : nothing}<span>${title}</span>`;
  const level = more.level === 1 ? html`<h1 class="f-box-head" tabindex="-1">${head}</h1>` : html`<h2 class="f-box-head">${head}</h2>`;
  const drawn = html`<section class="f-box" data-color=${more.tone ?? nothing}>${level}${body}</section>`;
  return more.says ? html`<div role="status">${drawn}</div>` : drawn;
}

export function list(rows: (TemplateResult | typeof nothing)[]): TemplateResult | typeof nothing {
  return rows.length ? html`<ul class="f-list">${rows}</ul>` : nothing;
}

interface Row {
  href?: string;
  act?: () => unknown;
  sub?: string;
  icon?: string;
  number?: number;
  done?: boolean;
  picture?: string | null;
  more?: Part;
}

/** A row of a list: the whole of it is the target. */
export function row(title: string, about: Row = {}): TemplateResult {
  const body = html`
    ${about.picture ? html`<img src=${about.picture} alt="">` : nothing}
    ${about.picture === null ? html`<span class="f-number" aria-hidden="true">${icon("camera")}</span>` : nothing}
    ${about.number !== undefined ? html`<span class="f-number" ?data-done=${about.done ?? false}>${about.number}</span>` : nothing}
    ${about.icon ? icon(about.icon) : nothing}
    <span class="f-middle"><strong>${title}</strong>${about.sub ? html`<span>${about.sub}</span>` : nothing}${about.more ?? nothing}</span>
    ${about.href || about.act ? icon("arrow", true) : nothing}`;
  if (about.href) return html`<li><a class="f-post" href=${about.href}>${body}</a></li>`;
  if (about.act) return html`<li><button type="button" class="f-post" @click=${about.act}>${body}</button></li>`;
  return html`<li><div class="f-post">${body}</div></li>`;
}

/** Where something is, in words and with a shape of its own; the tone is the third sign. */
export function told(text: string, drawing: string, tone = ""): TemplateResult {
  return html`<span class="f-state" data-color=${tone || nothing}>${icon(drawing)}<span>${text}</span></span>`;
}

export function progress(done: number, total: number, label: string, text = ""): TemplateResult {
  return html`<div class="f-count"><b>${_("{done} av {total}", { done, total })}</b><span>${text}</span></div>
    <progress max=${Math.max(total, 1)} value=${done} aria-label=${label}>${done}/${total}</progress>`;
}

export interface Choice {
  value: string;
  label: string;
  icon?: string;
  sub?: string;
}

/** Choices as big surfaces: a chosen one is filled and checked. `asked` is drawn beneath the chosen one. */
export function tiles(name: string, legend: Part, choices: Choice[], chosen: string, choose: (value: string) => unknown, asked: Part = nothing): TemplateResult {
  return html`<fieldset><legend>${legend}</legend><div class="f-tiles" ?data-icons=${choices.some((one) => one.icon)}>
    ${choices.map((one) => html`<label><input type="radio" name=${name} value=${one.value} .checked=${one.value === chosen}
      @change=${() => choose(one.value)}>${one.icon ? icon(one.icon) : nothing}<span>${one.label}${one.sub ? html`<small>${one.sub}</small>` : nothing}</span></label>
      ${one.value === chosen ? asked : nothing}`)}
  </div></fieldset>`;
}

export function tick(text: string, sub: string, on: boolean, change: (on: boolean) => unknown, looks: { icon?: string; tone?: string } = {}): TemplateResult {
  return html`<label class="f-tick" data-color=${looks.tone ?? nothing}><input type="checkbox" .checked=${on}
    @change=${(event: Event) => change((event.target as HTMLInputElement).checked)}>${looks.icon ? icon(looks.icon) : nothing}
    <span>${text}${sub ? html`<small>${sub}</small>` : nothing}</span></label>`;
}

/** A line or some lines of text, kept as they are written; by the app alone, not by the browser for its next start. */
export function text(id: string, label: string, value: string, write: (value: string) => unknown, more: { hint?: string; lines?: boolean; warning?: string; suffix?: string; mode?: string; max?: number } = {}): TemplateResult {
  const input = (event: Event): unknown => write((event.target as HTMLInputElement).value);
  const writing = document.activeElement?.id === id ? (document.activeElement as HTMLInputElement).value : value; // never behind who writes
  const said = [more.hint ? `${id}-hint` : "", more.warning ? `${id}-warning` : ""].filter(Boolean).join(" ") || nothing;
  return html`<div class="ds-field"><label class="ds-label" for=${id}>${label}</label>
    ${more.hint ? html`<p class="mute small" id="${id}-hint">${more.hint}</p>` : nothing}
    ${more.lines
      ? html`<textarea class="ds-input" id=${id} rows="4" autocomplete="off" maxlength=${more.max ?? nothing} aria-describedby=${said} .value=${writing} @input=${input}></textarea>`
      : html`<input class="ds-input" id=${id} type="text" autocomplete="off" inputmode=${more.mode ?? nothing} maxlength=${more.max ?? nothing} aria-describedby=${said} .value=${writing} @input=${input}>`}
    ${more.warning ? html`<p class="tp-error" id="${id}-warning" role="status">${icon("danger")}<span>${more.warning}</span></p>` : nothing}</div>`;
}

export function buttons(...those: (TemplateResult | typeof nothing)[]): TemplateResult {
  return html`<div class="f-buttons">${those}</div>`;
}

export function two(small: TemplateResult, big: TemplateResult): TemplateResult {
  return html`<div class="f-two">${small}${big}</div>`;
}

export function facts(pairs: [string, string][]): TemplateResult {
  return html`<dl class="tp-dl">${pairs.filter(([, value]) => value).map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl>`;
}

/** A photo to the left, what is known of it to the right. */
export function photoLine(src: string | null, alt: string, body: Part): TemplateResult {
  return html`<div class="f-photo">${src ? html`<img src=${src} alt=${alt}>` : nothing}<div>${body}</div></div>`;
}
