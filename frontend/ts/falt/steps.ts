import type { App } from "./app";
import type { Seen } from "./model";

export type Taken = Seen["steps"][number];

/** So many steps the city takes of one observation. */
const MOST = 200;

/** A step of writing something down, now and here. */
export function step(app: App, name: string): Taken {
  return { step: name, at: new Date().toISOString(), position: app.where.now };
}

/** The steps with one more, where somebody has asked for them to be kept (B18). */
export function withStep(app: App, steps: Taken[], name: string): Taken[] {
  return app.settings.log && steps.length < MOST ? [...steps, step(app, name)] : steps;
}

/** Notes on the way to what is seen next, such as that a stop was opened: once for each time that its page is opened. */
export function noteOnWay(app: App, name: string): void {
  if (app.shown["noted"]) return;
  app.shown["noted"] = true;
  app.onWay = withStep(app, app.onWay, name);
}

/** What was noted on the way to what is seen now; what comes after is on the way to the next. */
export function takeOnWay(app: App): Taken[] {
  const taken = app.onWay;
  app.onWay = [];
  return taken;
}
