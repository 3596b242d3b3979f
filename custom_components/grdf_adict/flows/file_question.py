"""The step that asks what a file leaves open, with the facts beside it."""

from typing import Final

from homeassistant.helpers.selector import (
    SelectOptionDict,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
)
import voluptuous as vol

from ..exchange.questions import facts_text, option_text, question_text
from ..helpers.texts import Texts, escaped
from .uploads import AskedFile

CONF_ANSWER: Final = "answer"
_LEAVE_OUT: Final = "leave_out"


def question_schema(asked: AskedFile, texts: Texts) -> vol.Schema:
    """Return the field for the answer.

    It is optional: of a required one, the frontend chooses the first option itself.
    """
    options = [
        SelectOptionDict(value=option.value, label=option_text(option, texts))
        for option in asked.asked.options
    ]
    without = texts[f"file_answer.{_LEAVE_OUT}"]
    options.append(SelectOptionDict(value=_LEAVE_OUT, label=without))
    selector = SelectSelector(
        SelectSelectorConfig(options=options, mode=SelectSelectorMode.LIST)
    )
    return vol.Schema({vol.Optional(CONF_ANSWER): selector})


def question_placeholders(
    asked: AskedFile, texts: Texts, language: str
) -> dict[str, str]:
    """Return what fills the step's text: the question, the file, its facts."""
    question = asked.asked
    samples = [
        f"- {escaped(option_text(option, texts))} · {escaped(option.sample)}"
        for option in question.options
        if option.sample
    ]
    facts = facts_text(question.facts, texts, language)
    return {
        "question": question_text(question, texts),
        "file": escaped(asked.file.name),
        "facts": "\n".join([facts, *(["", *samples] if samples else [])]),
    }


def given_answer(answer: str) -> str | None:
    """Return the answer that was chosen; None: the file is left out."""
    return None if answer == _LEAVE_OUT else answer
