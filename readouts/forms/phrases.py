"""What each phrase and habit of the house wording is called on the office's page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

HABIT_LABELS: Final[dict[str, tuple[StrOrPromise, dict[str, StrOrPromise]]]] = {
    "attendance_by": (
        _("Who joined"),
        {
            "shares": _("the total, and the share of each role"),
            "names": _("the total, and the names of the roles without numbers"),
            "names_uncounted": _("the names of the roles without any number"),
            "total": _("the total alone"),
            "rounded": _("more than so many hundreds"),
            "nothing": _("nothing"),
        },
    ),
    "questions_by": (
        _("Written questions"),
        {
            "count": _("with their number"),
            "uncounted": _("without their number"),
            "nothing": _("nothing"),
        },
    ),
    "subject": (
        _("What participants wrote is called"),
        {"questions": _("questions"), "feedback": _("feedback")},
    ),
    "answered_by": (
        _("What the speakers answered"),
        {
            "could": _("as many as they could"),
            "possible": _("as many as possible"),
            "all": _("all of them"),
            "nothing": _("nothing"),
        },
    ),
    "percent_by": (
        _("Percents after the first"),
        {
            "sign": _("with the sign: 19%"),
            "spelled": _("with the word: 19 percent"),
            "in_words": _("in words: nineteen percent"),
        },
    ),
    "numbers_by": (
        _("Numbers of people and questions"),
        {
            "figures": _("in figures: 9 and 163"),
            "below_ten": _("below ten in words: nine and 163"),
        },
    ),
    "promise_by": (
        _("The list of questions"),
        {
            "list": _("a full list will be shared with the agency"),
            "unattributed": _("what was written will be shared, without attribution"),
            "nothing": _("nothing is promised"),
        },
    ),
}
PHRASE_LABELS: Final[dict[str, StrOrPromise]] = {
    "label": _("Above the title"),
    "speakers": _("Heading over the speakers"),
    "materials": _("Heading over the materials"),
    "answers": _("Heading over the follow-up answers"),
    "chart": _("Heading of the chart of attendance"),
    "chart_category": _("In the chart's table: role"),
    "chart_people": _("In the chart's table: people"),
    "chart_share": _("In the chart's table: share"),
    "version": _("At the foot of a file"),
    "page": _("Number of a page"),
    "calendar_date": _("A date"),
    "months": _("The months"),
    "number_words": _("Numbers in words, from zero to one hundred"),
    "thousands": _("Between thousands"),
    "opening": _("Who hosted what, and when"),
    "joined": _("The total"),
    "joined_by_one": _("One person joined"),
    "joined_by_nobody": _("Nobody joined"),
    "rounded": _("More than so many hundreds"),
    "including": _("The total, and the names of the roles"),
    "including_uncounted": _("The names of the roles alone"),
    "others": _("“Other” in such a list"),
    "between_names": _("Between names"),
    "before_last_name": _("Before the last name"),
    "first_share": _("The first share"),
    "next_share": _("Each further share"),
    "percent_in_words": _("A percent in words"),
    "percent_in_figures": _("A percent in figures"),
    "exactly": _("A share as it is"),
    "less_than": _("A share under one percent"),
    "more_than": _("A share over 99 percent"),
    "between_shares": _("Between shares"),
    "before_last_share": _("Before the last share"),
    "questions": _("Many questions"),
    "questions_uncounted": _("Questions without their number"),
    "one_question": _("One question"),
    "no_question": _("No question"),
    "answered_could": _("$answered: as many as they could"),
    "answered_possible": _("$answered: as many as possible"),
    "answered_all": _("$answered: all of them"),
    "answered_one": _("$answered: the one question"),
    "feedback": _("Much feedback"),
    "feedback_uncounted": _("Feedback without its number"),
    "one_feedback": _("One piece of feedback"),
    "no_feedback": _("No feedback"),
    "sample": _("Before a sample"),
    "whole_list": _("Before all questions"),
    "whole_list_of_one": _("Before the one question"),
    "feedback_sample": _("Before a sample of feedback"),
    "feedback_list": _("Before all feedback"),
    "share_list": _("A full list will be shared"),
    "share_one": _("The one question will be shared"),
    "share_unattributed": _("It will be shared without attribution"),
    "post": _("The presentation will be posted"),
    "post_too": _("The same, after another promise"),
    "kinds": _("Kinds of engagements"),
    "categories": _("Role categories"),
    "noun": _("Noun"),
    "with_article": _("$a_kind"),
    "this": _("$this_kind"),
    "noun_phrase": _("$noun_phrase"),
    "verb": _("$verb"),
}
SECTIONS: Final[list[tuple[StrOrPromise, StrOrPromise, list[str]]]] = [
    (
        _("Habits"),
        _(
            "What the house prefers to say. Where the figures of an engagement do not support it, "
            "the next sentence that they support is said instead, or none."
        ),
        list(HABIT_LABELS),
    ),
    (
        _("First paragraph"),
        _("$office and $department carry their short names; $departments is the possessive form."),
        ["opening"],
    ),
    (
        _("Who joined"),
        _("$people is the total; $names the roles, the largest first."),
        [
            "joined", "joined_by_one", "joined_by_nobody", "rounded", "including",
            "including_uncounted", "others", "between_names", "before_last_name",
        ],
    ),
    (
        _("Shares"),
        _("A share that begins the sentence is in words."),
        [
            "first_share", "next_share", "between_shares", "before_last_share",
            "percent_in_words", "percent_in_figures", "exactly", "less_than", "more_than",
        ],
    ),
    (
        _("Questions"),
        _("$answered is one of the clauses about answers, as the house prefers, or nothing."),
        [
            "questions", "questions_uncounted", "one_question", "no_question", "answered_could",
            "answered_possible", "answered_all", "answered_one", "sample", "whole_list",
            "whole_list_of_one",
        ],
    ),
    (
        _("Feedback"),
        _("In place of the sentences about questions, where the house calls it feedback."),
        [
            "feedback", "feedback_uncounted", "one_feedback", "no_feedback", "feedback_sample",
            "feedback_list",
        ],
    ),
    (
        _("Last paragraph: what the office promises"),
        _("Each promise becomes a commitment with an owner and a due date."),
        ["share_list", "share_one", "share_unattributed", "post", "post_too"],
    ),
    (
        _("Headings and small words"),
        "",
        [
            "label", "speakers", "materials", "answers", "chart", "chart_category",
            "chart_people", "chart_share", "version", "page",
        ],
    ),
    (
        _("Dates and numbers"),
        "",
        ["calendar_date", "months", "thousands", "number_words"],
    ),
]  # fmt: skip
