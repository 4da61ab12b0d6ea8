"""What is wrong with an input, said so that a person can mend it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.loading.corrections import Reverified


@dataclass(frozen=True, order=True)
class Problem:
    """One thing that the gate refuses: in which file and line, of which claim, and what was expected.

    `number` is that of the claim in its file, from 1; 0 for what is wrong with no single claim.
    """

    file: str
    line: int
    claim: str
    message: str
    number: int = 0

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}" if self.line else self.file
        return f"{where}: {self.claim}: {self.message}" if self.claim else f"{where}: {self.message}"


class RefusedError(Exception):
    """The input did not pass the gate; nothing of it is stored. Holds every problem that was found.

    `reverified` says what of the version before still stands, where the input corrects the text of one; and `left_out`
    the orphaned claims without which it was judged.
    """

    def __init__(
        self, problems: Sequence[Problem], reverified: "Sequence[Reverified]" = (), left_out: Sequence[Problem] = ()
    ) -> None:
        self.problems = sorted(set(problems))
        self.reverified, self.left_out = reverified, left_out
        super().__init__("\n".join(str(problem) for problem in self.problems))
