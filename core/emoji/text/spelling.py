"""Contractions, slang, emoticons and emojis, and the words that they stand for."""

from collections.abc import Mapping


def _by_spelling(spellings: Mapping[str, str]) -> dict[str, str]:
    """Turn a table of word -> spellings around: each spelling -> its word."""
    return {typed: word for word, all_ in spellings.items() for typed in all_.split()}


VERBS = "do does did is was are were have has had could should would must need ca"
# Typed without its apostrophe -> as the Penn Treebank splits it.
BARE_CONTRACTIONS = {
    **{f"{verb}nt": (verb, "n't") for verb in VERBS.split()},
    "aint": ("ai", "n't"),
    "cannot": ("can", "not"),
    "wont": ("wo", "n't"),
    "im": ("i", "'m"),
    "ive": ("i", "'ve"),
    "youre": ("you", "'re"),
    "youve": ("you", "'ve"),
    "youll": ("you", "'ll"),
    "theyre": ("they", "'re"),
    "theyve": ("they", "'ve"),
    "weve": ("we", "'ve"),
    **{
        f"{word}s": (word, "'s")
        for word in ("he", "she", "that", "what", "where", "there", "here", "let")
    },
}

_SLANG = _by_spelling(
    {
        "baby": "bby",
        "be right back": "brb",
        "because": "bc cos coz cuz",
        "before": "b4",
        "best friend": "bestie bff",
        "birthday": "bday",
        "congratulations": "congrats",
        "favorite": "fav fave",
        "flu": "covid covid19",
        "forever": "4ever",
        "girlfriend": "gf",
        "good": "gud",
        "great": "gr8",
        "hugs and kisses": "xoxo",
        "hungry": "hungy",
        "husband": "hubby",
        "i do n't know": "idk",
        "i love you": "ily",
        "late": "l8",
        "later": "l8r",
        "lol": "lmao lmfao rofl",
        "love": "luv",
        "mate": "m8",
        "never mind": "nvm",
        "night": "nite",
        "people": "ppl",
        "please": "pls plz",
        "are": "r",
        "sorry": "sry",
        "thanks": "thx tnx ty",
        "the": "da teh hte",
        "though": "tho",
        "through": "thru",
        "today": "2day",
        "tomorrow": "2moro 2morrow tmr tmrw",
        "tonight": "2nite tonite",
        "wait": "w8",
        "weekend": "wknd",
        "what": "wat",
        "you": "u ya",
        "your": "ur",
        "yours": "urs",
    }
)
# Misspellings that GloVe knows as words, or that are too far from the intended word.
_MISSPELT = _by_spelling(
    {
        "beautiful": "beautifull beutiful beatiful",
        "because": "becuase becasue beacuse",
        "believe": "beleive belive",
        "burrito": "burito burritto",
        "definitely": "definately definatly definetly defiantely",
        "delicious": "delicous delicius delishus",
        "disappointed": "dissapointed disapointed dissappointed",
        "embarrassed": "embarassed embarrased",
        "favorite": "favourate favorit",
        "friend": "freind frend",
        "friends": "freinds frends",
        "happened": "happend hapened",
        "receive": "recieve",
        "received": "recieved",
        "restaurant": "restraunt restaraunt",
        "spaghetti": "spagetti spagheti",
        "their": "thier",
        "tomorrow": "tommorow tommorrow tomorow tomorro",
        "tonight": "tonigt tonght",
        "until": "untill",
        "weird": "wierd",
    }
)
SLANG = {typed: tuple(words.split()) for typed, words in (_SLANG | _MISSPELT).items()}

# Drawn with punctuation, for a word with that feeling.
EMOTICONS = _by_spelling(
    {
        "love": "<3",
        "heartbroken": "</3",
        "happy": ":) :-) =) (: ^^ ^_^ :d :-d =d",
        "laughing": "xd",
        "funny": ";) ;-) :p :-p",
        "sad": ":( :-( =( ): :/ :-/",
        "crying": ":'(",
        "horrified": "d:",
        "kiss": ":* :-*",
        "surprised": ":o :-o",
    }
)

# Emojis whose Unicode name would mislead, for a word with that feeling. The words of
# any other emoji's name stand for it ("pizza", "soccer ball").
EMOJIS = _by_spelling(
    {
        "love": "❤ ♥ 😍 🥰",
        "heartbroken": "💔",
        "baseball": "⚾",
        "happy": "😄 🙂 😊 😀 😃 😁",
        "relieved": "😅",
        "laughing": "😂 🤣",
        "kiss": "😘",
        "crying": "😢 😭",
        "sad": "😞 😔 ☹ 🙁",
        "angry": "😡",
        "food": "🍴",
        "delicious": "😋",
        "good": "👍",
        "bad": "👎",
        "celebration": "🎉",
    }
)
# Words of emojis' Unicode names that say nothing about a feeling or a thing.
_FILLERS = """face with of and the sign symbol black white heavy emoji modifier
fitzpatrick type selector variation shaped"""
EMOJI_NAME_FILLERS = frozenset(_FILLERS.split())
