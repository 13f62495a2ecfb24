"""Tokenization: any text becomes words whose vectors are known."""

import functools
import itertools
import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from core.emoji.text.spelling import (
    BARE_CONTRACTIONS,
    EMOJI_NAME_FILLERS,
    EMOJIS,
    EMOTICONS,
    SLANG,
)

MAX_WORDS = 40  # words of a text that are read
MAX_CHARACTERS = 2_000  # characters that are read: more than 40 words of any language
MAX_CORRECTED_RANK = 50_000  # rank that a corrected spelling stays below
MAX_GUESSED_RANK = 20_000  # the same, for a missing letter or a wrong vowel
RARE_RANK = 100_000  # rank above which a word may be a frequent one, misspelt
FREQUENT_RANK = 5_000  # rank below which a word counts as frequent
WORD_RANK = 15_000  # "iii" and "aaa" are words of their own, "sooo" is not
ARTICLE_RANK = 3_000  # largest rank of a word after "da" where it stands for "the"
GUESSED = "aeiounrtlsh"  # letters that are left out
VOWELS = "aeiou"  # letters that are confused

Rank = Callable[[str], int | None]  # rank of a word by frequency; None if unknown

QUOTES = str.maketrans(
    {
        **dict.fromkeys("’‘‛′`´＇ʼ", "'"),
        **dict.fromkeys("“”„‟«»″", '"'),
        "…": "...",
    }
)
# The longest first: ":-)" is not ":-" and ")".
_DRAWN = sorted(EMOTICONS, key=len, reverse=True)
# A smile may follow a word without a space; "):" may also end a bracket, so that only
# one that stands by itself is a face.
_SMILES, _REVERSED, _OTHERS = (
    "|".join(re.escape(face) for face in _DRAWN if re.fullmatch(kind, face))
    for kind in (r"[:;=].*\W", r"[()].*", r"[^()].*")
)
PIECE = re.compile(
    r"(?P<link>https?://\S+|www\.\S+)"
    r"|(?P<emoticon>(?<!\S)(?:" + _REVERSED + r")(?!\S)"
    r"|(?<![^\W_])(?i:" + _OTHERS + r")(?![^\W_])"
    r"|(?<=[^\W\d_])(?:" + _SMILES + r")(?![^\W_]))"
    r"|(?P<initials>(?<![^\W_])(?:(?i:ph)|[^\W\d_])(?:\.[^\W\d_])+(?![^\W_])\.?)"
    r"|(?P<mark>[@#](?=[^\W_]))"
    r"|(?P<number>\d+(?:[.,:]\d+)*(?![^\W_]))"
    r"|(?P<word>[^\W_]+(?:'[^\W_]+)*(?:-[^\W_]+(?:'[^\W_]+)*)*'?)"
    r"|(?P<dots>\.{2,})"
    r"|(?P<sign>\S)"
)
CLITIC = re.compile(r"(?<=.)(n't|'(?:m|s|re|ve|ll|d))$")
LAUGH = re.compile(r"(?:a?(?:ha){2,}h?|(?:he){2,}h?|(?:ah){3,}a?)")
LONG_RUN = re.compile(r"(.)\1{2,}")
UNIT = re.compile(r"(\d+)([a-z]+)")  # 30pm, 5k
CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")


@dataclass(frozen=True)
class Token:
    """A piece of the text, and the word whose vector is read for it."""

    text: str  # piece as typed, in lower case; empty for its further words
    word: str | None  # None if it is unknown


@dataclass(frozen=True)
class TokenizedText:
    """The tokens of a text, at most 40; `notices` name the words left out."""

    tokens: tuple[Token, ...]
    notices: tuple[str, ...] = ()

    @property
    def shown(self) -> list[str]:
        """The word of each token, or its text as typed if it is unknown."""
        return [token.word or token.text for token in self.tokens]

    @property
    def unknown(self) -> list[str]:
        """The unknown words without repetition, as they were typed."""
        return list(dict.fromkeys(t.text for t in self.tokens if t.word is None))


