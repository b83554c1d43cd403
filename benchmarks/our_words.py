"""How many notes of what one of us said are known as ours, and how many of a customer's are taken for ours by mistake.

    python benchmarks/our_words.py [--studies DIR] [--half tuned|held-out|all]

DIR holds ``pdpilot`` and ``formats``, which are not part of the repository. Each sentence that somebody says becomes a note: a quote,
and the same without marks, as if the PM had written it; as it was said, with five wrong words in a hundred (another one, none, one more), and shortened
as in haste (no fillers, every second small word gone). Each is looked up beside the transcript as it is, and as a machine may write it: in
small letters, without any sign. No note has a time, which would only make it easier. Of us is whoever of the study asked; in the others whoever asks most
questions.

Apart stands what a PM may write of an answer, in the words of our question: a question that the customer says yes to, shortened; its
last words with the first of the answer; five words out of a longer one. These are a customer's, or may be, and an own-words note of a question with a yes is not among ours. Numbers were chosen on half of
the calls (every second one), and what holds is what the others show.
"""

from __future__ import annotations

import argparse
import json
import random
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from sentencex import get_sentence_boundaries

from workbench.errors import InputError
from workbench.importers import Piece, Transcript, Turn, is_interviewer
from workbench.recorded import Recorded, who_of_us
from workbench.transcripts import read_transcript

