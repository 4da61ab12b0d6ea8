"""What is wrong with an input, said so that a person can mend it."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Problem:
    """One thing that the gate refuses: in which file and line, of which claim, and what was expected."""

    file: str
    line: int
    claim: str
    message: str

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}" if self.line else self.file
        return f"{where}: {self.claim}: {self.message}" if self.claim else f"{where}: {self.message}"


class RefusedError(Exception):
    """The input did not pass the gate; nothing of it is stored. Holds every problem that was found."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = sorted(set(problems))
        super().__init__("\n".join(str(problem) for problem in self.problems))
