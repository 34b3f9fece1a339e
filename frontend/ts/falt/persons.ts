import { _ } from "./texts";

/**
 * What looks like it tells of a person: a personal number, a telephone, a car. A warning, never a hindrance; the server
 * looks for the same (core/schema/persons.py), and neither keeps that it was found.
 */
export function looksPersonal(text: string): string {
  if (/\b(?:19|20)?\d{6}[-+ ]?\d{4}\b/.test(text)) return _("Ser ut som ett personnummer. Ta bort det.");
  if (/(?:\+46|\b0)[\d\s-]{7,12}\d\b/.test(text)) return _("Ser ut som ett telefonnummer. Ta bort det om det går till en person.");
  if (/\b[A-ZÅÄÖ]{3} ?\d{2}[A-ZÅÄÖ\d]\b/i.test(text)) return _("Ser ut som ett registreringsnummer. Ta bort det.");
  return "";
}
