import { Away, Refused, SignedOut, TooOld } from "../api";
import type { Sending } from "../send";
import { Full } from "../store";
import { _ } from "../texts";

/** Why the city was not reached, in words; what was to be sent is where it was, whichever it is. */
export function awayWords(reason: Exclude<Sending["away"], "">): string {
  return {
    line: _("Ingen täckning. Allt ligger kvar och skickas av sig själv."),
    stranger: _("Något annat än staden svarade, till exempel ett nät som kräver inloggning. Allt ligger kvar."),
    fault: _("Staden svarar inte just nu. Allt ligger kvar och skickas av sig själv."),
    busy: _("Många skickar just nu. Allt ligger kvar och skickas av sig själv."),
    "signed-out": _("Du är utloggad. Inget är borta. Det skickas när du har loggat in."),
    "too-old": _("Appen är för gammal för att skicka. Byt till den nya: det som väntar ligger kvar."),
    phone: _("Telefonen kunde inte läsa eller spara det som ska skickas. Det ligger kvar, och appen försöker igen. Händer det igen: stäng appen och öppna den på nytt."),
  }[reason];
}

/** The words for what went wrong. */
export function why(error: unknown): string {
  if (error instanceof Away) return awayWords(error.why);
  if (error instanceof SignedOut) return awayWords("signed-out");
  if (error instanceof TooOld) return awayWords("too-old");
  if (error instanceof Full) return _("Telefonen är full. Det senaste är inte sparat. Gör plats och försök igen.");
  return error instanceof Refused ? error.message : _("Det gick inte. Försök igen.");
}
