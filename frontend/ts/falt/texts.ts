import { fill } from "../text";

let catalogue: Record<string, string> = {};

/** Takes the texts of another language than Swedish; what is missing stays Swedish. */
export function speak(texts: Record<string, string>): void {
  catalogue = texts;
}

/** The text in the language of the page, with its values. The Swedish text is its name, as everywhere. */
export function _(text: string, values: Record<string, string | number> = {}): string {
  return fill(catalogue[text] ?? text, values);
}

/** A text whose words are translated where it is shown. */
export function N_(text: string): string {
  return text;
}

/** How many there are: the words for one, or those for any other number, `{n}`. */
export function many(n: number, one: string, other: string): string {
  return _(n === 1 ? one : other, { n });
}

/** The time of day as Swedish writes it: 18.42. */
export function hour(moment: string | number): string {
  return new Intl.DateTimeFormat("sv", { hour: "2-digit", minute: "2-digit", timeZone: "Europe/Stockholm" })
    .format(new Date(moment)).replace(":", ".");
}

/** The day and time: "26 november 18.42", or only the time when it is today. */
export function day(moment: string): string {
  const then = new Date(moment);
  const form = new Intl.DateTimeFormat(document.documentElement.lang, { day: "numeric", month: "long", timeZone: "Europe/Stockholm" });
  return form.format(then) === form.format(new Date()) ? hour(moment) : `${form.format(then)} ${hour(moment)}`;
}

/** Megabytes with one decimal, 0 for nothing alone, or gigabytes: "0,9 MB", "10,7 GB". */
export function megabytes(bytes: number): string {
  const number = new Intl.NumberFormat(document.documentElement.lang, { maximumFractionDigits: 1 });
  const mega = bytes ? Math.max(bytes / 1_000_000, 0.1) : 0;
  return mega < 1_000 ? `${number.format(mega)}\u00a0MB` : `${number.format(mega / 1_000)}\u00a0GB`;
}

/** Metres as people read them: whole, or kilometres with one decimal: "18 m", "5,2 km". */
export function metres(length: number): string {
  if (length >= 1_000) return `${new Intl.NumberFormat(document.documentElement.lang, { maximumFractionDigits: 1 }).format(length / 1_000)}\u00a0km`;
  return `${Math.round(length)}\u00a0m`;
}
