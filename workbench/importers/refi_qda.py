"""REFI-QDA projects (.qdpx) of NVivo, MAXQDA, ATLAS.ti, QualCoder and others, and of ours.

A text with coded passages is a call with a quote a passage; codes are themes, cases customers, and what a coder wrote about a
passage or text a take. A text that nobody has coded is a transcript where it is talk. Programs differ in how they count
positions (line ends of Windows once or twice, signs beyond Unicode's basic plane once or twice, the end behind the last
letter or on it): the standard's way is taken unless another puts many more of the passages' ends between words, and then it is said.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import NamedTuple
from xml.etree.ElementTree import Element

from workbench.errors import Problem, shorten
from workbench.importers.archive import LARGEST_TEXT, MEGABYTE, check_document
from workbench.importers.contents import Contents, Jotting, Jottings, Transcript, Turn
from workbench.importers.days import day_in
from workbench.importers.formats import Importer, read_source
from workbench.importers.named import read_named
from workbench.importers.source import Source, Unreadable
from workbench.importers.tags import tag_of
from workbench.importers.turns import lines_of
from workbench.notes import CALL_KINDS, KINDS, format_note, read_note, showable

__all__ = ["IMPORTER", "UNQUOTED", "WORD_FOR_WORD"]

# In projects of ours: what stands for words that were not to leave, and behind a call's name for its transcript.
UNQUOTED = "[not to be quoted]"
WORD_FOR_WORD = ", word for word"

_FIELDS = {"segment", "who", "role", "date", "kind", "consent", "customer", "us"}
_TAG = re.compile(r"[^\W\d_][\w-]*")
_LETTERS = re.compile(r"[^\W\d_]+")
_BOXES = ("PDFSelection", "PictureSelection", "AudioSelection", "VideoSelection")
_ENDING = re.compile(r"\.(?:docx?|odt|rtf|txt|md|pdf|html?|vtt|srt|mp3|mp4|m4a|wav|mov|avi|wmv)$", re.IGNORECASE)
_DEEPEST = 50
_CUT_WORDS = 12
_MOST_NAME = 200


class _Memo(NamedTuple):
    """What a coder wrote; of a take of ours also its tags and its time."""

    words: str
    tags: tuple[str, ...] = ()
    at: str = ""


class _Passage(NamedTuple):
    """A passage of a text, by the project's own counting."""

    start: int
    end: int
    codes: tuple[str, ...]
    memos: tuple[_Memo, ...]


@dataclass
class _Text:
    """A text of the project with what was done in it."""

    name: str
    guids: tuple[str, ...] = ()
    raw: str = ""
    passages: list[_Passage] = field(default_factory=list)
    codes: tuple[str, ...] = ()
    memos: tuple[_Memo, ...] = ()
    values: dict[str, str] = field(default_factory=dict)
    n_broken: int = 0
    is_cut: bool = False  # made of its passages, a line each


class _Case(NamedTuple):
    name: str
    values: dict[str, str]


def _claims(source: Source) -> bool:
    if source.ending == ".qdpx":
        return True
    if not source.data.startswith(b"PK"):
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(source.data)) as archive:
            return any(name.lower().endswith(".qde") for name in archive.namelist())
    except Exception:  # zipfile raises a dozen kinds on broken bytes
        return False


def _read(source: Source) -> tuple[Contents, ...]:
    check_document(source)
    with zipfile.ZipFile(io.BytesIO(source.data)) as archive:
        project = _Project(source.name, archive)
        found = [contents for text in project.texts if (contents := project.contents_of(text)) is not None]
    if not found and project.outside and not project.texts:
        what = f"a project without its texts: {shorten(', '.join(project.outside))}"
        raise Unreadable(what, "export it again with its sources, or bring the texts themselves")
    if not found:
        raise Unreadable(
            "a project without a text that is talk or that somebody has coded", "bring its texts themselves"
        )
    first = found[0]
    told = (*project.problems, *first.problems)
    fields = {name: getattr(first, name) for name in first.__slots__}
    return (type(first)(**{**fields, "problems": told}), *found[1:])


