"""Fit anew what hangs on the encoder: errors of shares, the joins of emotion, slogans and figures.

    python tools/refit.py --gold FOLDER [--unseen-by READER]... [--also READER]...

Reads, with the installed reader, the speeches of FOLDER that `encoder.json` names as kept out and the invented ones of
`tests/gold` (some 90 CPU seconds in all). `--unseen-by` names other readers, such as the one before or those of a
cross-validation's folds: what they have not learned from is fitted on too, and the speeches kept out are then left
for `rhetoric evaluate` to test the fits on, unless `--all`. Prints how each fit does on events that it was not fitted
on, and writes `share_errors` of `rhetoric/models/encoder.json` and, in `rhetoric/stages/devices`, `emotion.json`,
`join.json` and `witnesses.json`.
To be run after a new encoder. The signs of figures (`signs.json`) hang on no encoder: they are fitted first, on the
speeches of FOLDER that were not kept out, as the rules are now.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from fit_emotion import fit_emotion
from fit_figures import fit_figures
from fit_signs import fit_by_reader, learned_from
from fit_slogans import fit_slogans
from kept_out import Read, read_all, read_invented

from rhetoric.models import reader
from rhetoric.models.encoder import model
from rhetoric.models.encoder.misreading import Labelled, share_errors
from rhetoric.stages.devices import join, witnesses
from rhetoric.weights import likeliest, size_weights


def fit_share_errors(reads: list[Read]) -> dict[str, object]:
    """The errors of shares, of the speeches kept out alone: the invented ones are no sample of anything."""
    return share_errors([
        Labelled(gold=read.gold, sizes=size_weights(read.speech),
                 labels=likeliest(np.array([reading.function for reading in read.speech.readings])))
        for read in reads if read.kept_out])


def write(path: Path, data: object) -> None:
    """Write data as JSON, the same bytes each time."""
    path.write_text(json.dumps(data, indent=1, ensure_ascii=False, sort_keys=True) + "\n", encoding="utf-8")


def refit(folder: Path, unseen_by: Sequence[Path], also: Sequence[Path], *, everything: bool) -> None:
    """Fit, print and write everything."""
    reads = read_all(folder, unseen_by)
    path = reader.FOLDER / model.ABOUT
    about = json.loads(path.read_text(encoding="utf-8"))
    about["share_errors"] = fit_share_errors(reads)
    for metric, found in about["share_errors"].items():
        print(metric, found)
    write(path, about)
    fitted = [read for read in reads if everything or not unseen_by or not read.kept_out]
    write(join.PATH, fit_slogans(fitted))
    write(join.PATH.with_name("emotion.json"), fit_emotion(fitted))
    sign_weights = fit_by_reader(learned_from(folder), [None, *unseen_by])
    write(witnesses.SIGNS_PATH, sign_weights[None])
    write(witnesses.PATH, fit_figures(fitted, sign_weights, [read_invented(other) for other in also]))


def main() -> None:
    """Read and refit."""
    parser = argparse.ArgumentParser(description="Fit anew what hangs on the encoder.")
    parser.add_argument("--gold", type=Path, required=True)
    parser.add_argument("--also", type=Path, action="append", default=[], metavar="READER",
                        help="a folder with the same reader in other precision; floors of figures must hold by it, too")
    parser.add_argument("--unseen-by", type=Path, action="append", default=[], metavar="READER",
                        help="a folder with another reader: what it has not learned from is fitted on, too")
    parser.add_argument("--all", action="store_true", help="with --unseen-by: fit on the speeches kept out, too")
    given = parser.parse_args()
    refit(given.gold, given.unseen_by, given.also, everything=given.all)


if __name__ == "__main__":
    main()
