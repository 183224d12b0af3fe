"""docs/live-protocol.md is the contract: what it shows is what the server takes and says."""

from __future__ import annotations

import json
import re
from pathlib import Path

from qa import events, projection
from qa.live import frames
from qa.live.commands import COMMANDS
from qa.models import Floor, Question
from tests.qa.sockets import check

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
    rows = re.findall(
        r"^\| `([\w-]+)` \| (all|room|desk|backstage) \| (.*?) \|", commands, re.MULTILINE
    )

    told = {name: (who, set(re.findall(r"`(\w+)`", fields))) for name, who, fields in rows}
    told.pop("enter")
    # The table names the values of these beside them.
    values = {*Floor.State.values, *Floor.Voting.values}
    for name in ("floor", "voting"):
        told[name] = (told[name][0], told[name][1] - values)
    assert told == {
        name: (command.audience, set(command.form.base_fields))
        for name, command in COMMANDS.items()
    }


def test_questions_are_shown_with_exactly_the_fields_that_are_told() -> None:
    described = events.describe(Question())
    own = [e["question"] for e in EXAMPLES if e.get("type") == "own-question"]
    told = [event for e in EXAMPLES for event in e.get("events", [])]
    room = [event["question"] for event in told if event["type"] == "question"]

    assert [question.keys() for question in own] == [projection.own_view(described).keys()]
    assert [question.keys() for question in room] == [projection.room_view(described).keys()]


def test_every_message_of_the_server_is_shown_as_it_is_sent() -> None:
    said = [example for example in EXAMPLES if "do" not in example]

    for example in said:
        check(example)
    assert {example["type"] for example in said if "type" in example} == {
        "events", "snapshot", "backstage", "counts", "presence", "looking", "beacon", "own",
        "own-question",
        "own-standing", "own-vote", "poll-results", "own-poll-answer",
    }  # fmt: skip
    assert {event["type"] for example in said for event in example.get("events", [])} == {
        "question", "question-gone", "floor", "engagement", "announcement", "announcement-gone",
        "poll", "poll-gone", "survey",
    }  # fmt: skip


def test_the_codes_of_errors_and_of_closing_are_those_of_the_code() -> None:
    closing = set(re.findall(r"^\| (\d{4}) \|", DOCUMENT, re.MULTILINE))
    assert closing == {
        str(value) for name, value in vars(frames).items() if name.startswith("CLOSE_")
    }
    errors = DOCUMENT.split("## Errors")[1].split("## ")[0]
    told = set(re.findall(r"`(\w+)`", "".join(re.findall(r"^\|([^|]*)\|", errors, re.MULTILINE))))
    assert told == raised_codes()


def raised_codes() -> set[str]:
    """Codes that stand in the modules which a command may come through."""
    root = Path(__file__).parents[2]
    files = [
        *(root / "qa" / "live").glob("*.py"),
        *(
            root / "qa" / "actions" / f"{name}.py"
            for name in (
                "asking limits voting deciding moderating "
                "sorting undoing floor poll_answering backstage wishes"
            ).split()
        ),
    ]
    text = "".join(file.read_text() for file in files)
    calls = re.findall(
        r"""(?:Refused|NotAllowed|_error|_refuse)\(\s*(?:frame\["id"\], |None, )?"(\w+)\"""", text
    )
    names = re.findall(r"""(?:TOO_LARGE|BAD_FRAME)\b[^=\n]*= "(\w+)\"""", text)
    return {*calls, *names, *re.findall(r"""BadFrame\("(\w+)"\)""", text)}