class _Project:
    """A project as it is read: its texts first, then what each is of."""

    def __init__(self, file: str, archive: zipfile.ZipFile) -> None:
        self._file, self._archive = file, archive
        self.problems: list[Problem] = []
        self.outside: list[str] = []
        self._members = {
            posixpath.basename(name).casefold(): name for name in archive.namelist() if not name.endswith("/")
        }
        self._root = self._open()
        self._variables = {_id(one.get("guid")): one.get("name", "") for one in self._all("Variable")}
        self._codes = dict(_paths(self._codebook()))
        # QualCoder has a folder of the same name above each code that it had from NVivo or MAXQDA.
        codable = {_id(one.get("guid")) for one in self._all("Code") if one.get("isCodable") != "false"}
        self._leaves = Counter(path[-1].casefold() for guid, path in self._codes.items() if guid in codable)
        self._is_ours = {("Kinds", kind) for kind in KINDS if kind != "take"} <= set(self._codes.values())
        self._notes = {_id(one.get("guid")): one for one in _children(_child(self._root, "Notes"), "Note")}
        self._linked = self._links()
        self._groups = self._grouped()
        self._case_of, self._case_codes = self._cases()
        self.texts = list(self._texts())
        self._count = self._settle_counting()
        names = {text.name for text in self.texts}
        self._words_of = {
            name: text
            for text in self.texts
            if self._is_spoken(text) and (name := text.name.removesuffix(WORD_FOR_WORD)) in names
        }

    def contents_of(self, text: _Text) -> Contents | None:
        """A text as a call's notes, as a transcript, or nothing where it is neither; then it is said."""
        if self._words_of.get(text.name.removesuffix(WORD_FOR_WORD)) is text:
            return None  # it comes in with its call
        case = self._case(text)
        problems: list[Problem] = []
        notes, talk = self._notes_and_talk(text, problems)
        if spoken := self._words_of.get(text.name):
            coded, talk = self._notes_and_talk(spoken, problems)
            notes += coded
        values = {**case.values, **text.values}
        kind = values.get("kind", "").casefold()
        stated = {
            "customer": case.name or values.get("customer", ""),
            "who": ", ".join(filter(None, (values.get("who", ""), values.get("role", "")))),
            "segment": values.get("segment", ""),
            "kind": kind if kind in CALL_KINDS else "",
            "consent": values.get("consent", ""),
            "us": values.get("us", ""),
            "date": day_in(values.get("date", "")) or day_in(text.name),
        }
        title = text.name if self._is_ours else _ENDING.sub("", text.name)  # ATLAS.ti calls a text as its file
        if notes:
            talk = talk and replace(talk, who=stated["who"])  # which tells, beside us, on whose side somebody speaks
            return Jottings(tuple(notes), title=title, problems=tuple(problems), transcript=talk, **stated)
        if talk:
            problems = [*talk.problems, *problems]
            return Transcript(talk.turns, title=case.name or title, problems=tuple(problems), **stated)
        if not problems:
            lacks = "has neither a note nor a transcript" if self._is_ours else "has no coded passage and is no talk"
            self._say(f"“{shorten(text.name)}” {lacks}", "it stays in the project, which is kept whole")
        self.problems += problems
        return None

    def _is_spoken(self, text: _Text) -> bool:
        """Whether a text is a transcript that we wrote into the project, beside the text with the call's notes."""
        return self._is_ours and text.name.endswith(WORD_FOR_WORD)

    def _notes_and_talk(self, text: _Text, problems: list[Problem]) -> tuple[list[Jotting], Transcript | None]:
        words, places = (_WAYS[0] if text.is_cut else self._count).lay_out(text)
        talk = None if text.is_cut else self._talk(text, words)
        return list(self._notes_in(text, words, places, talk, problems)), talk

    def _open(self) -> Element:
        """The project's own file, whatever it is called; ATLAS.ti names it after the project."""
        from defusedxml import DefusedXmlException
        from defusedxml import ElementTree as Safe

        names = sorted(
            (name for name in self._members.values() if name.lower().endswith(".qde")),
            key=lambda name: (posixpath.basename(name).lower() != "project.qde", name.count("/"), name),
        )
        if not names:
            raise Unreadable("there is no project.qde in it", "export the project as REFI-QDA again")
        size = sum(
            part.file_size for part in self._archive.infolist() if part.filename.lower().endswith((".qde", ".txt"))
        )
        if size > LARGEST_TEXT:
            raise Unreadable(
                f"unpacked its texts have {size // MEGABYTE} MB",
                f"bring a project of up to {LARGEST_TEXT // MEGABYTE} MB of text",
            )
        try:
            root = Safe.fromstring(self._archive.read(names[0]), forbid_dtd=True)
        except DefusedXmlException:
            raise Unreadable(
                f"{names[0]} declares entities, which no program writes there", "export it again"
            ) from None
        except Exception as error:  # ElementTree raises several kinds on broken XML
            line = getattr(error, "position", (1, 0))[0]
            raise Unreadable(f"{names[0]} is broken in its line {line}", "export the project again") from None
        if _tag(root) != "Project":
            raise Unreadable(f"{names[0]} is no project: it begins with {shorten(_tag(root), 40)}", "export it again")
        return root

    def _all(self, tag: str) -> Iterator[Element]:
        return (one for one in self._root.iter() if _tag(one) == tag)

    def _codebook(self) -> list[Element]:
        return [
            code for book in _children(self._root, "CodeBook") for codes in _children(book, "Codes") for code in codes
        ]

    def _say(self, what: str, todo: str) -> None:
        self.problems.append(Problem(self._file, 1, what, todo))

    def _links(self) -> dict[str, tuple[str, ...]]:
        """NVivo ties a note to a passage by a link: the notes by what they are tied to."""
        found: dict[str, list[str]] = {}
        for link in self._all("Link"):
            one, other = _id(link.get("originGUID")), _id(link.get("targetGUID"))
            if one in self._notes:
                found.setdefault(other, []).append(one)
            if other in self._notes:
                found.setdefault(one, []).append(other)
        return {guid: tuple(notes) for guid, notes in found.items()}

    def _cases(self) -> tuple[dict[str, list[_Case]], dict[str, _Case]]:
        """Cases by the texts and passages that are theirs, and by the codes that stand for them."""
        by_place: dict[str, list[_Case]] = {}
        by_code: dict[str, _Case] = {}
        for one in self._all("Case"):
            case = _Case(_words(one.get("name", "")), self._values(one))
            for ref in _children(one):
                if _tag(ref) in ("SourceRef", "SelectionRef"):
                    by_place.setdefault(_id(ref.get("targetGUID")), []).append(case)
                elif _tag(ref) == "CodeRef":
                    by_code[_id(ref.get("targetGUID"))] = case
            # NVivo has a code of the same id for each case.
            if (guid := _id(one.get("guid"))) in self._codes:
                by_code[guid] = case
        return by_place, by_code

    def _case(self, text: _Text) -> _Case:
        """Whose text it is; none where it is of several, which is asked then."""
        cases = [case for guid in text.guids for case in self._case_of.get(guid, ())]
        codes = (*text.codes, *(code for passage in text.passages for code in passage.codes))
        cases += [self._case_codes[code] for code in codes if code in self._case_codes]
        values: dict[str, str] = {}
        for case in reversed(cases):
            values |= case.values
        names = sorted({case.name for case in cases} - {""})
        if len(names) > 1:
            self._say(
                f"“{shorten(text.name)}” is of several cases: {shorten(', '.join(names))}", "say which customer it is"
            )
        return _Case(names[0] if len(names) == 1 else "", values)

    def _values(self, owner: Element) -> dict[str, str]:
        """Variables that a call has a field for, by its name."""
        found = {}
        for value in _children(owner, "VariableValue"):
            name = next(
                (self._variables.get(_id(ref.get("targetGUID")), "") for ref in _children(value, "VariableRef")), ""
            )
            words = next((_words(part.text) for part in _children(value) if _tag(part).endswith("Value")), "")
            if words and (key := _field_of(name)):
                found.setdefault(key, words)
        return found

    def _grouped(self) -> dict[str, dict[str, str]]:
        """ATLAS.ti has no cases and writes what it knows of a text as groups, such as “segment: retail”: by the texts in them."""
        found: dict[str, dict[str, str]] = {}
        for one in self._all("Set"):
            name, _, words = one.get("name", "").partition(":")
            if (key := _field_of(name)) and (words := _words(words)):
                for ref in _children(one, "MemberSource"):
                    found.setdefault(_id(ref.get("targetGUID")), {}).setdefault(key, words)
        return found

    def _texts(self) -> Iterator[_Text]:
        """The texts of all sources, those that stand for a PDF, a recording or a picture too."""
        by_file: dict[str, _Text | None] = {}
        left, wordless = [], 0
        for source in _children(_child(self._root, "Sources")):
            parts = {"TextSource": [source]}.get(_tag(source)) or [
                part for part in _children(source) if _tag(part) in ("Representation", "Transcript", "TextDescription")
            ]
            name = _name_of_source(source, parts)
            own = []
            for part in parts:
                # ATLAS.ti writes a transcript twice: as that of its recording, and as a text.
                file = (
                    posixpath.basename(part.get("plainTextPath", "").replace("\\", "/")).casefold()
                    or f"/{len(by_file)}"
                )
                if file not in by_file:
                    raw = self._raw(part, name)
                    by_file[file] = None if raw is None else _Text(name, raw=raw)
                if (text := by_file[file]) is not None:
                    self._read_into(text, part, source, is_only=len(parts) == 1)
                    own.append(text)
            wordless_here, cut = self._boxes(source, parts, own)
            wordless += wordless_here
            if cut.passages:
                by_file[f"/{len(by_file)}"] = cut
            elif not parts:
                left.append(name)
        yield from filter(None, by_file.values())
        if left:
            self._say(
                f"{len(left)} {'source has' if len(left) == 1 else 'sources have'} no text: {shorten(', '.join(left))}",
                "pictures, recordings and pages as pictures stay in the project, which is kept whole",
            )
        if wordless:
            what = "coded passage is" if wordless == 1 else "coded passages are"
            self._say(
                f"{wordless} {what} of a page, a picture or a recording, without words",
                "what has no words stays in the project, which is kept whole",
            )

    def _read_into(self, text: _Text, part: Element, source: Element, *, is_only: bool) -> None:
        """What the project says of a text, and what was done in it."""
        owners = [source] if part is source else [source, part]
        text.guids = tuple(dict.fromkeys([*text.guids, *(_id(one.get("guid")) for one in owners)]))
        text.codes += tuple(code for owner in owners for code in _coded(owner))
        text.memos += tuple(memo for owner in owners for memo in self._memos(owner))
        for owner in owners:
            for key, value in (self._values(owner) | self._groups.get(_id(owner.get("guid")), {})).items():
                text.values.setdefault(key, value)
        points = {_id(one.get("guid")): one.get("position") for one in _children(part, "SyncPoint")}
        # Some programs write the passages of a PDF's text below the PDF itself.
        for one in [*_children(part), *(_children(source) if is_only and part is not source else ())]:
            if _tag(one) not in ("PlainTextSelection", "TranscriptSelection"):
                continue
            start, end = one.get("startPosition"), one.get("endPosition")
            if _tag(one) == "TranscriptSelection":
                start, end = points.get(_id(one.get("fromSyncPoint"))), points.get(_id(one.get("toSyncPoint")))
            guid = _id(one.get("guid"))
            codes = _coded(one)
            if guid in self._case_of and not codes:
                continue  # it only says whose words they are
            try:
                text.passages.append(_Passage(int(start or ""), int(end or ""), codes, self._memos(one)))
            except ValueError:
                text.n_broken += 1

    def _boxes(self, source: Element, parts: list[Element], own: list[_Text]) -> tuple[int, _Text]:
        """Passages of pages, pictures and recordings: how many have no words, and the words of the others where no text has them.

        ATLAS.ti writes a passage of a PDF as a box and as a passage of its text, both of one id; what of it stands on the next
        page is a box of its own, with its words.
        """
        in_text = {_id(one.get("guid")) for part in parts for one in _children(part)}
        said = ["".join(text.raw[one.start : one.end].split()) for text in own for one in text.passages]
        wordless, cut = 0, _Text(_name_of_source(source, parts), (_id(source.get("guid")),), is_cut=True)
        for box in _children(source):
            if _tag(box) not in _BOXES or _id(box.get("guid")) in in_text or not (_coded(box) or self._memos(box)):
                continue
            words = next((_words(self._raw(part, "")) for part in _children(box, "Representation")), "")
            if words and not own:
                start = len(cut.raw)
                cut.raw += f"{words}\n"
                cut.passages.append(_Passage(start, start + len(words), _coded(box), self._memos(box)))
            elif not (words and any("".join(words.split()) in one for one in said)):
                wordless += bool(_coded(box))
        if cut.passages:
            self._read_into(cut, source, source, is_only=False)
        return wordless, cut

    def _raw(self, part: Element, name: str) -> str | None:
        """A text's letters as the project has them."""
        content = next((one.text or "" for one in _children(part, "PlainTextContent")), None)
        if content is not None:
            return content
        path = part.get("plainTextPath", "")
        member = self._members.get(posixpath.basename(path.replace("\\", "/")).casefold(), "")
        if not member:
            where = "is not in the project" if path.startswith("internal:") else "lies outside of the project"
            what = f"its text {where} ({shorten(path)})" if path else "it has no plain text"
            self.outside.append(name)
            self._say(
                f"“{shorten(name)}” is not read: {what}",
                "bring the text itself, or export the project with its sources",
            )
            return None
        return self._archive.read(member).decode("utf-8", "replace")

    def _memos(self, owner: Element) -> tuple[_Memo, ...]:
        """What a coder wrote about something."""
        guids = [_id(ref.get("targetGUID")) for ref in _children(owner, "NoteRef")]
        guids += [_id(ref.get("targetGUID")) for one in _children(owner, "Coding") for ref in _children(one, "NoteRef")]
        guids += self._linked.get(_id(owner.get("guid")), ())
        notes = [self._notes[guid] for guid in dict.fromkeys(guids) if guid in self._notes]
        found = [self._memo(note) for note in notes]
        found += [_Memo(_words(one.text)) for one in _children(owner, "Description")]
        return tuple(memo for memo in found if memo.words)

    def _memo(self, note: Element) -> _Memo:
        words = _words(self._raw(note, _words(note.get("name", "")) or "a note"))
        behind = next((_words(one.text) for one in _children(note, "Description")), "") if self._is_ours else ""
        _, rest, tags, at = read_note(f"- x {behind}")
        return _Memo(words, tags, at) if rest == "x" else _Memo(words)

    def _settle_counting(self) -> _Counting:
        """How the program counts positions, of all its texts together."""
        texts = [text for text in self.texts if not text.is_cut]
        standard, *others = ([end for text in texts for end in way.ends(text)] for way in _WAYS)
        gains = dict.fromkeys(_WAYS[1:], 0)
        for way, ends in zip(_WAYS[1:], others, strict=True):
            moved = sum(one.at != other.at for one, other in zip(standard, ends, strict=True))
            gain = sum(one.is_whole for one in ends) - sum(one.is_whole for one in standard)
            # Whoever codes cuts a word here and there; a way that is the program's puts many ends right.
            gains[way] = gain if gain >= max(2, moved / 5) else 0
        best = max(gains, key=lambda way: gains[way])
        if not gains[best]:
            return _WAYS[0]
        whole = sum(one.is_whole for one in standard)
        self._say(
            f"positions are counted {best.words}: so {whole + gains[best]} of {len(standard)} ends of passages stand between "
            f"words, by the standard {whole}",
            "look at some of the quotes",
        )
        return best

    def _talk(self, text: _Text, words: str) -> Transcript | None:
        """The turns of a text that is talk."""
        source = Source(f"{text.name}.txt", words.encode("utf-8", "replace"))
        try:
            if self._is_spoken(text):  # however few they are
                return read_named(source.name, lines_of(source.text))
            _, contents = read_source(source)
        except Unreadable:
            return None
        return next((one for one in contents if isinstance(one, Transcript)), None) if len(contents) == 1 else None

    def _notes_in(
        self,
        text: _Text,
        words: str,
        places: Callable[[int, int], tuple[int, int] | None],
        talk: Transcript | None,
        problems: list[Problem],
    ) -> Iterator[Jotting]:
        """A note a passage, in the order of the text; programs write a passage once for each of its codes, or once for all."""
        beyond, unquoted, several = text.n_broken, 0, 0
        verbatim = not self._is_ours or self._is_spoken(text)
        on_line = _turns_by_line(talk)
        found: dict[tuple[int, int], tuple[dict[str, None], dict[_Memo, None]]] = {}
        for passage in text.passages:
            if passage.codes and all(code in self._case_codes for code in passage.codes):
                continue  # it only says whose words they are
            place = places(passage.start, passage.end)
            if place is None:
                beyond += 1
                continue
            codes, memos = found.setdefault(place, ({}, {}))
            codes.update(dict.fromkeys(code for code in passage.codes if code not in self._case_codes))
            memos.update(dict.fromkeys(passage.memos))
        for (start, end), (codes, memos) in sorted(found.items(), key=lambda item: item[0]):
            kind, themes, tags = self._sort(codes, "quote" if verbatim else "observation")
            several += len(themes) > 1
            at, takes = "", []
            for memo in memos:
                if self._is_ours and (time := re.fullmatch(r"@(\d{1,3}:[0-5]\d(?::[0-5]\d)?|¶\d{1,6})", memo.words)):
                    at = time[1]
                else:
                    takes.append(memo)
            line = words.count("\n", 0, start) + 1
            if words[start:end] == UNQUOTED:
                unquoted += 1
                continue
            parts = _parts(words, start, end, talk, on_line) if verbatim else [(words[start:end], at, "")]
            for part, cited, speaker in parts:
                if speaker is None:
                    what = f"“{shorten(text.name)}”: several speak in one line, and which of them says “{shorten(part)}” is not clear"
                    todo = "left out: give each of them a line in the text, or write the note yourself"
                    problems.append(Problem(self._file, 1, what, todo))
                    continue
                if re.search(r"\w", part):
                    written = format_note(_words(part), kind, dict.fromkeys([*tags, *map(tag_of, themes[1:])]), cited)
                    yield Jotting(written, line, themes[0] if themes else "", speaker)
            for take in takes:
                yield Jotting(format_note(take.words, "take", take.tags, take.at), line)
        for memo in dict.fromkeys(text.memos):
            yield Jotting(format_note(memo.words, "take", memo.tags, memo.at), 1)
        for n, one, many, todo in (
            (beyond, "passage lies beyond its text", "passages lie beyond their text", "left out: export the project again"),
            (unquoted, "note came without its words", "notes came without their words", "left out: only the one who sent it has them"),
            (several, "passage has several codes", "passages have several codes", "the first is its theme, the others are tags"),
        ):  # fmt: skip
            if n:
                problems.append(Problem(self._file, 1, f"“{shorten(text.name)}”: {n} {one if n == 1 else many}", todo))

    def _sort(self, codes: Iterable[str], kind: str) -> tuple[str, list[str], list[str]]:
        """What the codes of a passage say: its kind, else the one given; its themes, its tags."""
        themes: list[str] = []
        tags: list[str] = []
        for code in codes:
            path = self._codes.get(code)
            if path is None:
                continue
            if self._is_ours and path[0] == "Kinds" and path[-1] in KINDS:
                kind = path[-1]
            elif self._is_ours and path[0] == "Tags":
                tag = path[-1].removeprefix("#")
                tags.append(tag if _TAG.fullmatch(tag) else tag_of(tag))
            else:
                themes.append(self._name(path))
        return kind, list(dict.fromkeys(themes)), [tag for tag in tags if tag]

    def _name(self, path: tuple[str, ...]) -> str:
        """A theme's name: the code's own, with those above it where two codes have the same."""
        alone = self._leaves[path[-1].casefold()] <= 1 or (self._is_ours and path[0] == "Themes")
        return (path[-1] if alone else " / ".join(path))[:_MOST_NAME]


