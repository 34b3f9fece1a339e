import { html, nothing, render } from "lit-html";
import { City } from "./api";
import { isNewer } from "./fresh";
import { type Ledger, headline, ledger, waits } from "./ledger";
import type { Change, Device, Photo, Seen, Track } from "./model";
import { why } from "./pages/away";
import { failed, slow } from "./pages/failed";
import { type Part, box, icon } from "./parts";
import { Where } from "./place";
import { freePhotos } from "./room";
import { Sender } from "./send";
import { TILES } from "./tiles";
import type { Taken } from "./steps";
import { Full, Store } from "./store";
import { _ } from "./texts";
import { Way } from "./track";
import type { Kept, ToFetch } from "./walks";

/** A page of the app: what stands on it, where back leads in words, and the one thing to do next in the foot. */
export interface Page {
  title: string;
  back?: [text: string, href: string];
  main: Part | Part[];
  foot?: Part;
}

/** A walk on its way into the phone: how much of it is here, what went wrong, how it is stopped, and when it is over. */
export interface Fetching {
  done: number;
  total: number;
  fault: string;
  stop: AbortController;
  over: Promise<void>;
}

/** Draws a page from what the phone holds now; drawn again when that changes. */
export type Draw = (app: App, parts: string[]) => Promise<Page>;

/** What somebody has chosen on this phone; nothing personal. */
export interface Settings {
  look: "auto" | "light" | "dark" | "sun";
  originals: boolean;
  track: boolean;
  log: boolean;
}

const CHOSEN = "tp-falt";
/** So long a new position waits to be shown, with those that come meanwhile. */
const MOVED_MS = 1_500;
/** So often at most it is said aloud how much has come to the city. */
const TELL_MS = 10_000;
/** How many things wait, beside the store: where it says more than the store holds, the browser has emptied it. */
const WAITING = "tp-falt-vantar";
const LOST = "tp-falt-borta";
const EMPTIED = "/falt/tomd";
const CHANNEL = "tryggplats-falt";
/** What the other tabs are told when somebody has signed out, or in as another. */
const LEFT = "left";
/** After so long without a page it is said that the phone is slow, so that nobody looks at an empty screen. */
const SLOW_MS = 4_000;
/** Pages where the phone follows where it is, or may soon be asked to. */
const WALKING = /^\/falt\/(vandring|ny|sort|sparad|sedd|lage|rita)\//;
const USUAL: Settings = { look: "auto", originals: false, track: false, log: false };

/** The app: the store, the line to the city, and which page is shown. */
export class App {
  readonly store = new Store();
  readonly where = new Where();
  readonly city: City;
  readonly sender: Sender;
  readonly way = new Way(this);
  book: Ledger = ledger([], [], [], 0);
  device: Device | null = null;
  /** A page's own matters while it is shown, such as a choice that is not saved; gone when another comes. */
  shown: Record<string, unknown> = {};
  /** The walks that the city offered when it was last asked. */
  offered: ToFetch[] = [];
  /** The walks that are being fetched now. */
  readonly fetching = new Map<string, Fetching>();
  /** So many photos more fit in the phone. */
  room = Infinity;
  /** Steps that were noted since something was last seen (steps.ts). */
  onWay: Taken[] = [];
  private page = "";
  private fault = "";
  private leaving: (() => void)[] = [];
  private scheduled = false;
  private moving = false;
  private told = { count: 0, at: 0 };
  private drawing: Promise<void> = Promise.resolve();
  private nextDrawing: Promise<void> | null = null;
  private readonly pictures = new Map<string, string>();
  private readonly tabs = new BroadcastChannel(CHANNEL);

  constructor(private readonly routes: [RegExp, Draw][]) {
    this.city = new City(() => this.store.theKeys(), async () => this.device?.token ?? null);
    this.sender = new Sender(this.store, this.city, () => this.changed());
    this.tabs.onmessage = ({ data }) => (data === LEFT ? location.assign("/falt") : this.schedule());
    this.where.follow(() => this.moved());
  }

  async begin(): Promise<void> {
    const late = setTimeout(() => this.put(slow()), SLOW_MS);
    try {
      this.device = (await this.store.read<Device>("device")) ?? null;
      if (await this.emptied()) history.replaceState(null, "", EMPTIED);
    } catch (error) {
      reportError(error);
      this.put(failed(() => location.reload()));
      return;
    } finally {
      clearTimeout(late);
    }
    addEventListener("popstate", () => void this.show());
    document.addEventListener("click", (event) => this.followed(event));
    addEventListener("unhandledrejection", ({ reason }) => this.stumbled(reason));
    for (const name of ["online", "offline"]) addEventListener(name, () => this.schedule());
    this.applyLook();
    await this.show();
    if (this.device) this.sender.wake();
  }

