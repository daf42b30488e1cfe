#!/usr/bin/env python3
"""Makes many people out of few, one JSON object a line.

    bench/people.py 100000 > people.jsonl
    bench/people.py 100000 --of demo/people.jsonl > people.jsonl

The first are those of the file as they are. The others are variations of them: the first name of one and the last name of
another, functions, memberships and places of several, and the patents of one, with a tenth of the words of each text
replaced by words of other texts, and every hundredth by a word that nobody else has: a dictionary grows with the texts. The
same number makes the same people.
"""

import argparse
import json
import random
import re
import sys
from collections.abc import Iterator
from pathlib import Path

PROJECT = Path(__file__).parent.parent
SHARED_PEOPLE = PROJECT.parent / "shared" / "data" / "colleagues.jsonl"
WORD = re.compile("[a-z]{4,}")
SYLLABLES = [consonant + vowel for consonant in "bdfgklmnprstvz" for vowel in "aeiou"]


def default_file() -> Path:
    return SHARED_PEOPLE if SHARED_PEOPLE.exists() else PROJECT / "demo" / "people.jsonl"


def varied(text: str, words: list[str], chance: random.Random) -> str:
    def other(match: re.Match) -> str:
        luck = chance.random()
        if luck < 0.01:
            return "".join(chance.choices(SYLLABLES, k=4))
        return chance.choice(words) if luck < 0.1 else match.group()

    return WORD.sub(other, text)


def many(people: list[dict], number: int) -> Iterator[dict]:
    """The people and variations of them, so many altogether."""
    # As often as in the texts: common words stay common.
    words = [word for person in people for patent in person["patents"] for word in WORD.findall(patent.get("abstract", ""))]
    names = [person["name"].split() for person in people]
    chance = random.Random(number)
    for i in range(number):
        person = people[i % len(people)]
        if i < len(people):
            yield person
            continue
        sections = {
            section: chance.choice(people)[section] for section in ("functions", "memberships", "geography") if section in person
        }
        patents = [
            patent
            | {"number": f"{patent['number']}-{i}"}
            | {text: varied(patent[text], words, chance) for text in ("title", "abstract") if text in patent}
            for patent in person["patents"]
        ]
        first, last = chance.choice(names), chance.choice(names)
        name = " ".join([*first[:-1], last[-1]])
        yield person | sections | {"id": f"{person['id']}-{i}", "name": name, "patents": patents}


def active(file: Path) -> list[dict]:
    return [person for person in map(json.loads, file.open()) if person["active"]]


def read(file: Path, number: int) -> Iterator[dict]:
    """So many people, made of the active ones of a file."""
    return many(active(file), number)


def main() -> None:
    arguments = argparse.ArgumentParser(
        prog="bench/people.py", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    arguments.add_argument("number", type=int)
    arguments.add_argument("--of", type=Path, default=default_file(), help="a file of people (default %(default)s)")
    options = arguments.parse_args()
    for person in read(options.of, options.number):
        print(json.dumps(person, ensure_ascii=False))


if __name__ == "__main__":
    try:
        main()
    except (BrokenPipeError, KeyboardInterrupt):
        sys.exit(1)
