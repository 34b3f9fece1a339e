import { _, N_ } from "./texts";

/** What looks like it tells of a person, each with what people are told: the same as core/schema/persons.py. */
const WARNINGS: [(plain: string) => boolean, string][] = [
  [hasPersonalNumber, N_("Ser ut som ett personnummer. Ta bort det.")],
  [(plain) => PHONE.test(plain), N_("Ser ut som ett telefonnummer. Ta bort det om det går till en person.")],
  [(plain) => EMAIL.test(plain), N_("Ser ut som en e-postadress. Ta bort den om den går till en person.")],
  [(plain) => PLATE.test(plain), N_("Ser ut som ett registreringsnummer. Ta bort det om bilen har en ägare som går att hitta.")],
];

const NUMBER = /(?<![0-9])(19|20)?([0-9]{2})([0-9]{2})([0-9]{2})([ ]?[-+]?[ ]?)([0-9]{4})(?![0-9])/g;
const PHONE = /(?<![\p{L}\p{N}_])(?<![\p{L}\p{N}_][-.])(?:(?:\+46|0046)[ -]?(?:\(0\)[ -]?)?|0)[1-9](?:[ \/-]{0,2}[0-9]){6,9}(?![0-9])/u;
const EMAIL = /[\p{L}\p{N}_.+%-]{1,64}@[\p{L}\p{N}_-]{1,63}(?:\.[\p{L}\p{N}_-]{1,63}){1,8}/u;
const PLATE = /(?<![\p{L}\p{N}_])(?:[A-HJ-PR-UW-Z]{3}[ -]?[0-9]{2}[0-9A-NP-Z]|[a-hj-pr-uw-z]{3}[0-9]{2}[0-9a-np-z])(?![\p{L}\p{N}_])/u;
const DASHES = /[\u2010-\u2013\u2212]/g;

/** What to say of a text that seems to tell of a person. A warning, never a hindrance; that it was found is kept nowhere. */
export function looksPersonal(text: string): string {
  const plain = text.normalize("NFKC").replace(DASHES, "-");
  return WARNINGS.filter(([finds]) => finds(plain)).map(([, words]) => _(words)).join(" ");
}

/** Personnummer, and samordningsnummer whose day is 60 more; the last digit is Luhn's check digit,
 *  or it is written as one, with its century and a dash: somebody may have miswritten it. */
function hasPersonalNumber(plain: string): boolean {
  return [...plain.matchAll(NUMBER)].some(([, century = "", year = "", month = "", day = "", between = "", last = ""]) => {
    const date = Number(day) % 60;
    const written = century !== "" && (between === "-" || between === "+");
    return Number(month) >= 1 && Number(month) <= 12 && date >= 1 && date <= 31 && (written || luhn(year + month + day + last));
  });
}

function luhn(digits: string): boolean {
  const doubled = [...digits].map((digit, index) => Number(digit) * (2 - (index % 2)));
  return doubled.reduce((sum, number) => sum + Math.floor(number / 10) + (number % 10), 0) % 10 === 0;
}
