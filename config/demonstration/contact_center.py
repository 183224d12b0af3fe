"""14 April 2021, 2 to 3 p.m. EDT: 828 stakeholders, 163 written questions, the readout, and a list
that went to the agency three weeks ago."""

from __future__ import annotations

import random
import uuid
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from itertools import cycle, islice
from typing import TYPE_CHECKING, Any, Final

from config.demonstration import answers, cast, material
from engagements import clock
from engagements.actions import attending, registering, running
from engagements.actions.running import SpeakerEntry
from engagements.models import Agency, RoleCategory
from qa.actions import asking, moderating, redacting
from qa.actions import floor as floors
from qa.actions.agency import drafting as listing
from qa.actions.agency import sealing
from qa.models import Redaction
from qa.queries import floor_of
from readouts import queries
from readouts.actions import chain, clearing, drafting, editing, publishing, sampling
from readouts.forms import worded

if TYPE_CHECKING:
    from engagements.models import Engagement, Registration
    from qa.models import Floor, Question
    from readouts.models import Readout

SLUG: Final = "contact-center"
START: Final = datetime(2021, 4, 14, 18, 0, tzinfo=UTC)
END: Final = START + timedelta(hours=1)
JOINED: Final = {
    "attorney": 356,
    "government": 157,
    "employer": 66,
    "applicant": 58,
    "advocate": 17,
    "other": 174,
}
ABSENT: Final = 31
"""People who registered and did not come."""
FORWARDED_DAYS_AGO: Final = 21
"""Whoever looks today meets an agency in the midst of its work: the list is due in nine days."""

SPEAKERS: Final = [
    SpeakerEntry("Nathan Stiefel", "Deputy Ombudsman at the CIS Ombudsman's Office", "DHS"),
    SpeakerEntry(
        "Bertha Anderson", "Chief of Public Engagement at the CIS Ombudsman's Office", "DHS"
    ),
    SpeakerEntry("Fatimah Mateen", "Senior Advisor at the CIS Ombudsman's Office", "DHS"),
    SpeakerEntry(
        "Carrie Selby", "Acting Associate Director, External Affairs Directorate", "USCIS"
    ),
    SpeakerEntry(
        "Bret Gregg",
        "Deputy Chief, Public Services Division, Office of Citizenship and Applicant Information "
        "Services",
        "USCIS",
    ),
]


def tell() -> None:
    dice = random.Random(20210414)  # noqa: S311 - the same story every time
    engagement = _prepare()
    registered = _register(engagement, dice)
    with clock.set_to(START):
        running.start(engagement, by=cast.play(cast.COORDINATOR))
        engagement.refresh_from_db()
        floor = floors.set_state(floor_of(engagement), state="open", by=cast.play(cast.MODERATOR))
    present = _arrive(registered, dice)
    chosen = _hold_the_hour(floor, registered)
    _leave(present, dice)
    with clock.set_to(END):
        running.end(engagement, by=cast.play(cast.COORDINATOR))
    engagement.refresh_from_db()
    with clock.set_to(END + timedelta(hours=1)):
        _redact(floor)
    with clock.set_to(END + timedelta(days=1)):
        _set_chain()
    _publish(engagement, chosen)
    # In the afternoon of that day, by the office's clock.
    forwarded_at = clock.now().replace(hour=19, minute=30) - timedelta(days=FORWARDED_DAYS_AGO)
    with clock.set_to(forwarded_at):
        _forward(engagement)
    answers.tell(forwarded_at)


def _prepare() -> Engagement:
    coordinator = cast.play(cast.COORDINATOR)
    with clock.set_to(START - timedelta(days=30)):
        engagement = running.create(
            by=coordinator,
            slug=SLUG,
            series="The CIS Ombudsman's Webinar Series",
            title="The USCIS Contact Center",
            kind="webinar",
            about="the U.S. Citizenship and Immigration Services (USCIS) Contact Center",
            agency=Agency.objects.get(short_name="USCIS"),
            description=material.INVITATION,
            starts_at=START,
            ends_at=END,
            time_zone="America/New_York",
            posts_presentation=True,
            speakers=SPEAKERS,
        )
        material.give_roles(engagement)
        running.schedule(engagement, by=coordinator)
    engagement.refresh_from_db()
    return engagement


def _register(engagement: Engagement, dice: random.Random) -> dict[str, list[Registration]]:
    """Who registered over three weeks, by category; the absent ones are left out of the answer."""
    wanted = [key for key, people in JOINED.items() for _ in range(people)]
    dice.shuffle(wanted)
    absent = islice(cycle(JOINED), ABSENT)
    categories = {category.key: category for category in RoleCategory.objects.all()}
    registered = defaultdict(list)
    everybody = zip([*wanted, *absent], cast.people(), strict=False)
    for number, (key, (name, email)) in enumerate(everybody):
        with clock.set_to(START - timedelta(minutes=33 * (len(wanted) + ABSENT - number))):
            registration = registering.register(
                engagement, name=name, email=email, organization="", category=categories[key]
            )
        if number < len(wanted):
            registered[key].append(registration)
    return registered


