"""What a recording keeps of GRDF's answers: all but people, whatever goes wrong."""

import json
import re
from typing import Any, Final

from hypothesis import given, strategies as st
import pytest

from custom_components.grdf_adict.adict import Exchange, Masker
from custom_components.grdf_adict.adict.models.consumption import read_consumption

from .payloads import PCE, line, payload

KINDS: Final = (
    "contract",
    "declared",
    "done",
    "informative",
    "injection",
    "no_data",
    "published",
    "right",
    "technical",
)
# What a field could hold of a person, with nothing that marks it as such.
BARE: Final = (
    "Zorglub",
    "zorglub jean",
    "ZORGLUB",
    "Zorglub Exemple",
    "0612345678",
    "+33 6 12 34 56 78",
    "zorglub@example.org",
    "https://zorglub.example",
    "zorglub.example",
    "09999999912345",
    "GI912345",
    "3 rue Zorglub",
)
MESSAGES: Final = {"message", "message_retour_traitement"}
FOUND: Final = re.compile("zorglub|exemple|1234|12 34|3 rue", re.IGNORECASE)


def masker(key: bytes = b"k" * 32, *, scales: bool = False) -> Masker:
    return Masker(key, {}, scales=scales)


def exchange(body: bytes, *path: str, **more: Any) -> Exchange:
    facts: dict[str, Any] = {
        "method": "GET",
        "path": path or ("pce", PCE, "donnees_techniques"),
        "query": (),
        "status": 200,
        "headers": {},
        "size": len(body),
        "is_cut": False,
        "seconds": 0.5,
    }
    return Exchange(body=body, **{**facts, **more})


def masked(body: bytes | dict[str, Any], by: Masker | None = None) -> str:
    content = body if isinstance(body, bytes) else line(body)
    return str((by or masker()).record(exchange(content))["body"])


