"""What a client knows, as docs/live-protocol.md says it: the twin of qa/static/qa/state.js."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from qa import projection


@dataclass
class Knowledge:
    audience: str
    epoch: str | None = None
    number: int = 0
    mark: int = 0
    engagement: str = ""
    floor: str = ""
    voting: str = ""
    people: int | None = None
    questions: dict[int, Any] = field(default_factory=dict)
    announcements: dict[int, Any] = field(default_factory=dict)
    polls: dict[int, Any] = field(default_factory=dict)
    poll_results: dict[str, Any] = field(default_factory=dict)
    survey: bool = False
    votes: dict[int, int] = field(default_factory=dict)
    own: dict[int, Any] = field(default_factory=dict)
    own_votes: set[int] = field(default_factory=set)
    own_answers: dict[str, list[int]] = field(default_factory=dict)

    def position(self) -> dict[str, Any]:
        if self.epoch is None:
            return {}
        return {"epoch": self.epoch, "after": self.number, "mark": self.mark}

    def entered(self, ok: dict[str, Any]) -> None:
        self.take(ok["news"])
        self.people = ok["people"]
        if "own" in ok:
            self.take(ok["own"])

    def has_gap(self, message: dict[str, Any]) -> bool:
        if self.epoch is None:
            return False
        match message["type"]:
            case "events":
                return bool(message["after"] > self.number)
            case "beacon":
                return bool(message["number"] > self.number)
            case "counts":
                return self._sees_counts() and bool(message["after"] > self.mark)
        return False

    def take(self, message: dict[str, Any]) -> None:
        getattr(self, "_" + message["type"].replace("-", "_"))(message)

    def seen(self) -> dict[str, Any]:
        """What a person looks at; equal for all who know the same."""
        numbers = self.questions.keys()
        return {
            "engagement": self.engagement,
            "floor": self.floor,
            "voting": self.voting,
            "questions": self.questions,
            "announcements": self.announcements,
            "polls": self.polls,
            "survey": self.survey,
            "votes": {n: votes for n, votes in self.votes.items() if votes and n in numbers},
        }

    def _snapshot(self, message: dict[str, Any]) -> None:
        self.epoch = message["epoch"]
        self.number, self.mark = message["number"], message["mark"]
        self.engagement = message["engagement"]
        self.floor, self.voting = message["floor"], message["voting"]
        self.questions = {question["number"]: question for question in message["questions"]}
        self.announcements = {one["number"]: one for one in message["announcements"]}
        self.polls = {one["number"]: one for one in message["polls"]}
        self.poll_results, self.survey = {}, message["survey"]
        self.votes = {int(number): votes for number, votes in message["votes"].items()}
        self._forget_hidden_counts()

    def _events(self, message: dict[str, Any]) -> None:
        if self.epoch is None or message["number"] <= self.number:
            return
        self.number = message["number"]
        for event in message["events"]:
            self._change(event)
        self._forget_hidden_counts()

    def _change(self, event: dict[str, Any]) -> None:
        kept = {
            "question": self.questions, "announcement": self.announcements, "poll": self.polls
        }  # fmt: skip
        kind, _, gone = event["type"].partition("-")
        if gone:
            kept[kind].pop(event["number"], None)
        elif kind in kept:
            kept[kind][event[kind]["number"]] = event[kind]
        elif kind == "floor":
            self.floor, self.voting = event["state"], event["voting"]
        elif kind == "engagement":
            self.engagement = event["state"]
        else:
            self.survey = event["is_open"]

    def _counts(self, message: dict[str, Any]) -> None:
        if self._sees_counts() and message["mark"] > self.mark:
            self.mark = message["mark"]
            self.votes |= {int(number): votes for number, votes in message["votes"].items()}

    def _presence(self, message: dict[str, Any]) -> None:
        self.people = message["people"]

    def _beacon(self, message: dict[str, Any]) -> None:
        """Only tells of a gap."""

    def _own(self, message: dict[str, Any]) -> None:
        self.own = {question["number"]: question for question in message["questions"]}
        self.own_votes = set(message["votes"])
        self.own_answers = message["poll_answers"]

    def _own_question(self, message: dict[str, Any]) -> None:
        question = message["question"]
        known = self.own.get(question["number"])
        if known is None or known["revision"] <= question["revision"]:
            self.own[question["number"]] = question

    def _own_vote(self, message: dict[str, Any]) -> None:
        (self.own_votes.add if message["voted"] else self.own_votes.discard)(message["number"])

    def _poll_results(self, message: dict[str, Any]) -> None:
        self.poll_results = message["results"]

    def _own_poll_answer(self, message: dict[str, Any]) -> None:
        self.own_answers[str(message["number"])] = message["chosen"]

    def _sees_counts(self) -> bool:
        return projection.sees_counts(self.audience, self.voting)

    def _forget_hidden_counts(self) -> None:
        if not self._sees_counts():
            self.mark, self.votes = 0, {}
