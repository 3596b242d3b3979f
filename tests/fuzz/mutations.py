"""GRDF's own answers, broken: in their structure, in their values, in their bytes."""

from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import replace
import json
from random import Random
from typing import Any, Final

from hypothesis import strategies as st
import jwt
import orjson

from tests.adict.payloads import PCE, payload

from .wire import CLIENT_ID, NOW, RIGHT, SECRET, TOKEN, Reply

type Path = tuple[str | int, ...]

# How many answers with broken bytes follow each one with a broken structure.
VARIANTS: Final = 7
_SMALL: Final = 20_000

_DONE: Final = payload("done")
_CONSENTS: Final = [{"pce": PCE, "id_accreditation": RIGHT}]
# What each call brings when nothing is wrong.
ANSWERS: Final[dict[str, list[Any]]] = {
    "access_rights": [payload("right"), payload("right"), _DONE],
    "find_access_rights": [{"liste_acces": [payload("right")]}, _DONE],
    "declare_access_right": [payload("declared")],
    "revoke_access_right": [_DONE],
    "send_proofs": [_DONE],
    "published_consumption": [payload("published"), payload("deck_published")],
    "informative_consumption": [payload("informative"), payload("absent")],
    "published_injections": [payload("injection"), payload("injection")],
    "technical_data": [payload("technical")],
    "contract_data": [payload("contract")],
    "exchange_code": [
        {
            "aud": CLIENT_ID,
            "iat": NOW.timestamp(),
            "exp": NOW.timestamp() + 3600,
            "consentements": json.dumps(_CONSENTS),
        }
    ],
    "token": [{"access_token": TOKEN, "token_type": "Bearer", "expires_in": 14_399}],
}
_NAMES: Final = sorted(ANSWERS)
_OTHERS: Final = [
    payload("no_data"),
    _DONE,
    {},
    {"statut_restitution": {"code": 2000100}},
]

_ODD: Final = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**63), 2**64 - 1),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=12),
    st.sampled_from(
        [
            *("NaN", "-1", "1e400", "1,5", "1 234,5", "9999-12-31", "١٢", "0x10", ""),
            *("0001-01-01T00:00:00+14:00", "2021-08-16T06:00:00", "2021-13-45", " "),
            *("9999-12-31T23:59:59-14:00", "20210816T060000Z", "2021-W33-1", "Vrai"),
            *([], {}, [{}], [[[]]], {"": None}, -0.0, 1e308, 5e-324, "1000008"),
            *("0000000000", "2000100", "1000000004", "GI999999", "0" * 14, "\x00"),
            *(
                "Mesur\u00e9",
                "Absence de Donn\u00e9es",
                "A valider",
                "\u202e",
                "\ud7ff",
            ),
        ]
    ),
)
_BITS: Final = (
    *(b"{", b"}", b"[", b"]", b'"', b"\\", b",", b":", b"\n", b"\r\n", b"\xc2\xa0"),
    *(
        b"\xef\xbb\xbf",
        b"\x00",
        b"\xff",
        b"NaN",
        b"-",
        b"1e999",
        b"null",
        b"}{",
        b"\\u",
    ),
    *(b'{"liste_acces": [', b"]}", b"<html>", b'{"a":', b"\xed\xa0\x80", b"9" * 400),
)
_STATUSES: Final = (201, 204, 301, 400, 401, 403, 404, 409, 429, 500, 503, 504)
_AFTER: Final = ("5", "-1", "1e9", "999999999", "Fri, 31 Dec 9999 23:59:59 GMT", "x")


def _paths(wire: object, path: Path = ()) -> list[Path]:
    """Return where every value within a value stands."""
    match wire:
        case dict():
            inner = [_paths(value, (*path, key)) for key, value in wire.items()]
        case list():
            inner = [_paths(value, (*path, at)) for at, value in enumerate(wire)]
        case _:
            inner = []
    return [path, *(each for some in inner for each in some)]


def _container(wire: Any, path: Path) -> Any:
    for key in path[:-1]:
        wire = wire[key]
    return wire


@st.composite
def _restructured(draw: st.DrawFn, objects: list[Any]) -> list[Any]:
    """Break the structure or the values of a list of objects, a few times."""
    objects = deepcopy(objects)
    for _ in range(draw(st.integers(0, 4))):
        path = draw(st.sampled_from(_paths(objects)))
        if not path:
            continue
        place, key = _container(objects, path), path[-1]
        match draw(st.integers(0, 6)):
            case 0 | 1 | 2:
                place[key] = deepcopy(draw(_ODD))
            case 3:
                del place[key]
            case 4:
                place[key] = draw(st.sampled_from([[place[key]], {"a": place[key]}]))
            case 5:
                other = draw(st.sampled_from(_paths(objects)))
                value = deepcopy(_container(objects, (*other, 0)) if other else None)
                place[key] = value
            case _:
                objects.insert(0, deepcopy(draw(st.sampled_from([*_OTHERS, *objects]))))
    return objects