HERE = Path(__file__).parent
LEAST_WORDS, LEAST_NOTE = 5, 4
WRONG = 0.05
WORD = re.compile(r"\w+")
FILLERS = re.compile(
    r"\b(?:so|okay|ok|um+|uh+|like|you know|i mean|i think|i guess|just|really|actually|basically|kind of|sort of|yeah|yes|right|well|and then)\b,?\s*",
    re.IGNORECASE,
)
SMALL = frozenset(
    "a an the i we you it that this is are was were be to of in on for and or do did does have has had would could can will".split()
)
YES = re.compile(
    r"\W*(?:yes|yeah|yep|yup|right|exactly|correct|sure|definitely|absolutely|mm-?hm+|uh-?huh|i do|we do|they do|it does|it is)\b",
    re.I,
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--studies", type=Path, default=HERE.parent.parent / "shared" / "studies")
    parser.add_argument("--half", choices=("tuned", "held-out", "all"), default="held-out")
    options = parser.parse_args()
    calls = list(read_calls(options.studies))
    calls = {"tuned": calls[::2], "held-out": calls[1::2], "all": calls}[options.half]
    print(f"{len(calls)} calls ({options.half})\n")
    heard = {
        "as it is": [(call, call.transcript) for call in calls],
        "no signs, no capitals": [(call, as_heard(call.transcript, bare)) for call in calls],
    }
    print("| transcript | note | form | ours known | of customers by mistake |")
    print("|---|---|---|---|---|")
    for written, recorded in heard.items():
        for kind in ("quote", "observation"):
            for form, make in FORMS.items():
                ours, theirs = Share(), Share()
                for call, beside in each_call(recorded):
                    affirmed = {asked for asked, answer in answers(call) if YES.match(answer)}
                    for turn, text in sentences(call.transcript):
                        note = make(text, call)
                        if len(note.split()) >= LEAST_NOTE and (kind == "quote" or text not in affirmed):
                            (ours if turn.is_by(call.us) else theirs).add(who_of_us(beside, kind, note))
                print(f"| {written} | {NOTES[kind]} | {form} | {ours} | {theirs} |", flush=True)
    print("\n| transcript | what a PM may write of an answer, in own words | by mistake |")
    print("|---|---|---|")
    for written, recorded in heard.items():
        shares = {form: Share() for form in ANSWERS}
        for call, beside in each_call(recorded):
            for asked, answer in answers(call):
                for form, make in ANSWERS.items():
                    if (note := make(asked, answer, call)) and len(note.split()) >= LEAST_NOTE:
                        shares[form].add(who_of_us(beside, "observation", note))
        for form, share in shares.items():
            print(f"| {written} | {form} | {share} |", flush=True)


class Share:
    """How many of how many."""

    def __init__(self) -> None:
        self.n_known = self.n = 0

    def add(self, is_known: object) -> None:
        """Count one more."""
        self.n += 1
        self.n_known += bool(is_known)

    def __str__(self) -> str:
        return f"{self.n_known} of {self.n} ({self.n_known / max(1, self.n):.1%})"


class Talked(NamedTuple):
    """A call, who of us speaks in it, all its words, and chance, which is the same for each."""

    name: str
    transcript: Transcript
    us: tuple[str, ...]
    words: list[str]
    rng: random.Random


def each_call(recorded: Iterable[tuple[Talked, Transcript]]) -> Iterator[tuple[Talked, list[Recorded]]]:
    for call, transcript in recorded:
        call.rng.seed(call.name)
        yield call, [Recorded(call.name, call.name, call.name, transcript, call.us)]


def sentences(transcript: Transcript) -> Iterator[tuple[Turn, str]]:
    for turn in transcript.turns:
        for one in get_sentence_boundaries("en", turn.text):
            if len(WORD.findall(one["text"])) >= LEAST_WORDS:
                yield turn, one["text"].strip()


def answers(call: Talked) -> Iterator[tuple[str, str]]:
    """The last sentence of each of our turns, with the turn of a customer behind it."""
    for turn, after in pairwise(call.transcript.turns):
        if turn.is_by(call.us) and not after.is_by(call.us):
            asked = get_sentence_boundaries("en", turn.text)[-1]["text"].strip()
            if len(WORD.findall(asked)) >= LEAST_WORDS:
                yield asked, after.text


def as_said(text: str, call: Talked) -> str:
    return text


def typed(text: str, call: Talked) -> str:
    return bare(text)


def misheard(text: str, call: Talked) -> str:
    out = []
    for word in text.split():
        if call.rng.random() >= WRONG:
            out.append(word)
        elif (chance := call.rng.random()) < 0.6:
            out.append(call.rng.choice(call.words))
        elif chance < 0.8:
            out += [word, call.rng.choice(call.words)]
    return " ".join(out)


def shortened(text: str, call: Talked) -> str:
    kept = [
        word
        for word in FILLERS.sub("", text).split()
        if word.lower().strip(",.?!") not in SMALL or call.rng.random() < 0.5
    ]
    note = " ".join(kept).strip(" ,.?!")
    return note[:1].upper() + note[1:]


def said_yes(asked: str, answer: str, call: Talked) -> str:
    return shortened(asked, call) if YES.match(answer) else ""


def with_answer(asked: str, answer: str, call: Talked) -> str:
    return " ".join([*asked.rstrip("?. ").split()[-6:], *answer.split()[:3]])


def part_of_it(asked: str, answer: str, call: Talked) -> str:
    words = asked.split()
    return " ".join(words[-6:-1]) if len(words) >= 10 else ""


NOTES = {"quote": "quote", "observation": "own words"}
FORMS = {
    "as it was said": as_said,
    "typed without signs": typed,
    "5 wrong words in 100": misheard,
    "shortened": shortened,
}
ANSWERS = {
    "a question shortened, to which the answer is yes": said_yes,
    "a question's last six words, and the answer's first three": with_answer,
    "five words of a question of ten or more": part_of_it,
}


def bare(text: str) -> str:
    return " ".join(re.findall(r"\w+(?:['’]\w+)*", text.lower()))


def without_sounds(text: str) -> str:
    """QMSum writes {vocalsound} where nobody says a word."""
    return " ".join(re.sub(r"\{[^{}]*\}", " ", text).split())


def as_heard(transcript: Transcript, change: Callable[[str], str]) -> Transcript:
    """A transcript as a machine writes it; turns in which nothing is left go."""
    turns = [
        Turn(turn.speaker, words, (Piece(0, None, turn.line),))
        for turn in transcript.turns
        if (words := change(turn.text))
    ]
    return Transcript(tuple(turns))


def read_calls(studies: Path) -> Iterator[Talked]:
    """Calls in which two speak or more, with who of them is one of us."""
    for path in sorted(studies.glob("pdpilot/transcripts/*.json")):
        turns = json.loads(path.read_text("utf-8"))["turns"]
        said = Transcript(
            tuple(Turn(one["speaker"], one["text"], (Piece(0, None, n),)) for n, one in enumerate(turns, 1))
        )
        yield talked(path.stem, said, [name for name in said.speakers if name != path.stem])
    for path in sorted((*studies.glob("formats/*/*.md"), *studies.glob("formats/*/*.json"))):
        try:
            said = as_heard(read_transcript(path), without_sounds)
        except InputError:
            continue
        if len(said.speakers) > 1 and len(said.turns) >= 10:
            asks = Counter(turn.speaker for turn in said.turns for _ in range(turn.text.count("?")))
            first = asks.most_common(1)[0][0].split()[0]
            ours = [name for name in said.speakers if is_interviewer(name)]
            yield talked(path.stem, said, ours or [name for name in said.speakers if name.split()[:1] == [first]])


def talked(name: str, transcript: Transcript, us: Iterable[str]) -> Talked:
    words = sorted({word for turn in transcript.turns for word in bare(turn.text).split()})
    return Talked(name, transcript, tuple(us), words, random.Random(name))


if __name__ == "__main__":
    main()