class _End(NamedTuple):
    """Where a passage begins or ends; None where it lies beyond its text. And whether no word is cut there."""

    at: int | None
    is_whole: bool


class _Counting(NamedTuple):
    """One way to count positions in a text."""

    words: str
    one_line_end: bool = False
    units: bool = False
    inclusive: bool = False

    def lay_out(self, text: _Text) -> tuple[str, Callable[[int, int], tuple[int, int] | None]]:
        """The text with one sign a line end, and where a passage stands in it; None for what lies beyond it."""
        raw = text.raw.removeprefix("\ufeff")
        counted = re.sub(r"\r\n?", "\n", raw) if self.one_line_end else raw
        size = len(counted.encode("utf-16-le", "surrogatepass")) // 2 if self.units else len(counted)
        starts = _unit_places(counted) if self.units and size != len(counted) else None
        # Places behind each return that goes, so that all ways give places in the same text.
        gone = [] if self.one_line_end else [found.start() for found in re.finditer(r"\r(?=\n)", counted)]

        def place(start: int, end: int) -> tuple[int, int] | None:
            end += self.inclusive
            if not 0 <= start < end <= size:
                return None
            if starts:
                start, end = starts[start], starts[end]
            return start - _before(gone, start), end - _before(gone, end)

        return re.sub(r"\r\n?", "\n", raw), place

    def ends(self, text: _Text) -> Iterator[_End]:
        """Both ends of each passage."""
        words, place = self.lay_out(text)
        for passage in text.passages:
            for at in place(passage.start, passage.end) or (None, None):
                yield _End(at, at is not None and _is_edge(words, at))


