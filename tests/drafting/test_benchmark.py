"""The measurement of drafts reads the forms of its data sets, and says when they are not there."""

import gzip
import json
import subprocess
import sys
from pathlib import Path

from benchmarks import annotated
from tests.makers import ROOT

# A document of our own in the form of RE-DocRED.
DOCUMENT = {
    "title": "Low Tide",
    "sents": [["Low", "Tide", "is", "a", "2030", "film", "directed", "by", "Mira", "Sol", "."]],
    "vertexSet": [
        [{"sent_id": 0, "pos": [0, 2], "type": "MISC", "name": "Low Tide"}],
        [{"sent_id": 0, "pos": [4, 5], "type": "TIME", "name": "2030"}],
        [{"sent_id": 0, "pos": [8, 10], "type": "PER", "name": "Mira Sol"}],
    ],
    "labels": [{"r": "P57", "h": 0, "t": 2, "evidence": [0]}, {"r": "P577", "h": 0, "t": 1, "evidence": [0]}],
}
# A sentence of our own in the form of GUM.
CONLLU = """\
# meta::title = Landing
# meta::dateCreated = 2031-05-09
# sent_id = own-1
1\tMira\t_\tPROPN\t_\t_\t_\t_\t_\tEntity=(1-person-new-cf1-1,2-coref
2\tSol\t_\tPROPN\t_\t_\t_\t_\t_\tEntity=1)
3\tlanded\t_\tVERB\t_\t_\t_\t_\t_\t_
4\ton\t_\tADP\t_\t_\t_\t_\t_\t_
5\tWednesday\t_\tPROPN\t_\t_\t_\t_\t_\tEntity=(2-time-new-cf1-1-coref)|XML=<date when:::"2031-05-07"></date>
"""


def measure(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "benchmarks.drafting", "--data", str(folder)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=True)


def test_it_prints_a_table_and_names_what_is_missing(tmp_path: Path) -> None:
    (tmp_path / "redocred").mkdir()
    (tmp_path / "redocred" / "docs.json.gz").write_bytes(gzip.compress(json.dumps([DOCUMENT]).encode()))
    (tmp_path / "gum").mkdir()
    (tmp_path / "gum" / "own.conllu.gz").write_bytes(gzip.compress(CONLLU.encode()))
    done = measure(tmp_path)
    assert f"webnlg is not in {tmp_path}: not measured" in done.stderr
    rows = {(row[0], " ".join(row[2:-5])): row[-5:] for row in map(str.split, done.stdout.splitlines()[1:])}
    assert rows["redocred", "names"] == ["2", "2", "2", "1.00", "1.00"]
    assert rows["redocred", "director"] == ["1", "1", "1", "1.00", "1.00"]
    assert rows["redocred", "release_date"] == ["1", "1", "1", "1.00", "1.00"]
    assert rows["gum", "dates, with value"] == ["1", "1", "1", "1.00", "1.00"]
    assert float(rows["seeds", "names"][-1]) > 0.8


def test_places_are_those_of_the_text(tmp_path: Path) -> None:
    (tmp_path / "gum").mkdir()
    (tmp_path / "gum" / "own.conllu.gz").write_bytes(gzip.compress(CONLLU.encode()))
    document = next(iter(annotated.documents(tmp_path, ROOT / "seeds")))
    assert document.dates is not None
    assert document.names is not None
    body = document.text.split("---\n")[1]
    assert [(body[one.start : one.end], one.value) for one in document.dates] == [("Wednesday", "2031-05-07")]
    assert [one.spellings for one in document.names] == [{"mirasol"}]
