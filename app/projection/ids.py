"""Sets of ids that stay small however many there are: a bit for each id up to the largest, since ids are counted."""

from collections.abc import Iterable, Iterator

# So many bytes are looked at together.
_PART = 1024


class Ids:
    """A set of ids, which are read in their order."""

    def __init__(self, ids: Iterable[int] = ()) -> None:
        self._bits = bytearray()
        self.update(ids)

    def update(self, ids: Iterable[int]) -> None:
        """Add ids."""
        for one in ids:
            byte, bit = divmod(one, 8)
            if byte >= len(self._bits):
                self._bits.extend(bytes(byte + 1 - len(self._bits)))
            self._bits[byte] |= 1 << bit

    def __contains__(self, one: int) -> bool:
        byte, bit = divmod(one, 8)
        return byte < len(self._bits) and bool(self._bits[byte] >> bit & 1)

    def __len__(self) -> int:
        return int.from_bytes(self._bits).bit_count()

    def __iter__(self) -> Iterator[int]:
        start = 0
        while part := self._bits[start : start + _PART]:
            # A few among millions are mostly these.
            for byte, bits in enumerate(part, start) if part.count(0) < len(part) else ():
                while bits:
                    lowest = bits & -bits
                    yield byte * 8 + lowest.bit_length() - 1
                    bits ^= lowest
            start += _PART

    def batches(self, size: int) -> Iterator[list[int]]:
        """The ids in pieces of which each may stand in one query; what is added meanwhile may come, too."""
        batch: list[int] = []
        for one in self:
            batch.append(one)
            if len(batch) == size:
                yield batch
                batch = []
        if batch:
            yield batch
