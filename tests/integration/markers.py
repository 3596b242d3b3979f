"""Unique markers in what GRDF sends, and the places that none may reach."""

from collections.abc import Callable
from itertools import count
import json
import logging
import re
from typing import Any, Final

from homeassistant.const import MATCH_ALL
from homeassistant.core import Event, HomeAssistant, callback
from homeassistant.helpers import issue_registry as ir
from homeassistant.helpers.json import ExtendedJSONEncoder
import pytest

from custom_components.grdf_adict.const import DOMAIN
from tests.sandbox import answers

MARKER: Final = "xMARKERx"

# Without these nothing is asked for at all.
_KEPT: Final = re.compile(
    "id_pce|access_token|token_type|expires_in|scope|perim_.*|etat_droit_acces|"
    "role_tiers|date_.*"
)
# What GRDF writes freely, and what names people and places.
FREE: Final = {
    "nom_titulaire",
    "raison_sociale_du_titulaire",
    "raison_sociale_du_tiers",
    "courriel_titulaire",
    "code_postal",
    "numero_telephone_mobile_titulaire",
    "source_revocation",
    "source_passage_a_obsolete",
    "source_passage_a_refuse",
    "message",
    "libelle_raison_releve",
    "numero_rue",
    "nom_rue",
    "complement_adresse",
    "commune",
    "matricule_compteur",
    "identifiant_pitd",
    "libelle_pitd",
    "regime_propriete_compteur",
    "tarif_acheminement",
    "profil_type_actuel",
}


type Marked = Callable[[str, Any], Any]


def _walk(key: str, value: Any, marked: Marked) -> Any:
    if isinstance(value, dict):
        inner = {name: _walk(name, each, marked) for name, each in value.items()}
        return {**inner, "champ_inconnu": marked("champ_inconnu", "")}
    if isinstance(value, list):
        return [_walk(key, each, marked) for each in value]
    return marked(key, value)


def mark(monkeypatch: pytest.MonkeyPatch, *, every: bool) -> set[str]:
    """Let GRDF send markers: in free fields, or behind every text; return their keys.

    With the first, everything is taken in; with the second, most is refused. Each
    marker names its field.
    """
    keys: set[str] = set()
    number = count()
    plain = answers._line  # noqa: SLF001 - the one door that all JSON leaves by

    def marked(key: str, value: Any) -> Any:
        if key in FREE or key == "champ_inconnu":
            keys.add(key)
            return f"{MARKER}{key}{next(number)}"
        if every and isinstance(value, str) and not _KEPT.fullmatch(key):
            keys.add(key)
            return f"{value}{MARKER}{key}{next(number)}"
        return value

    monkeypatch.setattr(answers, "_line", lambda item: plain(_walk("", item, marked)))
    return keys


def as_json(dump: Any) -> str:
    """Return a dump as Home Assistant offers it for download."""
    return json.dumps(dump, cls=ExtendedJSONEncoder)


class Places:
    """Where people read what the integration says, from now on."""

    def __init__(self, hass: HomeAssistant, caplog: pytest.LogCaptureFixture) -> None:
        """Listen to the bus, and to our loggers at debug."""
        caplog.set_level(logging.DEBUG, f"custom_components.{DOMAIN}")
        self._hass = hass
        self._caplog = caplog
        self._events: list[Event] = []

        @callback
        def heard(event: Event) -> None:
            self._events.append(event)

        hass.bus.async_listen(MATCH_ALL, heard)

    def texts(self) -> dict[str, str]:
        """Return what was said in each place; none is empty."""
        ours = [
            logging.Formatter().format(record)
            for record in self._caplog.records
            if record.name.startswith(f"custom_components.{DOMAIN}")
        ]
        said = {
            "log": "\n".join(ours),
            "events": as_json([event.as_dict() for event in self._events]),
            "states": as_json(
                [state.as_dict() for state in self._hass.states.async_all()]
            ),
            "repairs": "\n".join(
                f"{issue.data} {issue.translation_placeholders}"
                for issue in ir.async_get(self._hass).issues.values()
            ),
        }
        assert said["log"]
        assert len(self._events) > 1
        return said


def stored(storage: dict[str, Any]) -> dict[str, str]:
    """Return the integration's own files by their key, as text; there are some."""
    files = {
        key: as_json(file["data"])
        for key, file in storage.items()
        if key.startswith(f"{DOMAIN}.")
    }
    assert files
    return files


NAME: Final = "ZORGLUB"
# What somebody could write where GRDF, a file or a browser is expected to: a formula,
# a person, a link, an image, HTML, and an address that becomes a link by itself.
HOSTILE: Final = (
    '=HYPERLINK("http://evil.example","x")'
    f" M. {NAME} Jean [cliquez](https://evil.example) ![x](https://evil.example/p.png)"
    ' <img src=x onerror=alert(1)> <a href="https://evil.example">ici</a>'
    " http://evil.example www.evil.example"
)
_MORE_FREE: Final = {
    "code_calibre",
    "profil_type_futur",
    "regime_propriete_convertisseur",
    "regime_propriete_poste",
    "regime_propriete_enregistreur",
}
_LIVE: Final = re.compile(
    r"(?<!\\)!\\?\[|(?<!\\)\]\\?\(|<\s*/?(?:img|a)\b|(?<!\\)://evil|www\.evil",
    re.IGNORECASE,
)


def live(text: str) -> list[str]:
    """Return what of the hostile text would become a link, an image or HTML."""
    return [
        text[max(0, at.start() - 40) : at.end() + 40] for at in _LIVE.finditer(text)
    ]


def poison(monkeypatch: pytest.MonkeyPatch, hostile: str = HOSTILE) -> set[str]:
    """Let GRDF write this in every field of free text; return the fields it was in."""
    keys: set[str] = set()
    plain = answers._line  # noqa: SLF001 - the one door that all JSON leaves by

    def marked(key: str, value: Any) -> Any:
        if key in FREE | _MORE_FREE:
            keys.add(key)
            return hostile
        return value

    monkeypatch.setattr(answers, "_line", lambda item: plain(_walk("", item, marked)))
    return keys