def _fields(value: Any, path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    if not isinstance(value, dict):
        return [path]
    return [field for key in value for field in _fields(value[key], (*path, key))]


def _put(wire: dict[str, Any], path: tuple[str, ...], value: object) -> dict[str, Any]:
    inner = wire
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = value
    return wire


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("text", BARE)
def test_no_field_of_any_answer_keeps_a_person(kind: str, text: str) -> None:
    for path in _fields(payload(kind)):
        for value in (text, [text], {"x": text, "y": [{"z": text}]}):
            said = masked(_put(payload(kind), path, value))
            assert FOUND.search(said) is None or "message" in path[-1], (path, said)


@pytest.mark.parametrize("text", BARE[2:])
def test_grdfs_messages_keep_no_person_that_anything_marks(text: str) -> None:
    said = masked({"message": f"Le droit de {text} ; est révoqué", "code": "1000014"})

    assert FOUND.search(said) is None
    assert "Le droit de …" in said
    assert "; est révoqué" in said
    assert "1000014" in said


def test_a_message_does_not_repeat_the_names_of_its_object() -> None:
    said = masked({"message": "demande de zorglub refusée", "nom_titulaire": "Zorglub"})

    assert FOUND.search(said) is None
    assert "demande de … refusée" in said


@pytest.mark.parametrize(
    "message",
    [
        "Le droit d'accès a été révoqué par le titulaire.",
        "Votre contrat GRDF ADICT est expiré",
        "Vous ne disposez pas de droit d'accès sur ce PCE",
        "L'opération s'est déroulée avec succès.",
        "Le client n'est plus titulaire de ce PCE",
    ],
)
def test_grdfs_own_words_stay(message: str) -> None:
    assert json.loads(masked({"message": message}))["message"] == message


def test_labels_that_grdf_is_known_to_give_stay_and_others_keep_their_form() -> None:
    known = {
        "libelle_raison_releve": "Relevé normal",
        "source_revocation": "TITULAIRE",
        "regime_propriete_compteur": (
            "Faisant partie intégrante du Réseau de Distribution"
        ),
    }

    assert json.loads(masked(known)) == known
    assert json.loads(masked({"source_revocation": "par zorglub"})) == {
        "source_revocation": "xxx xxxxxxx"
    }


def test_people_become_others_of_the_same_form_and_always_the_same() -> None:
    right = payload("right")
    phone = {"numero_telephone_mobile_titulaire": "+33 6 12 34 56 78"}
    ours = masker()

    said = json.loads(masked({**right, **phone}, ours))
    again = json.loads(masked({**right, **phone}, ours))
    others = json.loads(masked({**right, **phone}, masker(b"o" * 32)))

    assert said == again
    assert re.fullmatch(r"099999999\d{5}", said["id_pce"])
    assert re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-\w{12}", said["id_droit_acces"])
    assert re.fullmatch(r"x\w+@example\.com", said["courriel_titulaire"])
    assert re.fullmatch(r"\d{5}", said["code_postal"])
    assert re.fullmatch(r"NOM [0-9a-f]{8}", said["raison_sociale_du_tiers"])
    # 06 39 98 is the range that fiction may use.
    form = r"\+00 6 39 98 \d\d \d\d"
    assert re.fullmatch(form, said["numero_telephone_mobile_titulaire"])
    assert said["id_droit_acces"] != right["id_droit_acces"]
    personal = {key for key, value in said.items() if others[key] != value}
    assert personal >= {"id_pce", "id_droit_acces", "courriel_titulaire"}
    assert {key: said[key] for key in said.keys() - personal} == {
        key: right[key] for key in said.keys() - personal
    }


def test_each_pce_becomes_another_one_however_many_there_are() -> None:
    ours = masker()
    pces = [f"2{number:013}" for number in range(2_000)]
    pces += [f"GI{number:06}" for number in range(300)]
    body = b"".join(line({"id_pce": pce}) for pce in pces)

    found = [json.loads(text)["id_pce"] for text in masked(body, ours).splitlines()]

    assert len(set(found)) == len(pces)
    assert all(pce.startswith("099999999") and len(pce) == 14 for pce in found[:2_000])
    assert all(re.fullmatch(r"GI99\d{4}", pce) for pce in found[2_000:])
    assert masked(line({"id_pce": pces[7]}), ours) == f'{{"id_pce":"{found[7]}"}}\n'


def test_the_request_names_no_meter_and_no_right() -> None:
    right_id = "f13a3109-39a7-47a0-8017-3192620dee4e"
    query = (("date_debut", "2026-08-01"), ("filtre", "car"), ("x", "Zorglub"))
    ours = masker()

    of_meter = ours.record(exchange(b"", "pce", PCE, "donnees_techniques", query=query))
    of_right = ours.record(exchange(b"", "droit_acces", right_id, "preuves"))

    assert of_meter["path"][0::2] == ["pce", "donnees_techniques"]
    assert of_meter["path"][1] == json.loads(masked({"id_pce": PCE}, ours))["id_pce"]
    assert of_meter["query"] == [
        ["date_debut", "2026-08-01"],
        ["filtre", "car"],
        ["x", "Xxxxxxx"],
    ]
    assert of_right["path"][0::2] == ["droit_acces", "preuves"]
    assert of_right["path"][1] != right_id


def test_headers_keep_what_says_how_to_read_and_when_to_ask_again() -> None:
    headers = {
        "Content-Type": "application/x-ndjson; charset=utf-8",
        "Content-Encoding": "gzip",
        "Retry-After": "Wed, 21 Oct 2026 07:28:00 GMT",
    }
    hostile = dict.fromkeys(headers, "Zorglub")
    ours = masker()

    assert ours.record(exchange(b"", headers=headers))["headers"] == headers
    said = ours.record(exchange(b"", headers=hostile))["headers"]
    assert set(said.values()) == {"Xxxxxxx"}


@pytest.mark.parametrize("kind", ["informative", "published"])
def test_what_is_masked_is_read_as_grdfs_own(kind: str) -> None:
    theirs, ours = payload(kind), masker()

    kept = read_consumption(json.loads(masked(theirs, ours)))

    assert re.sub(r"\d{14}", "", repr(kept)) == repr(read_consumption(theirs))
    assert kept.pce != PCE


def test_amounts_are_scaled_by_one_factor_a_meter_in_the_form_they_had() -> None:
    ours = masker(scales=True)
    body = {"energie": 20_000, "volume_brut": "1800,00", "valeur_index": 0, "car": None}

    said = json.loads(masked(body, ours))
    other = ours.record(exchange(line(body), "pce", "GI999947", "donnees_techniques"))

    factor = said["energie"] / 20_000
    assert isinstance(said["energie"], int)
    assert factor != 1
    assert re.fullmatch(r"\d+,\d\d", said["volume_brut"])
    assert float(said["volume_brut"].replace(",", ".")) == pytest.approx(1800 * factor)
    assert (said["valeur_index"], said["car"]) == (0, None)
    assert json.loads(other["body"])["energie"] != said["energie"]


def test_unknown_fields_keep_their_name_and_form() -> None:
    said = masked(
        b'{"champ_inconnu": "Zorglub 75011", "autre": 1234.5, "objet": '
        b'{"liste": ["2026-11-20", true, null]}, "long": "' + b"z" * 100 + b'"}'
    )

    assert json.loads(said) == {
        "champ_inconnu": "Xxxxxxx 99999",
        "autre": 9999.9,
        "objet": {"liste": ["9999-99-99", True, None]},
        "long": f"{'x' * 60}…(100)",
    }


def test_a_name_of_a_field_that_could_be_data_is_masked() -> None:
    assert masked(b'{"Zorglub": 1, "pce09999999900617": 1}') == (
        '{"Xxxxxxx": 9, "xxx99999999999999": 9}'
    )


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b'\xef\xbb\xbf{"code": 1000008}\r\n\r\n', '\ufeff{"code": 1000008}\r\n\r\n'),
        (b'{"code": 0}{"code": 2}', '{"code": 0}{"code": 2}'),
        (b'[{"code": 0},\xc2\xa0{"code": 2}]', '[{"code": 0},\xa0{"code": 2}]'),
        (b'{"energie": 8}\n{"energie": 9, "nom', '{"energie": 8}\n{"xxxxxxx": 9, "xxx'),
        (
            b'{"a": "Jean", {"energie": 8}}',
            '{"x": "Xxxx", {"energie": 8}}',
        ),
        (b"Jean: 0612345678", "Xxxx: 9999999999"),
        (b'"Jean"', '"Xxxx"'),
        (b"", ""),
        (b'{"energie": 1e9}', '{"energie": 9}'),
        (
            b"<html><title>503 Service Unavailable Zorglub</title> Jean</html>",
            "<html><title>503 Service Unavailable …</title></html>",
        ),
        (b"<p>Jean</p>", "<html><title></title></html>"),
    ],
)
def test_the_layout_stays_and_what_is_broken_keeps_its_form(
    body: bytes, said: str
) -> None:
    assert masked(body) == said


