"""Rows in bulk: what is prepared of a data set becomes entities, claims and citations, a batch at a time."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from operator import itemgetter
from typing import Any

from sqlalchemy import ColumnElement, Connection, delete, func, literal, select
from sqlmodel import col

from app.importing.records import IN_PASSING, JULIAN, Key, Statement
from app.loading.identifiers import IDENTIFIERS
from app.loading.known import Known
from app.loading.preparing import CHARACTER, OBJECT, PLACE, PROPERTY, RANK, SUBJECT, Batch, Prepared, Ready, said
from app.passages import fold
from app.projection.ids import Ids
from app.tables.evidence import Citation, Claim, Source, current_claims, standing_claims
from app.tables.rows import batches_of, given, given_names, insert_rows, table_of
from app.vocabulary import MENTIONED, WITH_ARTICLE

_CLAIM_COLUMNS = (
    "id", "source_id", "fingerprint", "subject_id", "property", "value", "object_id", "character_id", "qualifiers",
    "modality", "inference", "rank",
)  # fmt: skip
_CITATION_COLUMNS = ("claim_id", "role", "exact", "prefix", "suffix", "locator")
# What is said of something that is only referred to.
SAID_IN_PASSING = ("identifier", "label")
_NAMED_IN = itemgetter(*map(_CLAIM_COLUMNS.index, ("subject_id", "object_id", "character_id")))
# What this data set says of some entities so far, by its fingerprint: (the claim, its manner), which is its qualifiers,
# rank, references, and whether its day is one of the Julian calendar.
_Held = dict[str, tuple[int, tuple[str, str, str, bool]]]


class Writer:
    """Writes the entries of one import. `earlier` are the ids of the imports of the same data set before it, which
    `is_referenced` if it says what it has its statements from.

    `touched` are the entities of which something is said now, or is said otherwise. Of what earlier imports said
    `kept` are the claims that are told again, and `ended` those that are told otherwise. `whole` are the entities of
    which all is told, but for the properties in `silent_on`: what else was said of them is ended when everything is
    read (`app.loading.ending`). `gone` are those of them that are not there any more, `left` others that are not,
    of which nothing was told but how they are known and called, and `unnamed` those that may have lost all references
    of this import. `introduced` have a record of their own in it, `labelled` are called otherwise, and `mentioned` have
    a name or a sort from the records of others. Of what was `left_out`, `first_left_out` is where it stands first.

    For example, the record of a film comes again. The same title is kept. The director has another reference: he is
    written anew, and what was held of him ended. A genre is missing: since the film is whole, that ends afterwards.
    """

    def __init__(
        self, connection: Connection, source_id: int, earlier: Sequence[int], touched: Ids, *, is_referenced: bool
    ) -> None:
        self._connection, self._source_id, self._earlier = connection, source_id, list(earlier)
        self._is_referenced = is_referenced
        self._first_claim = (connection.execute(select(func.max(col(Claim.id)))).scalar() or 0) + 1
        self._next_claim = self._first_claim
        self._ids = Known(connection)
        self.introduced, self._referred = Ids(), Ids()
        self.touched, self.kept, self.whole, self.ended = touched, Ids(), Ids(), Ids()
        self.gone, self.left, self.unnamed, self.labelled, self.mentioned = Ids(), Ids(), Ids(), Ids(), Ids()
        self.silent_on: dict[int, Sequence[str]] = {}
        self.left_out: Counter[str] = Counter()
        self.first_left_out: dict[str, str] = {}
        self.added = 0

    @property
    def entities(self) -> int:
        """How many things were not held before."""
        return self._ids.made

    def write(self, batch: Batch, *, overrules: bool = False) -> None:
        """Write a batch: what is told already is kept, and what is told otherwise than before is told anew.

        With `overrules` so is what this import said itself before of things that it only referred to.
        """
        keys, entries = batch.keys, self._held_only(batch)
        ready = [one for entry in entries for one in entry.statements]
        subjects = {keys[one[SUBJECT]] for one in ready}
        made = self._ids.find(subjects | _pointed_to(keys, ready), is_made=True)
        # Who is only called in some way is only referred to.
        introduced = {keys[one[SUBJECT]] for one in ready if one[PROPERTY] != "label"}
        # What is only named by what is told to be wrong is nothing that is known for that.
        referred = (subjects | _pointed_to(keys, (one for one in ready if one[RANK] != "deprecated"))) - introduced
        ids = [self._ids.get(key) for key in keys]
        ready += self._identified(batch, ready, self._unidentified(referred, made))
        self._write(batch, ids, ready, self._may_be_told(subjects - made), overrules=overrules)
        self.introduced.update(self._ids[key] for key in introduced)
        self._referred.update(self._ids[key] for key in referred)
        if self._earlier:
            self._note_whole(keys, entries)

    def _note_whole(self, keys: Sequence[Key], entries: Sequence[Prepared]) -> None:
        """Note of which entities all is told now, and what they are silent on; and which are mentioned."""
        self._ids.find({keys[entry.key] for entry in entries}, is_made=False)
        for entry in entries:
            if entry.is_whole and (one := self._ids.get(keys[entry.key])):
                # Of two records of one thing, in a shorter and a fuller mode, all is told that one of them tells.
                silent = set(self.silent_on.get(one, ())) if one in self.whole else set(entry.silent_on)
                self.silent_on[one] = tuple(silent.intersection(entry.silent_on))
                self.whole.update((one,))
            elif not entry.is_whole and any(told[PROPERTY] in MENTIONED for told in entry.statements):
                self.mentioned.update((self._ids[keys[entry.key]],))

    def end(self, gone: Collection[Key]) -> None:
        """End what earlier imports said of these entities; those that they told of are told as left out."""
        self._ids.find(gone, is_made=False)
        held = {self._ids[key]: key for key in gone if key in self._ids}
        if not held or not self._earlier:
            return
        query: Any = select(col(Claim.source_id), col(Claim.subject_id), col(Claim.property), col(Claim.value)).where(
            col(Claim.subject_id).in_(given(self._connection, "gone", held)), col(Claim.superseded_by_id).is_(None)
        )
        # By whom, is looked at here, as in `_held`.
        said_before = [row[1:] for row in self._connection.execute(query) if row[0] in self._earlier]
        told = {
            one for one, name, value in said_before
            # That another one of its scheme stands for it tells nothing of it.
            if name not in SAID_IN_PASSING or (name == "identifier" and value.partition(":")[0] != held[one].scheme)
        }  # fmt: skip
        self.whole.update(told)
        self.gone.update(told)
        self.left.update({one for one, _, _ in said_before} - told)
        self.left_out.update(f"what was {WITH_ARTICLE[held[one].kind]}, and is none any more" for one in told)

    def _told(
        self, name: str, ids: Collection[int], *conditions: ColumnElement[bool], is_standing: bool = False
    ) -> set[int]:
        """Those of the entities of which a current claim tells that property; with `is_standing`, be it deprecated."""
        if not ids:
            return set()
        query = (
            select(col(Claim.subject_id))
            .join(Source, col(Source.id) == col(Claim.source_id))
            .where(
                col(Claim.subject_id).in_(given(self._connection, "told", ids)), col(Claim.property) == name,
                standing_claims() if is_standing else current_claims(), *conditions,
            )
        )  # fmt: skip
        return set(self._connection.execute(query).scalars())

    def _held_only(self, batch: Batch) -> Sequence[Prepared]:
        """The entries without what is said within something that is not held, which is counted.

        What was said within something that was held once, and is no more, is all told then: there is nothing of it.
        """
        needed = {batch.keys[entry.within] for entry in batch.entries if entry.within is not None}
        itself = {batch.keys[entry.key] for entry in batch.entries if entry.is_of_held}
        self._ids.find(needed | itself, is_made=False)
        named = self._told("name", {self._ids[key] for key in needed if key in self._ids})
        known = self._told("identifier", {self._ids[key] for key in itself if key in self._ids})
        held, gone = [], list[Key]()
        for entry in batch.entries:
            within = None if entry.within is None else batch.keys[entry.within]
            if entry.is_of_held and self._ids.get(batch.keys[entry.key]) not in known:
                continue
            if within and self._ids.get(within) not in named:
                self.left_out[f"what is said of {WITH_ARTICLE[within.kind]} that is not held"] += 1
                gone += [batch.keys[entry.key]] * (within in self._ids and entry.is_whole)
            else:
                self.left_out.update(entry.left_out)
                for what in entry.left_out:
                    self.first_left_out.setdefault(what, entry.place)
                held.append(entry)
        if self._earlier and gone:
            self._ids.find(gone, is_made=False)
            self.whole.update(self._ids[key] for key in gone if key in self._ids)
        return held

    def _unidentified(self, referred: Collection[Key], made: Collection[Key]) -> set[Key]:
        """Those of the entities that are only referred to of which nobody tells the identifier: they are made now, or
        an article alone speaks of them, or what told it has ended."""
        whole = {key for key in referred if not key.part}
        held = {self._ids[key]: key for key in whole - set(made)}
        unsure = {one: key for one, key in held.items() if one not in self.introduced and one not in self._referred}
        if not unsure:
            return whole & set(made)
        own = given_names(self._connection, "own_identifiers", sorted({key.identifier for key in unsure.values()}))
        told = self._told("identifier", unsure, col(Claim.value).in_(own), is_standing=True)
        return (whole & set(made)) | {key for one, key in unsure.items() if one not in told}

    def _identified(self, batch: Batch, ready: Iterable[Ready], unidentified: Collection[Key]) -> list[Ready]:
        """The identifier of each of these entities, which are only referred to, said where that is first."""
        missing = {at for at, key in enumerate(batch.keys) if key in unidentified} if unidentified else set[int]()
        found: list[Ready] = []
        for one in ready if missing else ():
            for at in (one[OBJECT], one[CHARACTER], one[SUBJECT]):
                if at is not None and at in missing:
                    missing.discard(at)
                    told = Statement("identifier", batch.keys[at].identifier)
                    fact, value, qualifiers = said(batch.keys[at], told)
                    place = one[PLACE].removesuffix(IN_PASSING)
                    found.append(
                        (fact, at, told.property, value, None, None, qualifiers, told.modality, told.rank, place, "")
                    )
        return found

    def _may_be_told(self, introduced: Collection[Key]) -> list[int]:
        """Those of these entities of which this data set, this import included, may have told something before."""
        ids = [self._ids[key] for key in introduced]
        return ids if self._earlier else [one for one in ids if one in self.introduced or one in self._referred]

    def take_out(self, claims: Sequence[int]) -> None:
        """Take out claims of this import, as if it had not told them."""
        for some in batches_of(claims):
            self._connection.execute(delete(Citation).where(col(Citation.claim_id).in_(some)))
            self._connection.execute(delete(Claim).where(col(Claim.id).in_(some)))
        self.added -= len(claims)

    def _write(
        self, batch: Batch, ids: Sequence[Any], ready: Iterable[Ready], may_be_told: Collection[int], *, overrules: bool
    ) -> None:
        held, number = self._held(may_be_told), self._next_claim
        claims, citations, referenced, identifiers = [], [], [], []
        ended: set[int] = set()
        for fact, subject, name, value, target, played, qualifiers, modality, rank, place, references in ready:
            manner = qualifiers, rank, references, place.endswith(JULIAN)
            if before := held.get(fact):
                claim_id, former_manner = before
                overruled = overrules and ids[subject] not in self.introduced
                if former_manner == manner or (self._is_of_this(claim_id) and not overruled):
                    self.kept.update((claim_id,) if claim_id < self._first_claim else ())
                    continue
                ended.add(claim_id)
            subject_id = ids[subject]
            object_id = None if target is None else ids[target]
            character_id = None if played is None else ids[played]
            claims.append(
                (number, self._source_id, fact, subject_id, name, value, object_id, character_id, qualifiers, modality,
                 "none", rank)
            )  # fmt: skip
            if references:
                referenced.append((number, "quote", "", "", "", place, references))
            else:
                citations.append((number, "quote", "", "", "", place))
            held[fact] = number, manner
            if name == "identifier" and rank != "deprecated":
                identifiers.append((subject_id, batch.keys[subject].kind, value, fold(value or "")))
            elif name == "label":
                self.labelled.update((subject_id,))
            number += 1
        insert_rows(self._connection, table_of(Claim), _CLAIM_COLUMNS, claims)
        insert_rows(self._connection, table_of(Citation), _CITATION_COLUMNS, citations)
        insert_rows(self._connection, table_of(Citation), (*_CITATION_COLUMNS, "references"), referenced)
        insert_rows(self._connection, IDENTIFIERS, ("subject_id", "kind", "value", "folded"), identifiers)
        self.added, self._next_claim = self.added + len(claims), number
        self.touched.update({one for claim in claims for one in _NAMED_IN(claim) if one})
        self.ended.update(one for one in ended if one < self._first_claim)
        self.take_out([one for one in ended if one >= self._first_claim])

    def _is_of_this(self, claim_id: int) -> bool:
        """Whether this import says it, or says it again: of what it tells twice the first counts, as it does again."""
        return claim_id >= self._first_claim or claim_id in self.kept

    def _held(self, subjects: Collection[int]) -> _Held:
        """What this data set tells of these entities so far."""
        if not subjects:
            return {}
        columns = [col(Claim.source_id), col(Claim.fingerprint), col(Claim.id), col(Claim.qualifiers), col(Claim.rank)]
        told: Any = select(*columns, literal(""), literal(""))
        if self._is_referenced:
            told = select(*columns, func.coalesce(col(Citation.references), ""), col(Citation.locator)).join(
                Citation, col(Citation.claim_id) == col(Claim.id)
            )
        # By whom, is looked at here: SQLite would go through all that the data set tells, for each batch.
        query = told.where(
            col(Claim.subject_id).in_(given(self._connection, "introduced", subjects)),
            col(Claim.superseded_by_id).is_(None),
        )
        rows: Any = self._connection.execute(query)
        own = {*self._earlier, self._source_id}
        return {
            fact: (claim_id, (qualifiers, rank, references, place.endswith(JULIAN)))
            for source_id, fact, claim_id, qualifiers, rank, references, place in rows
            if source_id in own and claim_id not in self.ended
        }


def _pointed_to(keys: Sequence[Key], statements: Iterable[Ready]) -> set[Key]:
    """The entities that statements point to, as objects and as characters."""
    return {keys[at] for one in statements for at in (one[OBJECT], one[CHARACTER]) if at is not None}