# The standard's first; a later one is taken only where it is better.
_WAYS = tuple(
    _Counting(
        " and ".join(filter(None, (
            "with a line end of Windows as one" if one_line_end else "", "in UTF-16 units" if units else "",
            "with the end on the last letter" if inclusive else "",
        ))) or "as the standard says",
        one_line_end, units, inclusive,
    )
    for inclusive in (False, True)
    for units in (False, True)
    for one_line_end in (False, True)
)  # fmt: skip


def _is_edge(words: str, at: int) -> bool:
    return not (0 < at < len(words) and words[at - 1].isalnum() and words[at].isalnum())


def _unit_places(text: str) -> list[int]:
    """The letter that each UTF-16 unit belongs to, and the end."""
    places: list[int] = []
    for at, letter in enumerate(text):
        places += [at] * (2 if ord(letter) > 0xFFFF else 1)
    return [*places, len(text)]


def _before(places: Sequence[int], at: int) -> int:
    from bisect import bisect_left

    return bisect_left(places, at)


def _parts(
    words: str, start: int, end: int, talk: Transcript | None, on_line: dict[int, list[int]]
) -> list[tuple[str, str, str | None]]:
    """A passage's words, where they were said and by whom: of each turn its own, without the name before them.

    Where several turns share a line and the words are of none or of several, the speaker is None.
    """
    if talk is None:
        return [(words[start:end], "", "")]
    lines = [turn.line for turn in talk.turns]
    first = words.count("\n", 0, start) + 1
    parts: list[tuple[str, str, str | None]] = []

    def is_said(item: tuple[int, str]) -> bool:
        """Whether a line has words; where names stand above them, those are nobody's."""
        line, said = item
        before = _before(lines, line + 1) - 1
        if before < 0:
            return _LETTERS.findall(said) != _LETTERS.findall(talk.turns[0].speaker)
        return line in on_line or _words(said) in talk.turns[before].text

    def turn_of(item: tuple[int, str]) -> int | None:
        line, said = item
        if len(on_line.get(line, ())) < 2 or not said.strip():
            return _before(lines, line + 1) - 1
        holding = [number for number in on_line[line] if _said_by(talk.turns[number], _words(said))]
        return holding[0] if len(holding) == 1 else None

    for number, group in groupby(filter(is_said, enumerate(words[start:end].split("\n"), first)), key=turn_of):
        part = _words(" ".join(line for _, line in group))
        if number is None or number < 0:
            parts.append((part, "", None if number is None else ""))
            continue
        turn = talk.turns[number]
        spoken = part.split(" ")
        # The name or the time before the words is none of them.
        own = next(
            (said for cut in range(min(_CUT_WORDS, len(spoken))) if (said := " ".join(spoken[cut:])) in turn.text), part
        )
        parts.append((own, turn.cite(number, max(0, turn.text.find(own))), turn.speaker))
    return parts


