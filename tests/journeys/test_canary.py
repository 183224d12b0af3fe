"""The table of the paper on trust: where a stakeholder's data may appear, and where not.

Ana gives a word of her own wherever she can give one. Then a whole life is run through: she
registers, asks, is moderated; the readout is published, the questions are forwarded, answered by
page, workbook and interface, and published. All that anybody gets on the way is kept, and each cell
of the table is looked up: a word in a cell that says no fails, and so does a cell that says yes
without the word.

Where the other cases of that paper about files and about agencies are tested:

    Files  leading = + - @, TAB, CR, a full-width equals sign, a BOM, `#N/A`, `007`, `1E5`, `TRUE`,
           `_x0041_`, CRLF               qa/agency/test_exact_texts.py, engagements/test_sheets.py
           titles of any kind            engagements/test_sheets.py (names of sheets and files)
           ids iterated, HEAD, Range, another agency: 404 with the same body
                                         test_what_is_not_hers_is_not_there below, test_access.py,
                                         qa/agency/test_interface.py
           uploads: wrong type, macros, zip bomb, 100 MB, encrypted, altered text
                                         qa/agency/test_hostile_uploads.py, test_uploading.py,
                                         test_large_uploads.py
    Agency a liaison leaves              test_who_leaves_the_agency_finds_nothing_more below,
                                         qa/agency/test_interface.py
           live queue, drafts, registrants
                                         test_what_is_not_hers_is_not_there below, test_access.py
           forwarded twice or recalled, every download logged
                                         qa/agency/test_sealing.py, test_forwarding_pages.py
"""

from __future__ import annotations

import base64
import gzip
import io
import zipfile
from typing import TYPE_CHECKING

import pytest
from django.test import Client
from django.urls import reverse

