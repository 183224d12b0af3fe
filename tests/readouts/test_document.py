from __future__ import annotations

import json
from dataclasses import replace

from readouts.document import Document, SampleGroup, compose
from readouts.files.plain import plain
from tests.readouts.contact_center import (
    CLOSING,
    FACTS,
    JOINED,
    OPENING,
    QUESTIONS,
    SAMPLE,
    SHARES,
)

SAMPLES = (SampleGroup(("Is there a line for attorneys?", "¿Cómo cambio\nmi dirección?")),)
DOCUMENT = compose(FACTS, summary="Staff *engaged*.\n\n- one\n- two", samples=SAMPLES)


def test_compose_makes_every_sentence() -> None:
    written_out = Document(
        label="Engagement Readout",
        title="The CIS Ombudsman's Webinar Series: The USCIS Contact Center",
        opening=OPENING,
        summary="Staff *engaged*.\n\n- one\n- two",
        attendance=f"{JOINED} {SHARES} {QUESTIONS} {SAMPLE}",
        samples=SAMPLES,
        closing=CLOSING,
        speakers=(
            "Nathan Stiefel, Deputy Ombudsman, CIS Ombudsman's Office, DHS",
            "Carrie Selby, Acting Associate Director, External Affairs, USCIS",
        ),
        facts=FACTS,
        language="en",
    )
    assert written_out == DOCUMENT


def test_survives_json() -> None:
    stored = json.loads(json.dumps(DOCUMENT.to_json()))
    assert stored == DOCUMENT.to_json()
    assert Document.from_json(stored) == DOCUMENT


def test_plain_text_has_a_paragraph_on_a_line() -> None:
    assert plain(DOCUMENT).split("\n") == [
        "Engagement Readout",
        "",
        "The CIS Ombudsman's Webinar Series: The USCIS Contact Center",
        "",
        OPENING,
        "",
        "Staff engaged.",
        "",
        "- one",
        "- two",
        "",
        f"{JOINED} {SHARES} {QUESTIONS} {SAMPLE}",
        "",
        "- Is there a line for attorneys?",
        "- ¿Cómo cambio mi dirección?",
        "",
        CLOSING,
        "",
        "Speakers",
        "",
        "Nathan Stiefel, Deputy Ombudsman, CIS Ombudsman's Office, DHS",
        "Carrie Selby, Acting Associate Director, External Affairs, USCIS",
    ]


def test_plain_text_leaves_out_what_is_not_there() -> None:
    bare = compose(
        replace(FACTS, joined=0, categories=(), questions=0, posts_presentation=False, speakers=()),
        summary="",
        samples=(),
    )
    assert plain(bare).split("\n\n") == [
        "Engagement Readout",
        "The CIS Ombudsman's Webinar Series: The USCIS Contact Center",
        OPENING,
        "No stakeholders joined this webinar. No written questions were submitted.",
    ]
