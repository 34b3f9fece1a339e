"""One good request for every page there is."""

from io import BytesIO
from uuid import uuid4

from core.app import static_url
from tests.contract.city import JPEG, MIDDLE
from tests.contract.request import Request

PART = "<any(plan, rutt, manniskor, tillganglighet):part>"
ANSWER = "<any(godkann, neka):act>"
PHOTO, TRACK = "<uuid:photo>", "<uuid:track>"
BOX = {"r1.kind": "face", "r1.left": "10", "r1.top": "10", "r1.width": "10", "r1.height": "10"}
KLOTTER = {"<name>": "klotter"}
ENDING = {"valid_to": "2030-12-31", "reason": "Avtalet löper ut."}
STEP = "<any(stang, 'sla-ihop', 'oppna-igen', 'skilj-at'):step>"


def _place_form(world):
    east, north = MIDDLE[world.board]
    facts = {"name": "Torget", "kind": "torg", "public_access": "allman_plats", "confirm_overlap": "ja"}
    return facts | {"system": "sweref99tm", "outline": f"{north} {east}", "radius_m": "50"}


def _control_form(_world):
    facts = {"role": "renhallning", "organisation": "trafik", "valid_from": "2027-05-01", "source": "Avtal"}
    return facts | {"uid": str(uuid4())}


def _label_form(_world):
    return {"kind": "levande_stockholm", "valid_from": "2027-05-01", "source": "Beslut", "uid": str(uuid4())}


def _organisation(_world):
    return {"code": f"prov-{uuid4().hex[:8]}", "name": "Provnämnden", "kind": "facknamnd"}


def _merger(_world):
    boards = ["sdn-bromma", "sdn-kungsholmen"]
    return {"codes": boards, "on": "2099-01-01", "name": "Västerorts stadsdelsnämnd", "code": "sdn-vasterort"}


def _new_walk(world):
    return {"title": "Ny vandring", "theme": "allman", "planned_at": "2027-03-01 18.00", "organiser": world.board}


def _pair(world):
    return {"kept": str(world.observation), "other": str(world.graffiti), "what": "sla_ihop"}


def _photo(_world):
    return {"photo": (BytesIO(JPEG), "foto.jpg")}


def _no_handover(_world):
    return {"file": (BytesIO(JPEG), "foto.jpg")}


