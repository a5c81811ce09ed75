"""Ids of the tasks of a simulated world: 20 characters of `0-9a-v`, like those in the document.

1. The place of a task in the list can be computed from its id and the seed, so a world of 100,000 tasks needs
   no table.
2. An id of another world is recognised: its first 60 bits are a hash of seed and place.
"""

import re
from hashlib import blake2b

_ALPHABET = "0123456789abcdefghijklmnopqrstuv"
_PAIRS = tuple(first + second for first in _ALPHABET for second in _ALPHABET)
_SHAPE = re.compile(r"[0-9a-v]{20}")
_PLACE_BITS = 40
_PLACES = 1 << _PLACE_BITS


def hashed(seed: int, what: str, number: int) -> int:
    """Return 64 bits that depend on nothing but the arguments, the same in every process."""
    text = f"{seed}:{what}:{number}".encode()
    return int.from_bytes(blake2b(text, digest_size=8).digest())


def share(seed: int, what: str, number: int) -> float:
    """Return a number in [0, 1) that depends on nothing but the arguments."""
    return (hashed(seed, what, number) >> 11) / (1 << 53)


def task_id(seed: int, place: int) -> str:
    """Return the id of the task at `place` (from 0) in the list of the world of `seed`."""
    tag = hashed(seed, "tag", place) >> 4
    code = tag << _PLACE_BITS | (place ^ _mask(tag))
    return "".join([_PAIRS[code >> shift & 1023] for shift in range(90, -1, -10)])


def place_of(seed: int, text: str) -> int | None:
    """Return the place of an id in the list of the world of `seed`, None for an id of another world."""
    if not _SHAPE.fullmatch(text):
        return None
    code = int(text, 32)
    tag = code >> _PLACE_BITS
    place = code % _PLACES ^ _mask(tag)
    return place if hashed(seed, "tag", place) >> 4 == tag else None


def _mask(tag: int) -> int:
    # Golden-ratio hashing: ids of neighbours look unrelated, and it is much faster than a second digest.
    return tag * 0x9E3779B97F4A7C15 >> 16 & _PLACES - 1