def lines(objects: list[Any]) -> bytes:
    """Write objects as GRDF means to: one a line."""
    return b"".join(_dumped(each) + b"\n" for each in objects)


def _pretty(objects: list[Any]) -> bytes:
    return "".join(json.dumps(each, indent=2) for each in objects).encode()


def _listed(objects: list[Any]) -> bytes:
    return b"\xef\xbb\xbf" + _dumped(objects)


def _wrapped(objects: list[Any]) -> bytes:
    return b'{"liste_acces": ' + _dumped(objects) + b', "a": 1}'


def _windows(objects: list[Any]) -> bytes:
    return lines(objects).replace(b"\n", b"\r\n\xc2\xa0\r\n")


def _dumped(value: object) -> bytes:
    try:
        return orjson.dumps(value)
    except TypeError:
        return json.dumps(value).encode("utf-8", "surrogatepass")


_WRITERS: Final[tuple[Callable[[list[Any]], bytes], ...]] = (
    *(lines, lines, lines, _pretty, _listed, _wrapped, _windows),
)


def _signed(objects: list[Any]) -> bytes:
    """Write the claims of a token that is GRDF's."""
    claims = next((each for each in objects if isinstance(each, dict)), {})
    token = jwt.api_jws.encode(_dumped(claims), SECRET, algorithm="HS256")
    return orjson.dumps({"id_token": token, "access_token": TOKEN})


def flipped(body: bytes, roll: Random) -> bytes:
    """Break some bytes: changed, dropped, put in, cut off, or said twice."""
    data = bytearray(body)
    for _ in range(roll.randint(1, 4)):
        at = roll.randint(0, len(data))
        match roll.randrange(6):
            case 0 | 1 if at < len(data):
                data[at] = roll.randrange(256)
            case 2:
                del data[at : at + roll.randint(1, 40)]
            case 3:
                data[at:at] = roll.choice(_BITS)
            case 4:
                del data[at:]
            case _:
                data[at:at] = data[at : at + roll.randint(1, 200)]
    return bytes(data)


_LARGE: Final[tuple[Callable[[bytes], bytes], ...]] = (
    lambda body: body * 200,
    lambda body: body.replace(b'": "', b'": "' + b"x" * 300_000, 1),
    lambda body: b"[" * 200_000 + body,
    lambda body: b'{"a":' * 100_000 + body,
    lambda body: b"{" * 300_000 + b"\n" + body,
    lambda body: b" " * 2_000_000 + body,
    lambda body: body.replace(b": ", b": " + b"9" * 100_000, 1),
    lambda body: b'{"' + b"\\" * 1_200_000 + b"\n" + body,
    lambda body: b'""' * 300_000 + body,
    lambda body: b"}{" * 100_000 + body,
)


@st.composite
def cases(draw: st.DrawFn) -> tuple[str, Reply, int]:
    """Draw a call, an answer in which something is wrong, and a seed to break bytes."""
    name = draw(st.sampled_from(_NAMES))
    objects = draw(_restructured(ANSWERS[name]))
    if name == "exchange_code":
        body = _signed(objects)
    elif name == "token":
        body = _dumped(objects[0] if len(objects) == 1 else objects)
    else:
        body = draw(st.sampled_from(_WRITERS))(objects)
    kind = draw(st.integers(0, 199))
    if kind == 199:
        body = draw(st.sampled_from(_LARGE))(body)
    status, headers = 200, {}
    if kind % 20 == 7:
        status = draw(st.sampled_from(_STATUSES))
        headers = {"Retry-After": draw(st.sampled_from(_AFTER))}
    piece = draw(st.sampled_from((65_536, 65_536, 1_000, 13)))
    reply = Reply(body, status, headers, max(piece, len(body) // 20_000))
    return name, reply, draw(st.integers(0, 2**32))


def variants(reply: Reply, seed: int) -> Iterator[Reply]:
    """Yield an answer, and then some more whose bytes are broken as well."""
    yield reply
    roll = Random(seed)  # noqa: S311 - plays fate, not secrets
    for _ in range(VARIANTS if len(reply.body) < _SMALL else 0):
        yield replace(reply, body=flipped(reply.body, roll))