REQUESTS = (
    Request("GET", "/"),
    Request("GET", "/admin/drift"),
    Request("POST", "/admin/drift/journal", form=lambda _: {}),
    Request("GET", "/admin/drift/uppgifter/<uuid:uid>", "task"),
    Request(
        "POST", "/admin/drift/uppgifter/<uuid:uid>", "task", form=lambda _: {"what": "avskriv", "reason": "Prov"}
    ),
    Request("GET", "/admin/sakerhetskopior"),
    # There is no folder for it here.
    Request("POST", "/admin/sakerhetskopior", form=lambda _: {}, okay=(409,)),
    Request("GET", "/admin/original"),
    Request(
        "POST", "/admin/original", form=lambda _: {"email": "nobody@example.invalid", "valid_to": "2020-01-01"},
        okay=(303, 422),
    ),
    # No keeper has this uid.
    Request("POST", "/admin/original/avsluta", form=lambda _: {"keeper": str(uuid4())}, okay=(303, 404)),
    Request("GET", "/admin/organisationer"),
    Request("GET", "/admin/organisationer/ny"),
    Request("POST", "/admin/organisationer/ny", form=_organisation),
    Request("GET", "/admin/organisationer/sla-samman"),
    Request("POST", "/admin/organisationer/sla-samman", form=_merger),
    Request("GET", "/admin/organisationer/<uuid:uid>", "organisation"),
    Request(
        "POST", "/admin/organisationer/<uuid:uid>", "organisation", form=lambda _: {"name": "Ny"}, okay=(303, 409)
    ),
    Request("GET", "/admin/personer"),
    Request("GET", "/admin/personer/ny"),
    Request("POST", "/admin/personer/ny", form=lambda _: {"name": "Ny", "email": f"{uuid4()}@staden.example"}),
    Request("GET", "/admin/personer/<uuid:uid>", "person"),
    Request(
        "POST", "/admin/personer/<uuid:uid>", "person",
        form=lambda _: {"name": "Ny", "email": f"{uuid4()}@staden.example"}, okay=(303, 409),
    ),
    Request(
        "POST", "/admin/personer/<uuid:uid>/roller", "person",
        form=lambda w: {"role": "forv_chef", "organisation": w.board or "sdn-farsta"},
    ),
    Request(
        "POST", "/admin/personer/<uuid:uid>/roller/avsluta", "person",
        form=lambda w: {"grant": str(w.grant), "on": "2099-01-01"},
    ),
    Request(
        "POST", "/admin/personer/<uuid:uid>/nycklar/avsluta", "person", form=lambda w: {"token": str(w.token)}
    ),
    Request("GET", "/admin/nycklar"),
    Request("GET", "/admin/personer/<uuid:uid>/nycklar", "person"),
    Request("POST", "/admin/personer/<uuid:uid>/nycklar", "person", form=lambda _: {"name": ""}, okay=(422,)),
    # Nobody's phone has this uid.
    Request(
        "POST", "/admin/personer/<uuid:uid>/enheter/avsluta", "person",
        form=lambda _: {"device": str(uuid4())}, okay=(404,),
    ),
    Request("POST", "/admin/personer/<uuid:uid>/lank", "person", form=lambda _: {}),
    Request("POST", "/admin/personer/<uuid:uid>/stang", "person", form=lambda _: {}),
    Request("POST", "/admin/personer/<uuid:uid>/oppna", "person", form=lambda _: {}),
    Request("GET", "/admin/tillagg"),
    Request("GET", "/admin/tillagg/<name>", parts=KLOTTER),
    Request(
        "POST", "/admin/tillagg/<name>/lage", form=lambda _: {"state": "on", "reason": "Prov"}, parts=KLOTTER
    ),
    # klotter asks nothing of an administrator.
    Request("POST", "/admin/tillagg/<name>/installningar", form=lambda _: {}, parts=KLOTTER, okay=(404,)),
    Request("POST", "/admin/tillagg/<name>/spar", form=lambda _: {"minutes": "0"}, parts=KLOTTER),
    Request(
        "PUT", f"/api/v1/observations/<uuid:uid>/photos/{PHOTO}", "observation",
        json=lambda _: {}, parts={PHOTO: str(uuid4())}, okay=(201, 409),
    ),
    # Nobody is said to lead that walk.
    Request(
        "PUT", f"/api/v1/walks/<uuid:uid>/tracks/{TRACK}", "walk",
        json=lambda _: {"points": []}, parts={TRACK: str(uuid4())}, okay=(409,),
    ),
    Request("GET", "/bilder/<uuid:uid>/<any(stor, liten):size>", "photo", parts={"<any(stor, liten):size>": "stor"}),
    Request("GET", "/bilder/<uuid:uid>/original", "photo"),
    Request("GET", "/bilder/att-granska"),
    Request("GET", "/bilder/<uuid:uid>/maskera", "photo"),
    Request("POST", "/bilder/<uuid:uid>/maskera", "photo", form=lambda _: BOX, okay=(303, 409)),
    # Refused for whoever proposed: the rule itself was reached.
    Request("POST", "/bilder/<uuid:uid>/slapp", "photo", form=lambda _: {}, okay=(303, 409)),
    Request("POST", "/bilder/<uuid:uid>/behovs_ej", "photo", form=lambda _: {}, okay=(303, 409)),
    Request(
        "POST", "/bilder/<uuid:uid>/<any(skicka_tillbaka, dolj, visa):act>", "photo",
        form=lambda _: {"reason": "Ett barn syns."}, also="media:photo:hide",
        parts={"<any(skicka_tillbaka, dolj, visa):act>": "dolj"},
    ),
    Request("GET", "/iakttagelser/<uuid:uid>/kvitto", "mine"),
    Request("GET", "/falt/version.json"),
    Request("GET", "/vandringar/<uuid:uid>/skriv-in", "walk"),
    Request(
        "POST", "/vandringar/<uuid:uid>/skriv-in", "walk", form=lambda _: {"uid": str(uuid4()), "kind": "belysning"}
    ),
    Request("GET", "/granska-andringar"),
    Request("GET", "/granska-andringar/<uuid:uid>", "change"),
    Request(
        "POST", "/granska-andringar/<uuid:uid>", "change", form=lambda _: {"severity": "theirs", "version": "1"},
        also="walks:observation:edit", okay=(303, 409),
    ),
    Request("GET", "/falt"),
    Request("GET", "/falt/<path:rest>", parts={"<path:rest>": "utkast"}),
    Request("GET", "/falt/app.webmanifest"),
    Request("GET", "/falt/ikon-<int:side>.png", parts={"<int:side>": "192"}),
    Request("GET", "/falt/sw.js"),
    Request("GET", "/falt/texter-<language>.json", parts={"<language>": "en"}),
    Request("GET", "/healthz"),
    Request("GET", "/iakttagelser/<uuid:uid>", "graffiti"),
    Request("GET", "/iakttagelser/<uuid:uid>/andra", "graffiti"),
    Request(
        "POST", "/iakttagelser/<uuid:uid>/andra", "graffiti",
        form=lambda _: {"nature": "brist", "severity_key": "2"}, okay=(303, 409),
    ),
    Request("POST", "/iakttagelser/<uuid:uid>/foto", "graffiti", form=_photo),
    Request(
        "POST", "/iakttagelser/<uuid:uid>/ring", "graffiti", form=lambda _: {"called": "Jouren"}, okay=(409,)
    ),
    Request(
        "POST", "/iakttagelser/<uuid:uid>/steg/<key>", "graffiti",
        form=lambda _: {"reason": ""}, also="walks:observation:review", parts={"<key>": "granska"}, okay=(303, 409),
    ),
    Request("GET", "/iakttagelser/<uuid:uid>/vandring", "graffiti"),
    # It was seen on a walk.
    Request(
        "POST", "/iakttagelser/<uuid:uid>/vandring", "graffiti", form=lambda w: {"walk": str(w.walk)}, okay=(409,)
    ),
    Request("GET", "/inkorg"),
    Request("GET", "/inkorg/flera"),
    # What has not been sent to anybody cannot be answered yet.
    Request("POST", "/inkorg/flera", form=lambda w: {"vald": str(w.observation), "choice": "ta_emot"}, okay=(409,)),
    Request("POST", "/inkorg/<uuid:uid>", "observation", form=lambda _: {"choice": "ta_emot"}, okay=(409,)),
    Request("GET", "/kartor/<name>", parts={"<name>": "finns-inte.pmtiles"}, okay=(404,)),
    Request("GET", "/att-gora"),
    Request("GET", "/jag"),
    Request("POST", "/jag", form=lambda _: {"version": "0", "days": "vardagar"}, okay=(303, 409)),
    Request("GET", "/jag/enheter"),
    Request("POST", "/jag/enheter", form=lambda _: {"device": str(uuid4())}, okay=(404,)),
    Request("GET", "/jag/enheter/anslut"),
    Request("POST", "/jag/enheter/anslut", form=lambda _: {"password": "fel"}, okay=(422,)),
    Request("GET", "/jag/enheter/anslut/<uuid:uid>", okay=(404,)),
    Request("GET", "/jag/enheter/anslut/<uuid:uid>/lage", okay=(404,)),
    Request(
        "POST", f"/jag/enheter/anslut/<uuid:uid>/{ANSWER}", form=lambda _: {}, parts={ANSWER: "godkann"}, okay=(404,)
    ),
    Request("GET", "/jag/nycklar"),
    Request("POST", "/jag/nycklar", form=lambda _: {"token": str(uuid4())}, okay=(404,)),
    Request("GET", "/klotter/<uuid:uid>", "graffiti"),
    Request("POST", "/klotter/<uuid:uid>/vanta", "graffiti", form=lambda _: {"waits_for": ""}, okay=(422, 409)),
    Request("POST", "/klotter/<uuid:uid>/svar", "graffiti", form=lambda _: {}, okay=(303, 409)),
    Request("POST", "/klotter/<uuid:uid>", "graffiti", form=lambda _: {"surface": "tegel"}, okay=(303, 409)),
    Request("GET", "/logga-in"),
    Request(
        "POST", "/logga-in", form=lambda _: {"email": "nej@example.se", "password": "fel"}, okay=(422,),
    ),
    Request("GET", "/markning/<uuid:uid>/avsluta", "label"),
    Request("POST", "/markning/<uuid:uid>/avsluta", "label", form=lambda _: ENDING),
    Request("GET", "/omraden"),
    Request("GET", "/losenord/<key>", parts={"<key>": "gammal"}, okay=(404,)),
    Request(
        "POST", "/losenord/<key>", parts={"<key>": "gammal"}, form=lambda _: {"password": "tolv tecken!"}, okay=(404,)
    ),
    Request("GET", "/overlamnade"),
    Request("POST", "/overlamnade", form=_no_handover, okay=(422,)),
    Request("GET", "/platser"),
    Request("GET", "/platser/<uuid:uid>", "place"),
    Request("GET", "/platser/<uuid:uid>/andra", "place"),
    Request("GET", f"/platser/<uuid:uid>/{STEP}", "place", parts={STEP: "oppna-igen"}),
    Request(
        "POST", f"/platser/<uuid:uid>/{STEP}", "place", form=lambda _: {"reason": "Klart."}, parts={STEP: "oppna-igen"},
        okay=(303, 409),
    ),
    Request("POST", "/platser/<uuid:uid>/andra", "place", form=_place_form, okay=(303, 409)),
    Request("GET", "/platser/<uuid:uid>/markning", "place"),
    Request("POST", "/platser/<uuid:uid>/markning", "place", form=_label_form),
    Request("GET", "/platser/<uuid:uid>/radighet", "place"),
    Request("POST", "/platser/<uuid:uid>/radighet", "place", form=_control_form),
    Request("GET", "/platser/ny"),
    Request("POST", "/platser/ny", form=_place_form),
    Request("GET", "/radighet/<uuid:uid>/avsluta", "control"),
    Request("POST", "/radighet/<uuid:uid>/avsluta", "control", form=lambda _: ENDING),
    Request("GET", "/readyz"),
    Request("GET", "/static/<path:name>", parts={"/static/<path:name>": static_url("app.css")}),
    Request("GET", "/stil"),
    Request("GET", "/stil/falt"),
    Request("GET", "/utseende"),
    Request("POST", "/utseende", form=lambda _: {"look": "dark", "locale": "sv"}),
    Request("GET", "/vandringar"),
    Request("GET", "/vandringar/ny"),
    Request("POST", "/vandringar/ny", form=_new_walk),
    Request("GET", "/vandringar/obesvarat"),
    Request("GET", "/vandringar/rapport"),
    Request("GET", "/vandringar/rapport.csv"),
    Request("GET", "/vandringar/uppfoljning"),
    Request("GET", "/vandringar/<uuid:uid>", "walk"),
    Request("GET", "/vandringar/<uuid:uid>/andra", "walk"),
    Request("GET", f"/vandringar/<uuid:uid>/andra/{PART}", "walk", parts={PART: "plan"}),
    Request(
        "POST", f"/vandringar/<uuid:uid>/andra/{PART}", "walk",
        form=lambda _: {"steps": "Trappan"}, parts={PART: "tillganglighet"}, okay=(303, 409),
    ),
    Request("GET", "/vandringar/<uuid:uid>/aterkoppling", "walk"),
    Request("GET", "/vandringar/<uuid:uid>/deltagare", "walk"),
    Request("POST", "/vandringar/<uuid:uid>/deltagare", "walk", form=lambda _: {"category": "boende", "count": "7"}),
    Request("GET", "/vandringar/<uuid:uid>/dubbletter", "walk"),
    Request("POST", "/vandringar/<uuid:uid>/dubbletter", "walk", form=_pair),
    Request("GET", "/vandringar/<uuid:uid>/fore-efter", "walk"),
    Request("GET", "/vandringar/<uuid:uid>/granska", "walk"),
    Request("POST", "/vandringar/<uuid:uid>/granska", "walk", form=lambda w: {"vald": str(w.observation)}),
    Request("GET", "/vandringar/<uuid:uid>/protokoll", "walk"),
    Request(
        "POST", "/vandringar/<uuid:uid>/steg/<key>", "walk",
        form=lambda _: {"sure": "ja"}, also="walks:walk:run", parts={"<key>": "avsluta"}, okay=(303, 409),
    ),
)  # fmt: skip