def tokenize(text: str, rank: Rank) -> TokenizedText:
    """Split any text into tokens as the Penn Treebank does, and look each one up.

    Never fails: what is not known becomes a token without a word.
    """
    notices = []
    pieces = [*_pieces(_clean(text[:MAX_CHARACTERS])), ("", "end")]
    tokens: list[Token] = []
    for (piece, kind), (following, _) in itertools.pairwise(pieces):
        if piece == "da" and not _frequent(rank, following, ARTICLE_RANK):
            kind = "name"  # Leonardo da Vinci, not the best
        tokens.extend(_tokens(piece, kind, rank))
        if len(tokens) > MAX_WORDS:
            break
    if len(tokens) > MAX_WORDS:
        del tokens[MAX_WORDS:]
        notices.append(f"Only the first {MAX_WORDS} words were read.")
    elif len(text) > MAX_CHARACTERS:
        notices.append(f"Only the first {MAX_CHARACTERS:,} characters were read.")
    return TokenizedText(tuple(tokens), tuple(notices))


def _clean(text: str) -> str:
    """Normalise quotes and spaces, and drop invisible characters."""
    text = unicodedata.normalize("NFKC", text.translate(QUOTES)).translate(QUOTES)
    return "".join(
        " " if letter.isspace() else letter
        for letter in text
        if letter.isspace() or unicodedata.category(letter) not in ("Cc", "Cf", "Cs")
    )


def _pieces(text: str) -> Iterator[tuple[str, str]]:
    """Yield each piece with its kind; a run of the same sign counts once.

    The mark before a @name or a #subject is left out.
    """
    last = ""
    for found in PIECE.finditer(CAMEL.sub(" ", text) if "#" in text else text):
        piece, kind = found.group().lower(), str(found.lastgroup)
        if kind != "mark" and (kind != "sign" or piece != last):
            yield piece, kind
        last = piece


def _tokens(piece: str, kind: str, rank: Rank) -> list[Token]:
    if kind == "link":
        return [Token(piece[:60], None)]
    if kind == "emoticon":
        words: tuple[str, ...] = (EMOTICONS[piece],)
    elif kind == "word":
        return [token for part in _split(piece, rank) for token in _look_up(part, rank)]
    elif kind == "initials":
        return _initials(piece, rank)
    elif kind == "dots":
        words = ("...",)
    elif kind == "sign" and not _known(rank, piece):
        words = _words_of_emoji(piece)
        if not words and unicodedata.category(piece) in ("Mn", "Me", "Sk"):
            return []  # a colour or a skin tone of the emoji before it
    else:
        words = (piece,)
    return _as_tokens(piece, words, rank)


def _initials(piece: str, rank: Rank) -> list[Token]:
    """Look up "u.s." as a whole; "j.r.r." is its letters."""
    bare = piece.rstrip(".")
    for word in (f"{bare}.", bare, bare.replace(".", "")):
        if _known(rank, word):
            return [Token(piece, word)]
    parts = bare.split(".")
    return [Token(part, part if _known(rank, part) else None) for part in parts]


def _split(word: str, rank: Rank) -> list[str]:
    """Split a word at hyphens and before clitics, until the parts are known."""
    word = word.strip("'")
    if _known(rank, word) and "'" not in word:
        return [word]
    if "-" in word:
        return [part for half in word.split("-") if half for part in _split(half, rank)]
    parts: list[str] = []
    while (found := CLITIC.search(word)) and not _known(rank, word):
        parts.insert(0, found.group())
        word = word[: found.start()]
    return [word, *parts]