  /** Goes to another page of the app. */
  go(path: string, replace = false): void {
    history[replace ? "replaceState" : "pushState"](null, "", path);
    void this.show();
  }

  /** Draws the page of the address, and gives its heading the focus. */
  async show(): Promise<void> {
    const path = location.pathname.replace(/\/$/, "") || "/falt";
    if (this.page !== path) this.left(path);
    this.page = path;
    await this.draw();
    if (this.page !== path) return; // somebody has gone on
    const heading = document.querySelector<HTMLElement>("main h1") ?? document.querySelector<HTMLElement>("main");
    heading?.setAttribute("tabindex", "-1");
    heading?.focus({ preventScroll: true });
    scrollTo(0, 0);
  }

  /** Calls `act` when somebody goes on to another page. */
  whenLeft(act: () => void): void {
    this.leaving.push(act);
  }

  private left(path: string): void {
    this.leaving.splice(0).forEach((act) => act());
    [this.shown, this.fault] = [{}, ""];
    this.sender.letGo(path);
    if (!this.way.isOn && !WALKING.test(path)) this.where.rest();
  }

  /** Says on the page what went wrong with what somebody did there; what was kept before stands. */
  private stumbled(error: unknown): void {
    this.fault = why(error);
    this.schedule();
  }

  /** Draws what is shown again, soon: something that it tells may have changed. */
  schedule(): void {
    if (this.scheduled) return;
    this.scheduled = true;
    setTimeout(() => {
      this.scheduled = false;
      void this.draw();
    }, 50);
  }

