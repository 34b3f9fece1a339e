import { html, nothing } from "lit-html";
import type { App, Draw } from "../app";
import { Away, Refused, words } from "../api";
import { choicesOf } from "../kinds";
import type { Change, Seen } from "../model";
import { shownOf } from "../seen";
import { type Part, box, button, list, row, tiles, told, two, way } from "../parts";
import { _, day } from "../texts";
import { why } from "./away";
import { gone } from "./gone";
import { titleOf } from "./walk";

/** A change that met another, as the city tells it: both versions of each field, in words. */
interface Met {
  uid: string;
  record: string;
  version: number;
  made_at: string;
  theirs_at: string | null;
  who: string;
  reason: string;
  fields: { name: string; label: string; mine: string; theirs: string; both: boolean }[];
}

/** What has been changed both here and by somebody else, or could not be applied. */
export const reviews: Draw = async (app) => {
  void ask(app);
  const met = app.shown["met"] as Met[] | undefined;
  return {
    title: _("Behöver granskas"),
    back: [_("Hem"), "/falt"],
    main: html`<h1>${_("Behöver granskas")}</h1>
      ${app.shown["said"] ? html`<p role="status">${app.shown["said"]}</p>` : nothing}
      ${met && !met.length ? html`<p>${_("Inget behöver granskas.")}</p>` : nothing}
      ${list(await Promise.all((met ?? []).map(async (one) => {
        const seen = await app.seen(one.record);
        return row(seen ? await title(app, seen) : _("En iakttagelse"), { href: `/falt/granska/${one.uid}`, icon: "eye", sub: one.reason });
      })))}`,
    foot: way(_("Hem"), "/falt"),
  };
};

/** Two versions beside each other: chosen field by field, and nothing is lost whatever is chosen. */
export const reviewOne: Draw = async (app, [uid = ""]) => {
  await ask(app);
  const met = ((app.shown["met"] as Met[] | undefined) ?? []).find((one) => one.uid === uid);
  if (!met) return gone(app.shown["said"] ? String(app.shown["said"]) : _("Det är redan valt"), "/falt/granska", _("Behöver granskas"));
  const seen = await app.seen(met.record);
  const chosen = (app.shown["chosen"] as Record<string, string> | undefined) ?? {};
  const choose = (name: string, value: string): void => { app.shown["chosen"] = { ...(app.shown["chosen"] as object | undefined), [name]: value }; app.schedule(); };
  const done = met.fields.filter((one) => chosen[one.name]).length;
  return {
    title: _("Behöver granskas"),
    back: [_("Behöver granskas"), "/falt/granska"],
    main: html`<h1>${seen ? await title(app, seen) : _("En iakttagelse")}</h1>
      <p>${told(_("Behöver granskas"), "eye", "warning")}</p>
      <p>${_("Du ändrade i telefonen {mine}. {who} ändrade {theirs}. Välj vad som ska gälla. Inget försvinner: det andra finns kvar i journalen.", { mine: day(met.made_at), who: met.who || _("Någon annan"), theirs: met.theirs_at ? day(met.theirs_at) : _("på kontoret") })}</p>
      ${met.fields.map((one) => field(one, chosen[one.name] ?? "", choose))}
      ${met.fields.length ? nothing : html`<p>${met.reason}</p>`}
      ${app.shown["said"] ? html`<div role="alert">${box(_("Det gick inte att spara valet"), html`<p>${app.shown["said"]}</p>`, { icon: "danger", tone: "warning" })}</div>` : nothing}`,
    foot: html`<p class="small" role="status">${_("{n} av {of} valda", { n: done, of: met.fields.length })}</p>${two(way(_("Senare"), "/falt/granska", { kind: "secondary" }), button(_("Spara valet"), () => settle(app, met, (app.shown["chosen"] as Record<string, string> | undefined) ?? {})))}`,
  };
};

function field(one: Met["fields"][number], chosen: string, choose: (name: string, value: string) => void): Part {
  const choices = [
    { value: "mine", label: one.mine || _("Tomt"), sub: _("Din") },
    { value: "theirs", label: one.theirs || _("Tomt"), sub: _("Sparad hos staden") },
    ...(one.both ? [{ value: "both", label: _("Behåll båda texterna") }] : []),
  ];
  return tiles(`val-${one.name}`, one.label, choices, chosen, (value) => choose(one.name, value));
}

async function ask(app: App): Promise<void> {
  const { shown } = app;
  if (shown["asked"]) return;
  shown["asked"] = true;
  try {
    const { status, body } = await app.city.ask("GET", "/api/v1/sync/changes?mine=true");
    if (status < 300) shown["met"] = body.items;
    else shown["said"] = words(body);
  } catch (error) {
    shown["said"] = why(error);
  }
  app.schedule();
}

async function settle(app: App, met: Met, choices: Record<string, string>): Promise<void> {
  const { shown } = app;
  try {
    const { status, body } = await app.city.ask("POST", `/api/v1/sync/changes/${met.uid}/choice`, { json: { version: met.version, choices } });
    if (status >= 400) throw new Refused(words(body));
    await app.store.change<Change>(met.uid, "change", (change) => ({ ...change, state: "settled", reason: "" }));
    await app.store.change<Seen>(met.record, "seen", (seen) => settled(seen, body.fields ?? {}, body.record_version));
    app.changed();
    app.go("/falt/granska");
  } catch (error) {
    shown["said"] = error instanceof Away ? _("Det går inte utan täckning. Valet kan vänta.") : why(error);
    app.schedule();
  }
}

/** What the phone shows after the choice is what the city has now. */
function settled(seen: Seen, fields: Record<string, unknown>, version: number | undefined): Seen {
  const city = seen.city && { version: version ?? seen.city.version, fields: { ...seen.city.fields, ...fields } };
  return { ...seen, ...shownOf(fields), city, state: "received", reason: "" };
}

async function title(app: App, seen: Seen): Promise<string> {
  const kept = seen.walk ? await app.walk(seen.walk) : null;
  return _("{kind}, iakttagelse {n}", { kind: titleOf(seen, await choicesOf(app, kept)), n: seen.number });
}
