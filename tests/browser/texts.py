"""What the screen says: our translations and those of Home Assistant's frontend."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
import json
from pathlib import Path
from typing import Literal, Self, cast

import hass_frontend

from tests.demo.folder import CHECKOUT

type Language = Literal["en", "fr"]

_OURS = CHECKOUT / "custom_components/grdf_adict/translations"
_THEIRS = Path(hass_frontend.__file__).parent / "static/translations"
# The frontend fetches the texts of its larger panels apart.
_FRAGMENTS = ("", "config", "energy")


@dataclass(frozen=True, slots=True)
class Texts:
    """The texts of one language, by their dotted keys."""

    language: Language
    integration: Mapping[str, str]
    frontend: Mapping[str, str]

    @classmethod
    def of(cls, language: Language) -> Self:
        """Read the texts of a language."""
        return cls(language, _ours(language), _theirs(language))

    def ours(self, key: str, **placeholders: str) -> str:
        """Return a text of the integration; KeyError if there is none.

        A text is one line here, as browsers fold white space.
        """
        return " ".join(self.paragraphs(key, **placeholders))

    def paragraphs(self, key: str, **placeholders: str) -> list[str]:
        """Return a text of the integration as its paragraphs, each as it looks."""
        text = self.integration[key].format(**placeholders).replace("`", "")
        return [" ".join(part.split()) for part in text.split("\n\n")]

    def theirs(self, key: str) -> str:
        """Return a text of the frontend without placeholders; KeyError if none."""
        return self.frontend[f"ui.{key}"]


@cache
def _ours(language: Language) -> Mapping[str, str]:
    return dict(_flat(json.loads((_OURS / f"{language}.json").read_text())))


@cache
def _theirs(language: Language) -> Mapping[str, str]:
    texts: dict[str, str] = {}
    for fragment in _FRAGMENTS:
        # The rest of the name is the hash of the content.
        (file,) = (_THEIRS / fragment).glob(f"{language}-{'[0-9a-f]' * 32}.json")
        texts |= _flat(json.loads(file.read_text()))
    return texts


def _flat(
    texts: Mapping[str, object], above: tuple[str, ...] = ()
) -> Iterator[tuple[str, str]]:
    for key, value in texts.items():
        path = (*above, key)
        if isinstance(value, Mapping):
            yield from _flat(cast("Mapping[str, object]", value), path)
        else:
            yield ".".join(path), str(value)
