"""Scenario codes: `LL1-4K7QX-...`, made to be read aloud, typed from a blackboard, and to fail loudly when mistyped.

Layout of the bytes: case (2), flags (1), seed (varint, if not 1), number of changes (varint), each change = parameter
(2) and value (varint), actions (if any), CRC-32 (4). Cases and parameters are named by the CRC-16 of their key, so that
adding or reordering parameters leaves old codes valid; numbers are decimals (digits and a power of ten), so that a
changed step or range does not silently shift their meaning. Characters are Crockford's base 32: no I, L, O, U, capitals
or not.
"""

from __future__ import annotations

import binascii
from collections.abc import Iterable

from liverlab.evidence.scenario import ACTION_KINDS, NEW_LESION_CALLS, SCHEMA, Action, Scenario

PREFIX = f"LL{SCHEMA}"
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
DIGIT = {character: number for number, character in enumerate(ALPHABET)} | {"I": 1, "L": 1, "O": 0}
GROUP = 5
HAS_SEED, HAS_ACTIONS = 4, 8
MOST_DECIMALS = 7
LONGEST_CODE = 2000


class ScenarioCodeError(ValueError):
    """A scenario code that cannot be used; the message is one sentence for the learner."""


def name_tag(name: str) -> int:
    """Two bytes that stand for a case or a parameter in a code."""
    return binascii.crc_hqx(name.encode(), 0)


def encode(scenario: Scenario) -> str:
    """Text of a scenario. Values are written with at most 7 decimals."""
    flags = NEW_LESION_CALLS.index(scenario.new_lesion_call)
    flags |= HAS_SEED * (scenario.seed != 1) | HAS_ACTIONS * bool(scenario.actions)
    data = bytearray(name_tag(scenario.case).to_bytes(2, "big"))
    data.append(flags)
    if flags & HAS_SEED:
        data += _varint(scenario.seed)
    data += _varint(len(scenario.changes))
    for key, value in scenario.changes:
        data += name_tag(key).to_bytes(2, "big") + _decimal(value)
    if flags & HAS_ACTIONS:
        data += _varint(len(scenario.actions))
        for action in scenario.actions:
            detail = action.detail.encode()
            data += _decimal(action.day) + bytes((ACTION_KINDS.index(action.kind), len(detail))) + detail
    data += _checksum(bytes(data)).to_bytes(4, "big")
    text = _base32(bytes(data))
    return "-".join([PREFIX, *(text[start : start + GROUP] for start in range(0, len(text), GROUP))])


def decode(text: str, ev) -> Scenario:
    """Scenario of a code, checked against the evidence `ev`. Raises ScenarioCodeError with one clear sentence."""
    data = _payload(text)
    try:
        scenario = _read(data, ev)
    except IndexError:
        raise ScenarioCodeError("This scenario code is damaged: its content ends too early.") from None
    problem = ev.refuse(scenario)
    if problem:
        raise ScenarioCodeError(f"This scenario code does not fit this version of liverlab: {problem}")
    return scenario


def _payload(text: str) -> bytes:
    """Bytes of the code without the checksum."""
    if not isinstance(text, str) or not text.strip():
        raise ScenarioCodeError(f"There is no scenario code here; one starts with {PREFIX}-.")
    compact = "".join(text.upper().split())
    prefix, _, body = compact.partition("-")
    if not prefix.startswith("LL") or not prefix[2:].isdigit() or not body:
        raise ScenarioCodeError(f"This is not a scenario code of liverlab: one starts with {PREFIX}-.")
    if prefix != PREFIX:
        newer = int(prefix[2:]) > SCHEMA
        advice = "update liverlab to read it" if newer else "ask for a new one"
        raise ScenarioCodeError(
            f"This scenario code has version {prefix[2:]}, this liverlab reads version {SCHEMA}: {advice}."
        )
    characters = body.replace("-", "")
    if len(characters) > LONGEST_CODE:
        raise ScenarioCodeError("This scenario code is damaged: it is far too long.")
    strange = sorted({character for character in characters if character not in DIGIT})
    if strange:
        raise ScenarioCodeError(f"This scenario code is damaged: it contains {strange[0]!r}, which no code has.")
    data = _bytes(characters)
    if data is None or len(data) < 8 or _checksum(data[:-4]) != int.from_bytes(data[-4:], "big"):
        raise ScenarioCodeError("This scenario code is damaged: a character is missing, added or mistyped.")
    return data[:-4]


