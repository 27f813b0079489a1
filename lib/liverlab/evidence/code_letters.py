"""What all codes of liverlab share: letters, numbers, checksum, and a sentence for each way a code can be damaged.

A code is `PREFIX-XXXXX-XXXXX-...`, the prefix two letters and a version: made to be read aloud, typed from a
blackboard, and to fail loudly when mistyped. Characters are Crockford's base 32: no I, L, O, U, capitals or not. The
last four bytes are the CRC-32 of prefix and content.
"""

from __future__ import annotations

import binascii
import re

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
DIGIT = {character: number for number, character in enumerate(ALPHABET)} | {"I": 1, "L": 1, "O": 0}
GROUP = 5
MOST_DECIMALS = 7
LONGEST_CODE = 2000


class CodeError(ValueError):
    """A code that cannot be used; the message is one sentence for whoever typed it."""


def name_tag(name: str) -> int:
    """Two bytes that stand for a name (case, parameter, lesson) in a code: its CRC-16."""
    return binascii.crc_hqx(name.encode(), 0)


def write(prefix: str, data: bytes) -> str:
    """Text of the bytes, with prefix and checksum."""
    text = _base32(data + _checksum(prefix, data).to_bytes(4, "big"))
    return "-".join([prefix, *(text[start : start + GROUP] for start in range(0, len(text), GROUP))])


def read(prefix: str, text: str, kind: str, error: type[CodeError]) -> bytes:
    """Bytes of a code without the checksum; raises `error` with one sentence that calls it a `kind`."""
    letters, version = prefix[:2], int(prefix[2:])
    if not isinstance(text, str) or not text.strip():
        raise error(f"There is no {kind} here; one starts with {prefix}-.")
    # Word processors and chats make other dashes of a hyphen.
    compact = re.sub("[\u2010-\u2015\u2212]", "-", "".join(text.upper().split()))
    found, _, body = compact.partition("-")
    if not found.startswith(letters) or not (found[2:].isascii() and found[2:].isdecimal()) or not body:
        raise error(f"This is not a {kind} of liverlab: one starts with {prefix}-.")
    if found != prefix:
        advice = "update liverlab to read it" if int(found[2:]) > version else "ask for a new one"
        raise error(f"This {kind} has version {found[2:]}, this liverlab reads version {version}: {advice}.")
    characters = body.replace("-", "")
    if len(characters) > LONGEST_CODE:
        raise error(f"This {kind} is damaged: it is far too long.")
    strange = sorted({character for character in characters if character not in DIGIT})
    if strange:
        raise error(f"This {kind} is damaged: it contains {strange[0]!r}, which no code has.")
    data = _bytes(characters)
    if data is None or len(data) < 8 or _checksum(prefix, data[:-4]) != int.from_bytes(data[-4:], "big"):
        raise error(f"This {kind} is damaged: a character is missing, added or mistyped.")
    return data[:-4]


def varint(number: int) -> bytes:
    """Seven bits a byte, lowest first."""
    data = bytearray()
    while number > 127:
        data.append(number & 127 | 128)
        number >>= 7
    data.append(number)
    return bytes(data)


def read_varint(data: bytes, position: int) -> tuple[int, int]:
    """The number and the position behind it; IndexError where the bytes end too early."""
    number = shift = 0
    while True:
        byte = data[position]
        number |= (byte & 127) << shift
        position, shift = position + 1, shift + 7
        if byte < 128:
            return number, position
        if shift > 70:
            raise IndexError(position)


def decimal(value: float) -> bytes:
    """A number as its digits and a power of ten, at most 7 decimals."""
    places = next((n for n in range(MOST_DECIMALS + 1) if round(value, n) == value), MOST_DECIMALS)
    digits = round(value * 10**places)
    return varint((2 * abs(digits) + (digits < 0)) << 3 | places)


def read_decimal(data: bytes, position: int) -> tuple[float, int]:
    """The number and the position behind it."""
    number, position = read_varint(data, position)
    digits, places = number >> 3, number & 7
    return (-1) ** (digits & 1) * (digits >> 1) / 10**places + 0.0, position


def _checksum(prefix: str, data: bytes) -> int:
    return binascii.crc32(prefix.encode() + data)


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
