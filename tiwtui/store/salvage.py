"""What can still be read of a damaged database, put into a new one.

No call of the service lists tasks: a task or a label that is lost here is lost for good.

1. The damaged file is only read. Where its first page is broken, a copy is read in which that page is a new
   database's: every file of one version has its tables at the same places.
2. A table is read from both ends up to the damage, and what lies between id by id.
3. A task whose row cannot be read, but whose id an index still has, comes back without its label. Where the
   index is broken too, its ids are those that lie between the readable ones.
4. A database that is missing or empty is put together from its WAL, whose older frames often hold what was
   moved into the lost database: a WAL is written over from its beginning, not cut.
5. What checks found of a task is taken over whole or not at all: one whose videos cannot be read is asked
   about again, as if it were new. Its last answer and its history are taken where they can be read.
"""

import os
import shutil
import sqlite3
import struct
import zlib
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import quote

import msgspec

from tiwtui.model import Phase
from tiwtui.store import codec, schema
from tiwtui.store.errors import is_locked

_BETWEEN_MOST = 200_000
"""How many ids between two readable ones are tried, each for itself."""
_MISSES_MOST = 5_000
"""After how many in a row that cannot be read none is looked for further on: some fifty pages of tasks."""

_WATCHED = "sdk_app_id, task_id, label, added_at, removed_at, taken_at, seen_at"
_DETAILS = "videos, oddities, raw"
_TRANSITIONS = "id, at, phase, status"

_PHASES = frozenset(phase.value for phase in Phase)

_PAGE_COUNT = slice(28, 32)
_WRITE_AND_READ_VERSION = slice(18, 20)
_WAL = b"\x02\x02"
_WAL_HEADER = 32
_FRAME_HEADER = 24
_PAGE_SIZES = frozenset(1 << bits for bits in range(9, 17))
_PAGES_MOST = 1 << 20
"""A page of a higher number is none of a watch list: it would make a file of gigabytes."""

_Rows = dict[int, codec.Row]


def salvage(damaged: Path, new: Path, wall: float) -> None:
    """Begin a database at `new` with what can be read of `damaged`. Raises `sqlite3.Error` and `OSError`.

    A task of which nothing but its id is left counts as added at `wall`.
    """
    os.close(os.open(new, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600))
    with closing(sqlite3.connect(new, isolation_level=None)) as target:
        schema.migrate(target)
        with _source(damaged, new) as source, schema.transaction(target):
            _take_over(source, target, wall)


def _take_over(source: sqlite3.Connection, target: sqlite3.Connection, wall: float) -> None:
    number = schema.next_revision(target)
    watched = _watched(source, wall)
    target.executemany(
        f"INSERT OR IGNORE INTO watched (id, {_WATCHED}, revision) VALUES (?, ?, ?, ?, ?, ?, ?, ?, {number})",
        ((row_id, *row) for row_id, row in watched.items()),
    )
    details = {
        row_id: row
        for row_id, row in _read(source, "details", _DETAILS, watched).items()
        if row_id in watched and _is_whole(row)
    }
    observed = {
        row_id: shown
        for row_id, (shown,) in _read(source, "observed", "shown", watched).items()
        if row_id in watched and _is_told(shown, has_details=row_id in details)
    }
    target.executemany(
        f"INSERT OR IGNORE INTO observed (id, shown, revision) VALUES (?, ?, {number})", observed.items()
    )
    target.executemany(
        f"INSERT OR IGNORE INTO details (id, {_DETAILS}) VALUES (?, ?, ?, ?)",
        (
            (row_id, videos, oddities, raw if _is_packed(raw) else None)
            for row_id, (videos, oddities, raw) in details.items()
            if row_id in observed
        ),
    )
    target.executemany(
        f"INSERT OR IGNORE INTO transitions (number, {_TRANSITIONS}) VALUES (?, ?, ?, ?, ?)",
        (
            (place, *row)
            for place, row in _read(source, "transitions", _TRANSITIONS, (), key="number").items()
            if row[0] in observed and _is_transition(row)
        ),
    )


def _watched(source: sqlite3.Connection, wall: float) -> _Rows:
    named: _Rows = {}
    removed: _Rows = {}
    # The indexes hold ids and more of their own, on pages of their own.
    is_named = _take(
        source, "SELECT id, sdk_app_id, task_id FROM watched INDEXED BY sqlite_autoindex_watched_1", named
    )
    _take(
        source,
        "SELECT id, removed_at FROM watched INDEXED BY watched_removed WHERE removed_at IS NOT NULL",
        removed,
    )
    found = _read(source, "watched", _WATCHED, named if is_named else None)
    for row_id, (app, task_id) in named.items():
        if row_id not in found or not _is_task(found[row_id]):
            (removed_at,) = removed.get(row_id, (None,))
            found[row_id] = (app, task_id, "", wall, removed_at, None, None)
    return {row_id: _mended(row) for row_id, row in sorted(found.items()) if _is_task(row)}