def _arrive(registered: dict[str, list[Registration]], dice: random.Random) -> list[int]:
    """Most come in the first minutes. Returns their open intervals."""
    present = []
    for registration in (one for some in registered.values() for one in some):
        with clock.set_to(START + timedelta(seconds=min(3000, dice.expovariate(1 / 400)))):
            interval = attending.arrive(registration)
        if interval is not None:
            present.append(interval)
    return present


def _leave(present: list[int], dice: random.Random) -> None:
    for interval in present:
        with clock.set_to(END - timedelta(seconds=min(500, dice.expovariate(1 / 120)))):
            attending.leave([interval])


def _hold_the_hour(floor: Floor, registered: dict[str, list[Registration]]) -> list[Question]:
    """Ask and decide as the hour went. Returns the readout's six, in its order."""
    askers = {key: cycle(some) for key, some in registered.items()}
    chosen: dict[int, Question] = {}
    for told in material.questions("contact_center"):
        asked_at = START + timedelta(seconds=told["at"])
        with clock.set_to(asked_at):
            question = asking.ask(
                floor,
                by=next(askers[told["category"]]),
                text=told["text"],
                client_id=uuid.uuid4(),
            )
        with clock.set_to(asked_at + timedelta(seconds=40)):
            _decide(floor, question, told)
        if told.get("sample"):
            chosen[told["sample"]] = question
    return [chosen[position] for position in sorted(chosen)]


def _decide(floor: Floor, question: Question, told: dict[str, Any]) -> None:
    by, number = cast.play(cast.MODERATOR), question.number
    if told["state"] == "dismissed":
        moderating.dismiss(floor, by=by, number=number, seen=1, reason=told["dismissal"])
    elif told["state"] == "held":
        moderating.hold(floor, by=by, number=number, seen=1)
    else:
        moderating.show(floor, by=by, number=number, seen=1)
        if told["outcome"] != "none":
            moderating.mark(floor, by=by, number=number, seen=2, outcome=told["outcome"])


def _redact(floor: Floor) -> None:
    """Who wrote a number of the own case into the question is spared to have it forwarded."""
    by = cast.play(cast.MODERATOR)
    for question in floor.questions.exclude(open_findings=[]):
        found = list(question.findings.values_list("pk", flat=True))
        redacting.redact(
            floor,
            by=by,
            number=question.number,
            seen=question.revision,
            findings=found,
            reason=Redaction.Reason.IDENTIFIER,
        )


def _publish(engagement: Engagement, chosen: list[Question]) -> None:
    editor = cast.play(cast.EDITOR)
    with clock.set_to(END + timedelta(days=6)):
        readout = drafting.draft(engagement, by=editor)
        editing.edit(
            readout,
            by=editor,
            revision=readout.revision,
            summary=material.summary(),
        )
        for question in chosen:
            reason = f"{worded('category', question)} {worded('plain', question)}"
            sampling.choose(readout, question, by=editor, reason=reason)
        publishing.submit(readout, by=editor)
    _clear(readout)
    with clock.set_to(END + timedelta(days=8)):
        publishing.publish(readout, by=cast.play(cast.PUBLISHER))


def _set_chain() -> None:
    """Counsel reads first, then who speaks for the office in public."""
    for name, part in (("Counsel", cast.COUNSEL), ("Public affairs", cast.COORDINATOR)):
        seen = queries.chain_mark(queries.all_steps())
        chain.add(by=cast.play(cast.ADMINISTRATOR), seen=seen, name=name, people=[cast.play(part)])


def _clear(readout: Readout) -> None:
    remarks = {"Counsel": "The figures agree with the attendance report."}
    for hours, step in enumerate(queries.chain(), start=1):
        with clock.set_to(END + timedelta(days=7, hours=hours)):
            clearing.approve(
                readout,
                by=step.people.get(),
                step=step.pk,
                digest=queries.clearance_of(readout).digest,
                revision=readout.revision,
                remark=remarks.get(step.name, ""),
            )


def _forward(engagement: Engagement) -> None:
    """Everything that was asked, with a word on why it comes this late, and the usual date."""
    editor = cast.play(cast.EDITOR)
    draft = listing.begin(engagement, by=editor)
    listing.choose(
        draft,
        by=editor,
        revision=draft.revision,
        cover_note=material.COVER_NOTE,
        due_on=draft.due_on,
    )
    sealing.seal(draft, by=editor)
