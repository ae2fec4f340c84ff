"""Where each head's scores lie in a row of the encoder's output."""

from rhetoric.codebook import EMOTIONS, FIGURES, FUNCTIONS, MAX_INTENSITY


def _laid_out(**widths: int) -> dict[str, slice]:
    places, begin = {}, 0
    for name, width in widths.items():
        places[name] = slice(begin, begin + width)
        begin += width
    return places


HEADS = _laid_out(function=len(FUNCTIONS), emotion=1 + len(EMOTIONS), slogan=1, figures=len(FIGURES),
                  intensity=MAX_INTENSITY)
"""Head -> columns; the first of `emotion` is "none"; `intensity` holds 1..3, meant for sentences with an emotion."""

WIDTH = max(place.stop for place in HEADS.values())