def _turns_by_line(talk: Transcript | None) -> dict[int, list[int]]:
    """The turns that have words in a line, by the line: several where a machine ran them together."""
    found: dict[int, list[int]] = {}
    for number, turn in enumerate(talk.turns if talk else ()):
        for line in dict.fromkeys(piece.line for piece in turn.pieces):
            found.setdefault(line, []).append(number)
    return found


def _said_by(turn: Turn, said: str) -> bool:
    """Whether these are words of the turn, its speaker's name and a time before them or not."""
    spoken = said.split(" ")
    for cut in range(min(_CUT_WORDS, len(spoken))):
        before = _LETTERS.findall(" ".join(spoken[:cut]))
        if before in ([], _LETTERS.findall(turn.speaker)) and " ".join(spoken[cut:]) in turn.text:
            return True
    return False


def _name_of_source(source: Element, parts: list[Element]) -> str:
    """What a source is called; ATLAS.ti leaves out the name of a recording that has a transcript."""
    path = source.get("plainTextPath", "") or source.get("path", "")
    names = (one.get("name", "") for one in (source, *(part for part in parts if _tag(part) == "Transcript")))
    return (
        next(filter(None, map(_words, names)), "")
        or posixpath.splitext(posixpath.basename(path))[0]
        or "a text without a name"
    )