  /**
   * Draws again where the phone has moved, at times, on the pages that tell of it: the nearest stop, and a place where
   * nobody may photograph. A drawing reads all that the phone holds, which costs power.
   */
  private moved(): void {
    if (this.moving || !/^\/falt\/(vandring|lage)\//.test(this.page)) return;
    this.moving = true;
    setTimeout(() => {
      this.moving = false;
      this.schedule();
    }, MOVED_MS);
  }

  /** Tells every tab that what the phone holds is another. */
  changed(): void {
    this.tabs.postMessage(null);
    this.schedule();
  }

  /** Says a sentence to those who hear the page. */
  say(words: string): void {
    const region = document.querySelector("#sagt");
    if (region) region.textContent = words;
  }

  async walk(uid: string): Promise<Kept | null> {
    return (await this.store.read<Kept>(uid)) ?? null;
  }

  async walks(): Promise<Kept[]> {
    const kept = await this.store.list<Kept>("walk");
    return kept.sort((one, other) => one.walk.planned_at.localeCompare(other.walk.planned_at));
  }

  async seen(uid: string): Promise<Seen | null> {
    return (await this.store.read<Seen>(uid)) ?? null;
  }

  photosOf(seen: Seen): Photo[] {
    return seen.photos.flatMap((uid) => this.book.photos.find((photo) => photo.uid === uid) ?? []);
  }

  /** The address of a small picture that the phone holds; null when there is none. */
  async picture(uid: string): Promise<string | null> {
    const known = this.pictures.get(uid);
    if (known) return known;
    const bytes = await this.store.bytes(`small:${uid}`);
    if (!bytes) return null;
    const made = URL.createObjectURL(new Blob([bytes], { type: "image/jpeg" }));
    this.pictures.set(uid, made);
    return made;
  }

  /** Forgets what was somebody's: stops what is being fetched, lets `wipe` empty the store, and starts other tabs anew. */
  async forget(wipe: () => Promise<void>): Promise<void> {
    this.fetching.forEach((one) => one.stop.abort());
    await Promise.allSettled([...this.fetching.values()].map((one) => one.over));
    await wipe();
    await caches.delete(TILES);
    this.pictures.forEach((address) => URL.revokeObjectURL(address));
    this.pictures.clear();
    this.offered = [];
    this.onWay = [];
    this.tabs.postMessage(LEFT);
  }

  /** How many things waited when the browser emptied the store; 0 where it has not. */
  get lost(): number {
    return Number(localStorage.getItem(LOST) ?? 0);
  }

  /** Somebody has read that things were lost. */
  noted(): void {
    localStorage.removeItem(LOST);
  }

  /** Notes where the browser has thrown away what waited; false where it has not, or somebody has read that it has. */
  private async emptied(): Promise<boolean> {
    const waited = localStorage.getItem(WAITING);
    const kept = waited ? await Promise.all(["seen", "photo", "change", "track"].map((kind) => this.store.list(kind))) : [];
    if (waited && kept.every((those) => !those.length)) localStorage.setItem(LOST, waited);
    return this.lost > 0;
  }

  get settings(): Settings {
    try {
      return { ...USUAL, ...(JSON.parse(localStorage.getItem(CHOSEN) ?? "{}") as Partial<Settings>) };
    } catch {
      return USUAL;
    }
  }

  choose(change: Partial<Settings>): void {
    localStorage.setItem(CHOSEN, JSON.stringify({ ...this.settings, ...change }));
    this.applyLook();
    this.changed();
  }

  private applyLook(): void {
    const { look } = this.settings;
    document.documentElement.dataset["colorScheme"] = look === "sun" ? "light" : look;
    document.documentElement.toggleAttribute("data-sun", look === "sun");
  }

  /** Draws the page of the address: never two at once, and what is asked for meanwhile once more, as it then is. */
  private draw(): Promise<void> {
    this.nextDrawing ??= this.drawing.then(() => {
      this.nextDrawing = null;
      this.drawing = this.drawNow();
      return this.drawing;
    });
    return this.nextDrawing;
  }

  /** Draws what there is to show, and says so where a page fails: nobody shall stand there with an empty screen. */
  private async drawNow(): Promise<void> {
    const path = location.pathname;
    try {
      await this.recount();
      const [draw, parts] = this.routed();
      const page = await draw(this, parts);
      if (location.pathname === path) this.put(page); // else another page is asked for, and comes next
    } catch (error) {
      reportError(error);
      this.put(failed(() => void this.show(), error instanceof Full ? why(error) : ""));
    }
  }

  private put(page: Page): void {
    document.title = `${page.title} – Tryggplats`;
    const fault = this.fault ? html`<div role="alert">${box(_("Det gick inte"), html`<p>${this.fault}</p>`, { icon: "danger", tone: "danger" })}</div>` : nothing;
    render(page.main, this.part("#innehall"));
    render(fault, this.part("#fel"));
    render(page.foot ? html`<section class="f-foot" aria-label=${_("Nästa steg")}><div>${page.foot}</div></section>` : nothing, this.part("#fot"));
    this.head(page.back);
  }

  private head(back: Page["back"]): void {
    const status = headline(this.book, this.sender.now, navigator.onLine);
    render(html`${back
      ? html`<a class="f-back" href=${back[1]}>${icon("back")}<span>${back[0]}</span></a>`
      : html`<div class="f-name">Tryggplats<span>${this.device?.organisation ?? ""}</span></div>`}
      ${this.device ? html`<a class="f-status" href="/falt/sandlista"><strong>${status.text}</strong><span>${status.sub}</span></a>` : nothing}
      ${isNewer() ? html`<a class="f-new" href="/falt/ny-version"><strong>${_("Ny version finns")}</strong></a>` : nothing}`, this.part("#huvud"));
  }

  /** Counts anew what is where: another tab may have changed it. */
  async recount(): Promise<void> {
    const [seen, photos, changes, tracks] = await Promise.all([
      this.store.list<Seen>("seen"), this.store.list<Photo>("photo"), this.store.list<Change>("change"), this.store.list<Track>("track"),
    ]);
    this.book = ledger(seen, photos, changes, Date.now(), tracks);
    this.room = await freePhotos();
    this.tellOf(this.book);
    const count = waits(this.book);
    if (!count && this.device && !(await this.store.read("device")) && (await this.emptied())) this.go(EMPTIED, true);
    if (count) localStorage.setItem(WAITING, String(count));
    else localStorage.removeItem(WAITING);
  }

  /** Says to those who hear the page how much has come to the city: when all has, else now and then. */
  private tellOf({ here, waiting }: Ledger): void {
    const more = here.length > this.told.count && this.told.at > 0;
    if (more && waiting.length && Date.now() - this.told.at < TELL_MS) return;
    if (more) this.say(_("{n} av {all} iakttagelser är mottagna av staden.", { n: here.length, all: here.length + waiting.length }));
    this.told = { count: here.length, at: Date.now() };
  }

  private routed(): [Draw, string[]] {
    const path = location.pathname.replace(/\/$/, "");
    for (const [pattern, draw] of this.routes) {
      const found = pattern.exec(path);
      if (found) return [draw, found.slice(1).map((one) => one ?? "")];
    }
    throw new Error(`no page at ${path}`);
  }

  private followed(event: MouseEvent): void {
    const link = (event.target as Element).closest<HTMLAnchorElement>("a[href^='/falt']");
    if (!link || event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || link.hasAttribute("download")) return;
    event.preventDefault();
    this.go(link.pathname + link.search);
  }

  private part(name: string): HTMLElement {
    const found = document.querySelector<HTMLElement>(name);
    if (!found) throw new Error(`no ${name} in the shell`);
    return found;
  }
}