def test_what_is_no_utf_8_stays_none() -> None:
    said = masked('{"nom_titulaire": "Hélène"}\n{"energie": 8}'.encode("latin-1"))

    assert "l" not in said.partition("\n")[0].replace("nom_titulaire", "")
    assert said.endswith('\n{"energie": 8}')
    with pytest.raises(UnicodeDecodeError):
        masked(b'{"x": "\xe9"}').encode("utf-8", "surrogateescape").decode()


@pytest.mark.parametrize(
    "body", [b"{" * 300_000, b'{"a":' * 60_000, b'{"a":"' + b"Jean" * 300_000]
)
def test_a_hostile_body_is_masked_too(body: bytes) -> None:
    said = masked(body)

    assert "Jean" not in said
    assert len(said) < 10_000


_FRAGMENTS: Final = st.sampled_from(
    [
        *(
            '"',
            "{",
            "}",
            "[",
            "]",
            ":",
            ",",
            "\\",
            "\n",
            " ",
            '{"',
            '"}',
            '": "',
            '"}{"',
        ),
        *("message", "nom_titulaire", "energie", "date_mes", "8", "null", "\\u0041"),
        "Zorglub",
    ]
)


@given(st.lists(_FRAGMENTS, max_size=40))
def test_no_broken_json_keeps_a_name(fragments: list[str]) -> None:
    text = "".join(fragments)

    assert "Zorglub" not in masked(text.encode())