from engagements.models import User
from qa.actions.agency import tokens
from qa.models import ApiToken
from tests import factories
from tests.journeys.canaries import Haul, encoded, opened
from tests.journeys.whole_life import (
    ADDRESS,
    AGENT,
    ANSWER,
    COMMON,
    CONTACT,
    DISMISSED,
    IDENTITY,
    JOINED,
    NAME,
    NEED,
    PHONE,
    RARE,
    REMARKED,
    SHOWN,
    STAFF,
    WAITING,
    WITHDRAWN,
    WITHHELD,
    Life,
    without_token,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from engagements.models import Engagement

pytestmark = pytest.mark.django_db

TABLE: dict[tuple[str, ...], dict[str, str]] = {
    IDENTITY[:3]: {"asker": "yes", "desk": "yes"},
    (ANSWER,): {"asker": "yes", "desk": "yes"},
    (NEED,): {"asker": "yes"},
    (PHONE,): {"desk": "yes"},
    (SHOWN,): {
        "public": "yes", "asker": "yes", "desk": "yes", "readout": "yes", "agency": "yes",
        "files": "yes",
    },
    (WAITING, DISMISSED, JOINED): {
        "asker": "yes", "desk": "yes", "agency": "yes", "files": "yes",
    },
    (COMMON,): {
        "public": "may", "asker": "yes", "desk": "yes", "readout": "may", "agency": "yes",
        "files": "yes",
    },
    (RARE,): {"public": "may", "asker": "may", "desk": "yes", "readout": "may"},
    (CONTACT, WITHHELD): {"agency": "yes", "files": "may"},
    (REMARKED,): {"agency": "yes"},
    (WITHDRAWN, AGENT, ADDRESS, STAFF): {},
}  # fmt: skip
"""By word: the places that show it, and those that may. Everywhere else it must not be."""

OF_STAFF = {STAFF: {"agency", "audit", "desk"}}
"""An agency may read who of the office sent a list; its files name the office alone."""


@pytest.fixture
def cast(live_engagement: Engagement) -> dict[str, User]:
    make = factories.make_member, factories.make_user
    return {
        name: make[0](make[1](f"{name} {STAFF}"), live_engagement, name.lower())
        for name in ("Coordinator", "Moderator", "Editor")
    } | {
        "Publisher": make[0](make[1](f"Publisher {STAFF}"), live_engagement, "editor"),
        "Uma": make[1]("Uma", agency=live_engagement.agency),
    }


def test_a_stakeholders_data_is_where_the_table_says_and_nowhere_else(
    live_engagement: Engagement, cast: dict[str, User], capsys: pytest.CaptureFixture[str]
) -> None:
    life = Life(live_engagement, cast)
    life.run()
    life.haul.add("log", "the records", capsys.readouterr().err)

    wrong = []
    for needles, cells in TABLE.items():
        for needle in needles:
            allowed = OF_STAFF.get(needle, set()) | {
                place for place, says in cells.items() if says in {"yes", "may"}
            }
            for place in life.haul.found:
                hits = life.haul.hits(place, needle)
                if place not in allowed and hits:
                    wrong.append(f"{needle} is in {place}: {sorted(set(hits))}")
                if cells.get(place) == "yes" and not hits:
                    wrong.append(f"{needle} is missing in {place}")
    for secret in (*life.secrets, life.api_token, life.hook_secret):
        for place in life.haul.found:
            where = set(life.haul.hits(place, secret))
            own = {one for one in where if place == "asker" and one.startswith("mail ")}
            if where - own:
                wrong.append(f"a secret is in {place}: {sorted(where - own)}")
    assert not wrong, "\n".join(wrong)
    assert life.haul.hits("log", "203.0.113.0")


def test_a_word_is_found_in_whatever_form_it_lies() -> None:
    """The search itself, with the word planted."""
    haul = Haul()
    for number, form in enumerate(sorted(encoded(NAME))):
        haul.add("forms", str(number), b"x" + form + b"y")
    for shift in range(4):
        haul.add("forms", f"base64 {shift}", base64.b64encode(b"-" * shift + NAME.encode() + b"-"))
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("docProps/core.xml", gzip.compress(NAME.encode()))
    haul.add("forms", "packed", packed.getvalue())
    haul.add("forms", "name", NAME.upper())
    assert len(haul.hits("forms", NAME)) == len(haul.found["forms"])
    assert haul.hits("forms", WITHDRAWN) == []
    assert list(opened(b"plain")) == [b"plain"]


def test_what_is_not_hers_is_not_there(
    live_engagement: Engagement, cast: dict[str, User], sign_in: Callable[[User], Client]
) -> None:
    """Live queue, drafts and registrants; lists of another agency, by GET, HEAD and Range."""
    factories.make_question(live_engagement.floor)
    live_engagement.state = "ended"
    live_engagement.save()
    sent = factories.forward_list(live_engagement, by=cast["Editor"])
    other = factories.make_user("Otto", agency=factories.make_agency("EOIR"))
    slug, otto, uma = live_engagement.slug, sign_in(other), sign_in(cast["Uma"])
    for name in ("desk", "registrants", "readout-edit", "forwardings", "desk-ticket"):
        unknown = uma.get(reverse(name, args=["never-was"]))
        found = uma.get(reverse(name, args=[slug]))
        assert (found.status_code, without_token(found)) == (404, without_token(unknown))
    here = [sent.pk, sent.pk + 1, sent.pk + 2]
    for name, more in (("agency-forwarding", []), ("agency-file", ["xlsx"])):
        addresses = [reverse(name, args=[pk, *more]) for pk in here]
        answers = [otto.get(one, headers={"Range": "bytes=0-9"}) for one in addresses]
        heads = [otto.head(one) for one in addresses]
        assert {one.status_code for one in (*answers, *heads)} <= {404, 405}
        assert len({(one.status_code, without_token(one)) for one in answers}) == 1
        assert len({(one.status_code, one.content) for one in heads}) == 1
        assert uma.get(addresses[0]).status_code == 200


def test_who_leaves_the_agency_finds_nothing_more(
    live_engagement: Engagement, cast: dict[str, User], sign_in: Callable[[User], Client]
) -> None:
    factories.make_question(live_engagement.floor)
    live_engagement.state = "ended"
    live_engagement.save()
    sent = factories.forward_list(live_engagement, by=cast["Editor"])
    uma, browser = cast["Uma"], sign_in(cast["Uma"])
    made = tokens.make(by=uma, name="Case system", scopes=ApiToken.Scope.values, days=30)
    headers = {"Authorization": f"Bearer {made.text}"}
    addresses = [
        reverse("agency-forwarding", args=[sent.pk]),
        reverse("agency-uploads", args=[sent.pk]),
        reverse("agency-question", args=[sent.pk, 1]),
    ]
    interface = f"/api/v1/forwardings/{sent.pk}"

    def statuses() -> list[int]:
        found = [browser.get(address).status_code for address in addresses]
        return [*found, Client().get(interface, headers=headers).status_code]

    assert statuses() == [200, 200, 200, 200]
    User.objects.filter(pk=uma.pk).update(agency=factories.make_agency("EOIR"))
    assert statuses() == [404, 404, 404, 401]