def _look_up(word: str, rank: Rank) -> list[Token]:
    """Return the known words that a typed word stands for."""
    for table in (BARE_CONTRACTIONS, SLANG):
        words = table.get(word, ())
        if words and all(_known(rank, meant) for meant in words):
            return _as_tokens(word, words, rank)
    shorter = LAUGH.sub("haha", word) if LAUGH.fullmatch(word) else word
    runs = LONG_RUN.search(shorter) and not _frequent(rank, shorter, WORD_RANK)
    if runs and (meant := _most_frequent(shortened(shorter), rank)):
        return [
            Token("" if index else word, token.word)
            for index, token in enumerate(_look_up(meant, rank))
        ]
    if (found := rank(shorter)) is not None:
        if found > RARE_RANK and (
            meant := _most_frequent(_misspellings(word), rank, FREQUENT_RANK)
        ):
            return [Token(word, meant)]
        return [Token(word, shorter)]
    if "'" in word:
        parts = [part for part in word.split("'") if part]
        return [token for part in parts for token in _look_up(part, rank)]
    if unit := UNIT.fullmatch(word):
        return [token for part in unit.groups() for token in _look_up(part, rank)]
    if _known(rank, plain := _without_accents(word)):
        return [Token(word, plain)]
    return [Token(word, _corrected(word, rank))]


def _corrected(word: str, rank: Rank) -> str | None:
    """Return the frequent word that an unknown one was meant to be, if any."""
    slips = _most_frequent(_misspellings(word), rank, MAX_CORRECTED_RANK)
    return slips or _most_frequent(_guesses(word), rank, MAX_GUESSED_RANK)


def _known(rank: Rank, word: str) -> bool:
    return rank(word) is not None


def _frequent(rank: Rank, word: str, limit: int) -> bool:
    found = rank(word)
    return found is not None and found < limit


def _without_accents(word: str) -> str:
    letters = unicodedata.normalize("NFD", word)
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def shortened(word: str) -> Iterator[str]:
    """Yield "soo" and "so" for "soooo"."""
    for repeated in (r"\1\1", r"\1"):
        yield LONG_RUN.sub(repeated, word)


def _misspellings(word: str) -> Iterator[str]:
    """Yield a word with one letter left out, doubled or swapped with the next.

    Of three letters only the swaps: too many words are otherwise like it.
    """
    if len(word) == 3:
        yield word[1] + word[0] + word[2]
        yield word[0] + word[2] + word[1]
    if not 4 <= len(word) <= 20:
        return
    for index in range(len(word)):
        head, letter, tail = word[:index], word[index], word[index + 1 :]
        yield head + tail
        yield head + letter + letter + tail
        if tail:
            yield head + tail[0] + letter + tail[1:]


def _guesses(word: str) -> Iterator[str]:
    """Yield a word with a letter put in, or one vowel for another."""
    if not (5 <= len(word) <= 20 and word.isascii() and word.isalpha()):
        return
    for index in range(len(word) + 1):
        head, tail = word[:index], word[index:]
        for letter in GUESSED:
            yield head + letter + tail
        if tail and tail[0] in VOWELS:
            for letter in VOWELS:
                yield head + letter + tail[1:]


def _most_frequent(
    words: Iterator[str], rank: Rank, limit: int | None = None
) -> str | None:
    known = [(found, word) for word in words if (found := rank(word)) is not None]
    best, word = min(known, default=(0, None))
    return word if limit is None or best < limit else None


def _as_tokens(piece: str, words: tuple[str, ...], rank: Rank) -> list[Token]:
    """Return a token for each known word, the first with the piece as its text."""
    known = [word for word in words if _known(rank, word)]
    if not known:
        return [Token(piece, None)]
    return [Token(piece if i == 0 else "", word) for i, word in enumerate(known)]


@functools.lru_cache(maxsize=1_000)
def _words_of_emoji(sign: str) -> tuple[str, ...]:
    """Return at most three words that stand for an emoji, none for other signs."""
    if sign in EMOJIS:
        return (EMOJIS[sign],)
    if unicodedata.category(sign) != "So":
        return ()
    name = unicodedata.name(sign, "").lower().replace("-", " ")
    return tuple(word for word in name.split() if word not in EMOJI_NAME_FILLERS)[:3]
