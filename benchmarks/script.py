"""How pure Simplified and Traditional text is after conversion: python benchmarks/script.py TEXTS...

TEXTS are Chinese `.txt` files or folders of them.
Who checks must not be who converts (OpenCC), so two old character sets do: a character that GB 2312 (mainland China,
1980) lacks and Big5 (Taiwan, 1984) has is no Simplified one, and the other way round. Rare characters that both lack
are not counted, nor is 着 in Traditional text, which Hong Kong and OpenCC write and Taiwan (Big5) writes 著. Each text
is converted three ways:

  simplified    as it is, to Simplified
  traditional   to Traditional
  mixed         every second line first to Traditional, then all to Simplified, as a recogniser mixes scripts

Printed are the characters, the impure ones, the purity, the commonest impure ones, and for `mixed` the share of
characters that are again what they were.
"""

from __future__ import annotations

import argparse
from collections import Counter
from functools import cache
from pathlib import Path

from rhetoric.transcribe.clean import is_han
from rhetoric.transcribe.script import convert_text

SHOWN = 12
ACCEPTED = {"simplified": "", "traditional": "着"}
SET_OF = {"simplified": ("gb2312", "big5"), "traditional": ("big5", "gb2312")}


@cache
def has(charset: str, char: str) -> bool:
    """True if a character set holds a character."""
    try:
        char.encode(charset)
    except UnicodeEncodeError:
        return False
    return True


def impure(text: str, script: str) -> Counter[str]:
    """The characters of a text that only the other script has."""
    own, other = SET_OF[script]
    return Counter(char for char in text if is_han(char) and char not in ACCEPTED[script] and not has(own, char)
                   and has(other, char))


def mixed(text: str) -> str:
    """Every second line in Traditional script."""
    lines = text.splitlines()
    return "\n".join(convert_text(line, "traditional") if k % 2 else line for k, line in enumerate(lines))


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("texts", nargs="+", type=Path)
    files = [file for path in parser.parse_args().texts
             for file in ([path] if path.is_file() else sorted(path.rglob("*.txt")))]
    faults: dict[str, Counter[str]] = {name: Counter() for name in ("simplified", "traditional", "mixed")}
    total = same = compared = 0
    for file in files:
        text = "\n".join(file.read_text(encoding="utf-8").splitlines())
        simplified = convert_text(text, "simplified")
        again = convert_text(mixed(text), "simplified")
        faults["simplified"].update(impure(simplified, "simplified"))
        faults["traditional"].update(impure(convert_text(text, "traditional"), "traditional"))
        faults["mixed"].update(impure(again, "simplified"))
        total += sum(map(is_han, text))
        if len(again) == len(simplified):
            same += sum(a == b for a, b in zip(again, simplified, strict=True))
            compared += len(simplified)
    print(f"{len(files)} texts, {total:,} Chinese characters")
    for name, found in faults.items():
        worst = " ".join(f"{char}{count}" for char, count in found.most_common(SHOWN))
        print(f"{name:12} impure {found.total():6,}  purity {1 - found.total() / total:.4%}  {worst}")
    print(f"mixed: {same / max(1, compared):.4%} of the characters are again what they were")


if __name__ == "__main__":
    main()
