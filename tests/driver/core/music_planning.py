"""Arrangements with a plan."""

from core.music import Performance
from core.music.arranger.breathing import breathing_of
from core.music.arranger.planning import plan_of
from core.music.shipped import load

HOW = Performance(bars=16)
BLUES = "C7 | F7 | C7 | C7 | F7 | F7 | C7 | A7 | Dm7 | G7 | C7 A7 | Dm7 G7"


def planned(piece, how=HOW, result=None):
    corpus = (result or load()).corpus
    return plan_of(piece, how, breathing_of(corpus, piece.meter))