def _field_of(name: str) -> str:
    """Which field of a call a variable is of; empty where it is of none."""
    key = _words(name).casefold().removeprefix("call ")
    key = {"datum": "date", "day": "date", "company": "customer"}.get(key, key)
    return key if key in _FIELDS else ""


def _paths(codes: Iterable[Element]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Each code by its id, with its name behind those above it, the nearest of them."""
    left = [(code, ()) for code in codes]
    while left:
        code, above = left.pop()
        if _tag(code) == "Code":
            path = (*above[-_DEEPEST:], _words(code.get("name", "")) or "a code without a name")
            yield _id(code.get("guid")), path
            left += [(one, path) for one in code]


def _coded(owner: Element) -> tuple[str, ...]:
    return tuple(
        _id(ref.get("targetGUID")) for coding in _children(owner, "Coding") for ref in _children(coding, "CodeRef")
    )


def _children(element: Element | None, tag: str = "") -> list[Element]:
    return [one for one in (element if element is not None else ()) if not tag or _tag(one) == tag]


def _child(element: Element, tag: str) -> Element | None:
    return next(iter(_children(element, tag)), None)


def _tag(element: Element) -> str:
    """An element's name whatever the version of the standard; comments have none."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _id(guid: str | None) -> str:
    return (guid or "").strip("{} ").lower()


def _words(text: str | None) -> str:
    return " ".join(showable(text or "").split())


IMPORTER = Importer("REFI-QDA project", (".qdpx",), _claims, _read)
