"""docs/live-protocol.md is the contract: what it shows is what the server takes and says."""

from __future__ import annotations

import json
import re
from pathlib import Path

from qa import projection
from qa.live import frames
from qa.live.commands import COMMANDS

DOCUMENT = (Path(__file__).parents[2] / "docs" / "live-protocol.md").read_text(encoding="utf-8")
EXAMPLES = [
    json.loads(line)
    for block in re.findall(r"```json\n(.*?)```", DOCUMENT, re.DOTALL)
    for line in block.splitlines()
]


def test_every_example_command_is_taken() -> None:
    shown = {example["do"] for example in EXAMPLES if "do" in example}

    assert shown == {"enter", *COMMANDS}
    for example in EXAMPLES:
        if example.get("do") in COMMANDS:
            frame = frames.read(json.dumps(example))
            fields = {key: value for key, value in frame.items() if key not in {"id", "do"}}
            form = COMMANDS[frame["do"]].form(fields)
            assert form.is_valid(), form.errors
            assert fields.keys() == form.fields.keys()


def test_the_table_names_each_command_its_audience_and_fields() -> None:
    commands = DOCUMENT.split("## Commands")[1].split("## ")[0]
    rows = re.findall(r"^\| `(\w+)` \| (both|room|desk) \| (.*?) \|", commands, re.MULTILINE)

    told = {name: (who, set(re.findall(r"`(\w+)`", fields))) for name, who, fields in rows}
    told.pop("enter")
    # The table names the values of `state` beside it.
    told["floor"] = (told["floor"][0], told["floor"][1] - {"open", "voting_only", "closed"})
    assert told == {
        name: (command.audience, set(command.form.base_fields))
        for name, command in COMMANDS.items()
    }


def test_questions_are_shown_with_exactly_the_fields_that_are_told() -> None:
    described = dict.fromkeys(
        "number asker client_id text state outcome revision category source asked_at shown_at "
        "dismissal note decided_by decided_at".split()
    )
    own = [e["question"] for e in EXAMPLES if e.get("type") == "own-question"]
    events = [event for e in EXAMPLES for event in e.get("events", [])]
    room = [event["question"] for event in events if event["type"] == "question"]

    assert [question.keys() for question in own] == [projection.own_view(described).keys()]
    assert [question.keys() for question in room] == [projection.room_view(described).keys()]