def _read(data: bytes, ev) -> Scenario:
    case = _named(data[0] << 8 | data[1], ev.cases, "case")
    flags, position = data[2], 3
    if flags & 3 >= len(NEW_LESION_CALLS) or flags & ~(3 | HAS_SEED | HAS_ACTIONS):
        raise ScenarioCodeError("This scenario code was made by a newer liverlab: update liverlab to read it.")
    seed = 1
    if flags & HAS_SEED:
        seed, position = _read_varint(data, position)
    count, position = _read_varint(data, position)
    changes = []
    for _ in range(count):
        key = _named(data[position] << 8 | data[position + 1], ev.parameters, "parameter")
        value, position = _read_decimal(data, position + 2)
        changes.append((key, value))
    actions = []
    if flags & HAS_ACTIONS:
        count, position = _read_varint(data, position)
        for _ in range(count):
            day, position = _read_decimal(data, position)
            kind, length = data[position], data[position + 1]
            detail = data[position + 2 : position + 2 + length]
            position += 2 + length
            if kind >= len(ACTION_KINDS):
                raise ScenarioCodeError("This scenario code was made by a newer liverlab: update liverlab to read it.")
            actions.append((day, ACTION_KINDS[kind], detail))
    if position != len(data):
        raise ScenarioCodeError("This scenario code is damaged: its content does not end where it should.")
    try:
        done = tuple(Action(day, kind, detail.decode()) for day, kind, detail in actions)
        return Scenario(case, tuple(changes), done, seed, NEW_LESION_CALLS[flags & 3])
    except ValueError as error:
        raise ScenarioCodeError(f"This scenario code is damaged: {error}") from None


def _named(tag: int, names: Iterable[str], kind: str) -> str:
    for name in names:
        if name_tag(name) == tag:
            return name
    raise ScenarioCodeError(f"This scenario code names a {kind} that this liverlab does not have: update liverlab.")


def _checksum(data: bytes) -> int:
    return binascii.crc32(PREFIX.encode() + data)


def _varint(number: int) -> bytes:
    """Seven bits a byte, lowest first."""
    data = bytearray()
    while number > 127:
        data.append(number & 127 | 128)
        number >>= 7
    data.append(number)
    return bytes(data)


def _read_varint(data: bytes, position: int) -> tuple[int, int]:
    number = shift = 0
    while True:
        byte = data[position]
        number |= (byte & 127) << shift
        position, shift = position + 1, shift + 7
        if byte < 128:
            return number, position
        if shift > 70:
            raise IndexError(position)


def _decimal(value: float) -> bytes:
    places = next((n for n in range(MOST_DECIMALS + 1) if round(value, n) == value), MOST_DECIMALS)
    digits = round(value * 10**places)
    return _varint((2 * abs(digits) + (digits < 0)) << 3 | places)


def _read_decimal(data: bytes, position: int) -> tuple[float, int]:
    number, position = _read_varint(data, position)
    digits, places = number >> 3, number & 7
    return (-1) ** (digits & 1) * (digits >> 1) / 10**places + 0.0, position


def _base32(data: bytes) -> str:
    bits = 8 * len(data)
    count = -(-bits // 5)
    number = int.from_bytes(data, "big") << (5 * count - bits)
    return "".join(ALPHABET[number >> 5 * n & 31] for n in reversed(range(count)))


def _bytes(characters: str) -> bytes | None:
    """Bytes of the characters, None where no whole number of bytes gives them."""
    size = 5 * len(characters) // 8
    spare = 5 * len(characters) - 8 * size
    number = 0
    for character in characters:
        number = number << 5 | DIGIT[character]
    if spare >= 5 or number & ((1 << spare) - 1):
        return None
    return (number >> spare).to_bytes(size, "big")
