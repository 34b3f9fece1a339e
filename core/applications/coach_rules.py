"""What each rule of the coach looks for (domain.md 1.2, 1.5): a function by the key of its row in the seed pack.

Each says in a sentence what to do, with how many of how many, or which; the field is that of the part's own form,
where it is mended there.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from core.applications.coach import MET, Draft, Lack, Verdict, checks
from core.applications.models import MEDGIVANDE, NEEDED, PERMIT_KINDS, PERSPECTIVES, RUNNING_YEARS, SAMRAD
from core.i18n import N_, Text, counted
from core.schema.amounts import grouped

LEAST_TEXT, LEAST_EVIDENCE, LEAST_SOURCES = 300, 2, 2
SHORT_LIFE = 3
"""Years under which what is built is rather looked after than invested in."""
LIKELY, UNCLEAR = "trolig", "oklart"
NAMED = 3

Found = Verdict | bool


def listed(names: Iterable[str]) -> str:
    """Return some names in a row; where they are many the first of them, and how many more there are."""
    known = list(names)
    first, more = ", ".join(known[:NAMED]), len(known) - NAMED
    return Text(N_("{names} och {n} till"), names=first, n=more) if more > 0 else first


def in_a_row(texts: Sequence[str]) -> str:
    """Return some texts as one: with commas, and the last after an and."""
    *first, last = texts
    if not first:
        return last
    words = first[0]
    for text in first[1:]:
        words = Text(N_("{first}, {next}"), first=words, next=text)
    return Text(N_("{first} och {last}"), first=words, last=last)


# --- Why ----------------------------------------------------------------------------------------------------------


@checks("plats")
def _somewhere(draft: Draft) -> Found:
    return MET if draft.places else Lack(N_("Välj minst en plats."), "places")


@checks("tilltrade")
def _reached_by_all(draft: Draft) -> Found:
    if not draft.access or not draft.places:
        return False
    closed = [spot.name for spot in draft.places if spot.access not in draft.access]
    words = N_("Byt plats: {n} av {all} har inte tillträde för allmänheten ({names}).")
    return Lack(Text(words, n=len(closed), all=len(draft.places), names=listed(closed)), "places") if closed else MET


@checks("problem")
def _told(draft: Draft) -> Found:
    length = len(draft.problem.strip())
    words = N_("Beskriv problemet med minst {least} tecken. Nu är det {n}.")
    return MET if length >= LEAST_TEXT else Lack(Text(words, least=LEAST_TEXT, n=length), "problem")


@checks("underlag")
def _shown(draft: Draft) -> Found:
    kinds = len(set(draft.evidence))
    if len(draft.evidence) >= LEAST_EVIDENCE and kinds >= LEAST_SOURCES:
        return MET
    words = N_("Lägg till underlag, minst {least} av minst {sources} slag. Nu är det {n} av {kinds} slag.")
    known = {"least": LEAST_EVIDENCE, "sources": LEAST_SOURCES, "n": len(draft.evidence), "kinds": kinds}
    return Lack(Text(words, **known))


@checks("orsak")
def _explained(draft: Draft) -> Found:
    if not draft.cycle:
        return Lack(N_("Välj den samverkan där orsakerna är prövade."), "cycle")
    return MET if draft.likely else Lack(N_("Pröva orsakerna i samverkan tills minst en är trolig."), "cycle")


# --- What ---------------------------------------------------------------------------------------------------------


@checks("atgard")
def _something(draft: Draft) -> Found:
    return MET if draft.measures else Lack(N_("Skriv vad ni vill göra."))


@checks("koppling")
def _linked(draft: Draft) -> Found:
    if not draft.measures:
        return False
    loose = [one.text for one in draft.measures if one.cause != LIKELY]
    words = N_("Koppla {n} av {all} åtgärder till en trolig orsak: {names}.")
    return Lack(Text(words, n=len(loose), all=len(draft.measures), names=listed(loose))) if loose else MET


@checks("tillagg")
def _can_be_done(draft: Draft) -> Found:
    stopped = [one.text for one in draft.measures if not one.running]
    if stopped:
        return Lack(Text(N_("Vänta tills tillägget är igång, eller ta bort: {names}."), names=listed(stopped)))
    left = [(one.text, words) for one in draft.measures for words in one.objections]
    if not left:
        return False
    name, words = left[0]
    if len(left) == 1:
        return Lack(Text(N_("Gör klart prövningen av {name}: {words}"), name=name, words=words))
    several = N_("Gör klart prövningen, {n} saker är kvar. Den första gäller {name}: {words}")
    return Lack(Text(several, n=len(left), name=name, words=words))


@checks("alternativ")
def _weighed(draft: Draft) -> Found:
    if draft.sought <= draft.large:
        return False
    words = N_("Beskriv alternativen, också vad som händer om inget görs. Ni söker mer än {large} kr.")
    missing = Lack(Text(words, large=grouped(draft.large)), "alternatives")
    return MET if draft.alternatives.strip() else missing


@checks("omflyttning")
def _moves_on(draft: Draft) -> Found:
    missing = Lack(N_("Skriv om problemet kan flytta någon annanstans, och vart."), "displacement")
    return MET if draft.displacement.strip() else missing


@checks("mal")
def _aimed(draft: Draft) -> Found:
    return MET if draft.goals else Lack(N_("Välj minst ett mål."), "goals")


ONE_LACK = {
    "indicator": N_("Skriv vilken mätning som visar {n} av {all} mål: {names}."),
    "baseline": N_("Skriv utgångsläget för {n} av {all} mål: {names}."),
    "target": N_("Skriv vad det ska bli för {n} av {all} mål: {names}."),
    "due_on": N_("Skriv senast när {n} av {all} mål ska vara nådda: {names}."),
}
"""What is said where the goals lack one thing only, by the field of the goal."""


@checks("matbart")
def _measurable(draft: Draft) -> Found:
    if not draft.goals:
        return False
    vague = [one for one in draft.goals if one.lacks]
    lacking = {name for one in vague for name in one.lacks}
    words = N_("Skriv mätning, utgångsläge, nytt läge och dag för {n} av {all} mål: {names}.")
    words = ONE_LACK[lacking.pop()] if len(lacking) == 1 else words
    known = {"n": len(vague), "all": len(draft.goals), "names": listed(one.text for one in vague)}
    return Lack(Text(words, **known), "goals") if vague else MET


@checks("malagare")
def _answered_for(draft: Draft) -> Found:
    if not draft.goals:
        return False
    loose = [one.text for one in draft.goals if not one.owned]
    words = N_("Bestäm vem som svarar för {n} av {all} mål: {names}.")
    return Lack(Text(words, n=len(loose), all=len(draft.goals), names=listed(loose)), "goals") if loose else MET


@checks("perspektiv")
def _seen(draft: Draft) -> Found:
    halves = [key for key in NEEDED if not (draft.perspectives.get(key) and draft.perspectives[key].whole)]
    if not halves:
        return MET
    words = N_("Skriv påverkan, hänsyn och vilka ni har hört för {n} av {all} perspektiv: {names}.")
    names = listed(PERSPECTIVES[key] for key in halves)
    return Lack(Text(words, n=len(halves), all=len(NEEDED), names=names), f"{halves[0]}.impact")


@checks("barn")
def _children(draft: Draft) -> Found:
    heard, why = draft.children
    if heard and why.strip():
        return MET
    if not heard:
        return Lack(N_("Svara på om barn har fått säga vad de tycker."), "children_heard")
    return Lack(N_("Förklara hur barn har hörts, eller varför inte."), "children_note")


@checks("tidplan")
def _in_order(draft: Draft) -> Found:
    if draft.starts_on is None or draft.completes_on is None:
        field = "starts_on" if draft.starts_on is None else "completes_on"
        return Lack(N_("Skriv när arbetet börjar och när det är klart."), field)
    days = (draft.starts_on, *sorted(draft.milestones), draft.completes_on)
    if list(days) == sorted(days):
        return MET
    return Lack(N_("Lägg dagarna i ordning: start, milstolpar, klart."), "starts_on")


@checks("i_tid")
def _soon_enough(draft: Draft) -> Found:
    if draft.completes_on is None or not draft.costs:
        return False
    last = max(draft.costs) + draft.late_years
    words = N_("Låt arbetet vara klart senast {year}, eller sök för senare år.")
    return MET if draft.completes_on.year <= last else Lack(Text(words, year=last), "completes_on")


@checks("tillstand")
def _permitted(draft: Draft) -> Found:
    unclear = {key: title for key, title in PERMIT_KINDS.items() if draft.permits.get(key, UNCLEAR) == UNCLEAR}
    words = N_("Ta reda på vilka tillstånd som behövs. Det är oklart för {n} av {all}: {names}.")
    known = {"n": len(unclear), "all": len(PERMIT_KINDS), "names": listed(unclear.values())}
    return Lack(Text(words, **known), f"{next(iter(unclear))}.stands") if unclear else MET


# --- With whom ----------------------------------------------------------------------------------------------------


@checks("samrad")
def _consulted(draft: Draft) -> Found:
    if not draft.to_ask:
        return False
    asked = {one.organisation: one.answered for one in draft.replies if one.asked_for == SAMRAD}
    unasked = [name for code, name in draft.to_ask.items() if code not in asked]
    waiting = [name for code, name in draft.to_ask.items() if not asked.get(code, True)]
    if unasked:
        return Lack(Text(N_("Fråga {names} om åtgärderna."), names=listed(unasked)))
    return Lack(Text(N_("Vänta in svaret från {names}."), names=listed(waiting))) if waiting else MET


@checks("medgivande")
def _let(draft: Draft) -> Found:
    if not draft.owners:
        return False
    let = {one.organisation for one in draft.replies if one.asked_for == MEDGIVANDE and one.stance == "tillstyrker"}
    missing = [name for code, name in draft.owners.items() if code not in let]
    words = N_("Få medgivande från {n} av {all} som har rådighet: {names}.")
    known = {"n": len(missing), "all": len(draft.owners), "names": listed(missing)}
    return Lack(Text(words, **known)) if missing else MET


# --- Money, and afterwards ----------------------------------------------------------------------------------------


@checks("utgift")
def _priced(draft: Draft) -> Found:
    return MET if draft.sought else Lack(N_("Skriv vad det kostar per år."))


@checks("komponenter")
def _written_off(draft: Draft) -> Found:
    if not draft.capital:
        return False
    parted = sum(amount for amount, _ in draft.components)
    words = N_("Fördela {capital} kr på delar med avskrivningstid. Nu är {parted} kr fördelade.")
    known = {"capital": grouped(draft.capital), "parted": grouped(parted)}
    return MET if parted == draft.capital else Lack(Text(words, **known))


@checks("tak")
def _under_the_ceiling(draft: Draft) -> Found:
    ceilings = [one for one in (draft.max_amount, draft.board_left) if one is not None]
    if not ceilings or not draft.sought:
        return False
    most = max(min(ceilings), 0)
    words = N_("Sök högst {most} kr. Det är omgångens tak, med det som nämnden söker i övrigt.")
    return MET if draft.sought <= most else Lack(Text(words, most=grouped(most)))


@checks("drift")
def _run(draft: Draft) -> Found:
    years = range(1, RUNNING_YEARS + 1)
    if unsaid := [str(year) for year in years if year not in draft.running]:
        return Lack(Text(N_("Fyll i driftkostnad år {years}."), years=", ".join(unsaid)), f"ar{unsaid[0]}.amount")
    if free := [str(year) for year in years if not draft.running[year].amount and not draft.running[year].why]:
        words = N_("Förklara varför driften inte kostar något år {years}.")
        return Lack(Text(words, years=", ".join(free)), f"ar{free[0]}.why")
    if unpaid := [str(year) for year in years if draft.running[year].amount and not draft.running[year].paid]:
        words = N_("Skriv vem som betalar driften år {years}.")
        return Lack(Text(words, years=", ".join(unpaid)), f"ar{unpaid[0]}.payer")
    return MET


@checks("skotsel")
def _looked_after(draft: Draft) -> Found:
    if not draft.built:
        return False
    loose = [one.text for one in draft.built if not one.promised]
    words = N_("Ge {n} av {all} byggda delar ansvarig, standard och driftkostnad: {names}.")
    return Lack(Text(words, n=len(loose), all=len(draft.built), names=listed(loose))) if loose else MET


# --- Look out -----------------------------------------------------------------------------------------------------


@checks("ram")
def _within_the_frame(draft: Draft) -> Found:
    over = [
        year for year, kronor in sorted(draft.costs.items()) if year in draft.frames and kronor > draft.frames[year]
    ]
    if not over:
        return False
    words = N_("Det sökta är mer än det som är kvar i ramen {year}: {left} kr.")
    return Lack(Text(words, year=over[0], left=grouped(draft.frames[over[0]])))


@checks("utgift_fore")
def _paid_when_it_is_done(draft: Draft) -> Found:
    """Planning comes before the work; all else is paid when it is done."""
    if draft.starts_on is None:
        return False
    begins = draft.starts_on.year
    early = sum(kronor - draft.drawn.get(year, 0) for year, kronor in draft.costs.items() if year < begins)
    words = N_("{early} kr står på år före {year}, då arbetet börjar. Flytta utgiften till det år då den betalas.")
    return Lack(Text(words, early=grouped(early), year=str(begins))) if early else False


@checks("mal_fore")
def _measured_afterwards(draft: Draft) -> Found:
    done = draft.completes_on
    if done is None:
        return False
    early = [one.text for one in draft.goals if one.due_on is not None and one.due_on < done]
    words = N_("{n} av {all} mål har en sista dag innan arbetet är klart {day}: {names}. Ändra dagen i samverkan.")
    known = {"n": len(early), "all": len(draft.goals), "day": done.isoformat(), "names": listed(early)}
    return Lack(Text(words, **known), "goals") if early else False


@checks("diarienummer")
def _numbered(draft: Draft) -> Found:
    odd = [number for number, example in draft.numbers if number and not _fits(number, example)]
    words = N_("Diarienumret {number} ser inte ut som nämndens brukar. Kontrollera det.")
    return Lack(Text(words, number=odd[0])) if odd else False


def _fits(number: str, example: str) -> bool:
    """Whether a number is written as the example that the organisation has given: same letters, any digits."""
    return not example or _shape(number) == _shape(example)


def _shape(number: str) -> str:
    return re.sub(r"\d+", "9", " ".join(number.casefold().split()))


@checks("dubbel_finansiering")
def _paid_twice(draft: Draft) -> Found:
    if not draft.others:
        return False
    words = N_("Samma sak kan redan vara sökt eller betald: {name}. Kontrollera dubbel finansiering.")
    return Lack(Text(words, name=draft.others[0].name), about=draft.others[:1])


@checks("drift_ej_investering")
def _no_maintenance(draft: Draft) -> Found:
    if draft.upkeep_words:
        words = N_("Det kan vara drift och inte investering: {names}. Förklara vad som blir nytt.")
        return Lack(Text(words, names=listed(draft.upkeep_words)))
    if short := [years for _, years in draft.components if years < SHORT_LIFE]:
        one = N_("Det kan vara drift och inte investering: en del håller kortare tid än {years} år.")
        many = N_("Det kan vara drift och inte investering: {n} delar håller kortare tid än {years} år.")
        return Lack(counted(len(short), one, many, years=SHORT_LIFE))
    return False


@checks("sena_loften")
def _keeps_its_word(draft: Draft) -> Found:
    if not draft.late:
        return False
    words = N_("Nämnden är sen med {what}. Gör klart det, den som bedömer ansökan ser det också.")
    return Lack(Text(words, what=in_a_row(draft.late)), about=draft.late_ones)
