"""What moderators do at the desk beside showing and dismissing: rows and situations."""

from __future__ import annotations

from tests.access_situation import DECIDED, Situation, decide_of

MATRIX = """
  desk-decide: divert                  x                 sssss ++-- ---
  desk-decide: label                   x                 sssss ++-- ---
  desk-decide: assign                  x                 sssss ++-- ---
  desk-decide: bulk                    x                 sssss ++-- ---
  desk-decide: undo                    x                 sssss rr-- ---
"""

SOCKET = """
  divert                               n-nnn --n- nnn    nnnnn ++n- nnn    nnnnn --n- nnn
  label                                n-nnn --n- nnn    nnnnn ++n- nnn    nnnnn --n- nnn
  assign                               n-nnn --n- nnn    nnnnn ++n- nnn    nnnnn --n- nnn
  bulk                                 n-nnn --n- nnn    nnnnn ++n- nnn    nnnnn --n- nnn
  undo                                 n-nnn --n- nnn    nnnnn ++n- nnn    nnnnn --n- nnn
  look                                 n-nnn --n- nnn    nnnnn ++n- nnn    nnnnn --n- nnn
"""

_MOVES = {
    "divert": decide_of("divert", "question.diverted"),
    "label": decide_of("label", "question.labelled"),
    "assign": decide_of("assign", "question.assigned"),
    "bulk": Situation(
        at={"move": "bulk"},
        sent={"move": "hold", "questions": "2:1"},
        wrote=("question.held",),
        changes=DECIDED,
    ),
    # Nobody has decided about it yet: each question is refused by itself, and nothing is written.
    "undo": Situation(at={"move": "undo"}, sent={"questions": "2:1"}),
}

ADDRESSES = {f"desk-decide: {move}": situation for move, situation in _MOVES.items()}
COMMANDS = _MOVES | {"look": Situation(sent={"number": 2})}
