"""Scenario codes: `LL1-4K7QX-...`, which reproduce a page.

Layout of the bytes: case (2), flags (1), seed (varint, if not 1), number of changes (varint), each change = parameter
(2) and value (varint), actions (if any). Cases and parameters are named by the CRC-16 of their key, so that adding or
reordering parameters leaves old codes valid; numbers are decimals (digits and a power of ten), so that a changed step
or range does not silently shift their meaning. Letters and checksum: `code_letters`.
"""

from __future__ import annotations

from collections.abc import Iterable

from liverlab.evidence import code_letters as letters
from liverlab.evidence.code_letters import name_tag
from liverlab.evidence.scenario import ACTION_KINDS, NEW_LESION_CALLS, SCHEMA, Action, Scenario

PREFIX = f"LL{SCHEMA}"
HAS_SEED, HAS_ACTIONS = 4, 8


class ScenarioCodeError(letters.CodeError):
    """A scenario code that cannot be used; the message is one sentence for the learner."""


def encode(scenario: Scenario) -> str:
    """Text of a scenario. Values are written with at most 7 decimals."""
    flags = NEW_LESION_CALLS.index(scenario.new_lesion_call)
    flags |= HAS_SEED * (scenario.seed != 1) | HAS_ACTIONS * bool(scenario.actions)
    data = bytearray(name_tag(scenario.case).to_bytes(2, "big"))
    data.append(flags)
    if flags & HAS_SEED:
        data += letters.varint(scenario.seed)
    data += letters.varint(len(scenario.changes))
    for key, value in scenario.changes:
        data += name_tag(key).to_bytes(2, "big") + letters.decimal(value)
    if flags & HAS_ACTIONS:
        data += letters.varint(len(scenario.actions))
        for action in scenario.actions:
            detail = action.detail.encode()
            data += letters.decimal(action.day) + bytes((ACTION_KINDS.index(action.kind), len(detail))) + detail
    return letters.write(PREFIX, bytes(data))


def decode(text: str, ev) -> Scenario:
    """Scenario of a code, checked against the evidence `ev`. Raises ScenarioCodeError with one clear sentence."""
    data = letters.read(PREFIX, text, "scenario code", ScenarioCodeError)
    try:
        scenario = _read(data, ev)
    except IndexError:
        raise ScenarioCodeError("This scenario code is damaged: its content ends too early.") from None
    problem = ev.refuse(scenario)
    if problem:
        raise ScenarioCodeError(f"This scenario code does not fit this version of liverlab: {problem}")
    return scenario


def _read(data: bytes, ev) -> Scenario:
    case = _named(data[0] << 8 | data[1], ev.cases, "case")
    flags, position = data[2], 3
    if flags & 3 >= len(NEW_LESION_CALLS) or flags & ~(3 | HAS_SEED | HAS_ACTIONS):
        raise ScenarioCodeError("This scenario code was made by a newer liverlab: update liverlab to read it.")
    seed = 1
    if flags & HAS_SEED:
        seed, position = letters.read_varint(data, position)
    count, position = letters.read_varint(data, position)
    changes = []
    for _ in range(count):
        key = _named(data[position] << 8 | data[position + 1], ev.parameters, "parameter")
        value, position = letters.read_decimal(data, position + 2)
        changes.append((key, value))
    actions = []
    if flags & HAS_ACTIONS:
        count, position = letters.read_varint(data, position)
        for _ in range(count):
            day, position = letters.read_decimal(data, position)
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
