"""What an item of Wikidata's is not, or not any more: a thing of another kind, or an item of its own. Pure."""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, TypeGuard

from app.importing.records import Called, Entry, Gone, Item, Key, Skipped, Statement
from app.vocabulary import KINDS, Kind

_ITEM = re.compile("Q[1-9][0-9]{0,19}")


def is_item(identifier: Any) -> TypeGuard[str]:
    """Whether it is the id of an item."""
    return isinstance(identifier, str) and bool(_ITEM.fullmatch(identifier))


def key_of(identifier: Any, kind: Kind) -> Key:
    """An item as a thing of that kind. Raises ValueError for what is no id of one."""
    if not is_item(identifier):
        raise ValueError(f"'{identifier}' is no id of an item")
    return Key(kind, f"wikidata:{identifier}")


def gone(identifier: Any, but: Kind | None = None) -> Gone:
    """What an item is not, of all that it may have been."""
    told = key_of(identifier, "film").identifier
    return Gone(tuple([Key(one, told) for one in KINDS if one != but]))


def of_no_kind(identifier: str, asked: str, label: str, place: str) -> list[Item]:
    """What is told of an item of which it is not known what it is: how others call it who refer to it.

    So they may by the id that was `asked` for, which it had before, if any.
    """
    called = [Called(f"wikidata:{one}", label, place) for one in (identifier, asked) if one and label]
    moved = redirect(asked, identifier, place) if asked else ()
    return [Skipped("an item of no kind that is held here"), gone(identifier), *moved, *called]


def former(identifier: str, now: Key, place: str) -> list[Item]:
    """That what an item was told as is another item by now, of which the file tells what it is."""
    return [_moved(key_of(identifier, now.kind), now.identifier, place), gone(identifier, but=now.kind)]


def redirect(identifier: Any, into: Any, place: str) -> Iterator[Item]:
    """The same, where the file tells no more: it is so of a thing of whatever kind that is held as the former item."""
    yield Skipped("an item that another one stands for")
    for kind in KINDS if is_item(into) else ():
        yield replace(_moved(key_of(identifier, kind), f"wikidata:{into}", place), is_whole=False, is_of_held=True)
    yield gone(identifier)


def _moved(key: Key, into: str, place: str) -> Entry:
    """All that is said of it is the identifier of what it is by now, and that its own was one."""
    both = Statement("identifier", key.identifier, rank="deprecated"), Statement("identifier", into)
    return Entry(key, both, place)