def _read(
    source: sqlite3.Connection, table: str, columns: str, known: Iterable[int] | None, *, key: str = "id"
) -> _Rows:
    """Return the rows of a table by their key; `known` are those to try singly, `None` all that may be."""
    query = f"SELECT {key}, {columns} FROM {table} NOT INDEXED"
    found: _Rows = {}
    if _take(source, f"{query} ORDER BY {key}", found):
        return found
    last = max(found, default=0)
    behind: _Rows = {}
    _take(source, f"{query} ORDER BY {key} DESC", behind)
    first = min(behind, default=last + _BETWEEN_MOST)
    found |= behind
    misses = 0
    for one in range(last + 1, min(first, last + _BETWEEN_MOST)) if known is None else known:
        if one not in found:
            _take(source, f"{query} WHERE {key} = {one}", found)
            misses = 0 if one in found else misses + 1
            if misses > _MISSES_MOST:
                break
    return found


def _take(source: sqlite3.Connection, query: str, found: _Rows) -> bool:
    """Add the rows of a query up to the first that cannot be read; whether there was none such."""
    try:
        for row_id, *row in source.execute(query):
            found.setdefault(row_id, tuple(row))
    except sqlite3.Error as error:
        if is_locked(error):
            raise
        return False
    return True


@contextmanager
def _source(damaged: Path, new: Path) -> Iterator[sqlite3.Connection]:
    wal = damaged.with_name(f"{damaged.name}-wal")
    is_hollow = not damaged.exists() or not damaged.stat().st_size
    if not is_hollow:
        with closing(_reader(damaged)) as source:
            if _take(source, "SELECT id FROM watched LIMIT 0", {}):
                yield source
                return
    with TemporaryDirectory(dir=damaged.parent, prefix=f".{damaged.name}.") as folder:
        copy = Path(folder) / "copy.db"
        if is_hollow:
            copy.touch()
            has_first = _put_frames(copy, wal)
        else:
            has_first = False
            shutil.copyfile(damaged, copy)
            if wal.exists():
                shutil.copyfile(wal, copy.with_name(f"{copy.name}-wal"))
        if not has_first:
            _put_first_page(copy, new, has_wal=wal.exists() and not is_hollow)
        with closing(_reader(copy)) as source:
            yield source


def _reader(path: Path) -> sqlite3.Connection:
    # A connection that could write would fold the WAL into the file when it closes.
    reader = sqlite3.connect(f"file:{quote(str(path))}?mode=ro", uri=True, isolation_level=None)
    reader.text_factory = lambda text: text.decode("utf-8", "replace")
    # With it SQLite reads what there is of a file that is shorter than its header says.
    reader.execute("PRAGMA writable_schema = ON")
    return reader


def _put_first_page(copy: Path, new: Path, *, has_wal: bool) -> None:
    with closing(sqlite3.connect(new)) as database:
        (size,) = database.execute("PRAGMA page_size").fetchone()
    with new.open("rb") as file:
        page = bytearray(file.read(size))
    page[_PAGE_COUNT] = (copy.stat().st_size // size).to_bytes(4, "big")
    if has_wal:
        page[_WRITE_AND_READ_VERSION] = _WAL
    with copy.open("r+b") as file:
        file.write(page)


def _put_frames(copy: Path, wal: Path) -> bool:
    """Put the pages that a WAL holds where they belong in a database; whether the first is among them."""
    content = wal.read_bytes() if wal.exists() else b""
    if len(content) < _WAL_HEADER:
        return False
    size, newest = (int.from_bytes(content[at : at + 4], "big") for at in (8, 16))
    if size not in _PAGE_SIZES:
        return False
    # Each time it is written over from the beginning, the first salt of a WAL rises by one.
    frames: dict[int, list[tuple[int, int]]] = {}
    last_commit: dict[int, int] = {}
    for at in range(_WAL_HEADER, len(content) - _FRAME_HEADER - size + 1, _FRAME_HEADER + size):
        number, commit, salt = struct.unpack_from(">III", content, at)
        age = (newest - salt) % 2**32
        if 0 < number <= _PAGES_MOST:
            frames.setdefault(age, []).append((number, at))
        if commit:
            last_commit[age] = at
    pages = {
        number: at
        for age in sorted(frames, reverse=True)
        for number, at in frames[age]
        if at <= last_commit.get(age, -1)
    }
    with copy.open("r+b") as file:
        for number, at in pages.items():
            file.seek((number - 1) * size)
            file.write(content[at + _FRAME_HEADER : at + _FRAME_HEADER + size])
    return 1 in pages


def _is_task(row: codec.Row) -> bool:
    app, task_id, _label, added_at, *_others = row
    return isinstance(app, int) and isinstance(task_id, str) and bool(task_id) and isinstance(added_at, float)


def _mended(row: codec.Row) -> codec.Row:
    app, task_id, label, added_at, *moments = row
    label = label if isinstance(label, str) else ""
    return app, task_id, label, added_at, *(at if isinstance(at, float) else None for at in moments)


def _is_told(shown: object, *, has_details: bool) -> bool:
    try:
        return isinstance(shown, bytes | str) and (codec.video_count(shown) == 0 or has_details)
    except msgspec.DecodeError:
        return False


def _is_whole(row: codec.Row) -> bool:
    videos, oddities, _raw = row
    return codec.are_readable(videos, oddities)


def _is_packed(raw: object) -> bool:
    try:
        return isinstance(raw, bytes) and bool(zlib.decompress(raw))
    except zlib.error:
        return False


def _is_transition(row: codec.Row) -> bool:
    _row_id, at, phase, status = row
    return isinstance(at, float) and phase in _PHASES and isinstance(status, str)
