"""Text cut into tokens: the plain definition, for a few texts.  `grams` is the fast form.

A word is a run of two or more letters, digits or underscores; every Han character is a token by
itself, so that pairs of them (`ngram_range=(1, 2)`) stand for Chinese words without a dictionary.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

#: Ranges of Han characters: the unified ideographs, their extensions, and compatibility forms.
HAN = ((0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x323AF))

_HAN = "".join(f"{chr(low)}-{chr(high)}" for low, high in HAN)
_WORD = re.compile(rf"[{_HAN}]|[^\W{_HAN}]{{2,}}")
_SPACES = re.compile(r"\s+")


def cut(
    text: str, analyzer: str, ngrams: tuple[int, int], stop: Collection[str] = ()
) -> Iterator[str]:
    """Tokens and n-grams of one text, already in lower case where that is wanted.

    >>> list(cut("the cat sat", "word", (1, 2)))
    ['the', 'cat', 'sat', 'the cat', 'cat sat']
    >>> list(cut("知行合一 ok", "word", (2, 2)))
    ['知行', '行合', '合一', '一 ok']
    """
    if analyzer == "char":
        text = one_space(text)
        for size in range(ngrams[0], ngrams[1] + 1):
            for i in range(len(text) - size + 1):
                yield text[i : i + size]
        return
    words = [word for word in _WORD.findall(text) if word not in stop]
    for size in range(ngrams[0], ngrams[1] + 1):
        if size == 1:
            yield from words
            continue
        for i in range(len(words) - size + 1):
            yield join(words[i : i + size])


def one_space(text: str) -> str:
    """Every run of white space as one space."""
    return _SPACES.sub(" ", text)


def join(words: list[str]) -> str:
    """Words of one n-gram with spaces between, but for two Han characters."""
    made = words[0]
    for before, word in zip(words, words[1:]):
        made += word if is_han(before) and is_han(word) else " " + word
    return made


def is_han(word: str) -> bool:
    """Whether the token is one Han character.

    >>> is_han("知"), is_han("ok")
    (True, False)
    """
    return len(word) == 1 and any(low <= ord(word) <= high for low, high in HAN)
