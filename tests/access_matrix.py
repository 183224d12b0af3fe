"""Who may do what at every address and with every socket command; docs/user-roles.md says why.

Three groups of cells for each method, read down these columns:

    AN anonymous             CO coordinator here    M2 coordinator, moderator, editor elsewhere
    RA registered here       M1 moderator here      AS liaison of this agency
    XA removed here          RE editor here         AO liaison of another agency
    RO registered elsewhere  AD administrator
    DE deactivated: was an administrator with every role here, and the session is still present

    +  done: a page is shown (200, or a redirect to `lands`), a form makes the change it is for
    w  watched: the page is shown, without the trace that it leaves of others
    s  sent to the sign-in page
    -  404, with the body of a thing that does not exist
    r  refused in words or led elsewhere, and nothing has changed
    x  no such method
    n  no ticket for such a socket, and closed by it

One sign stands for all twelve. Where the paper on trust is silent, the least is given.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from tests import (
    access_acceptance,
    access_answers,
    access_archive,
    access_channels,
    access_clearance,
    access_desk,
    access_editor,
    access_figures,
    access_floor,
    access_forwarding,
    access_gate,
    access_integration,
    access_memory,
    access_outputs,
    access_polls,
    access_promises,
    access_question,
    access_stage,
    access_uploads,
    access_wishes,
    access_wording,
)

VISITORS = "AN RA XA RO DE CO M1 RE AD M2 AS AO".split()

ADDRESSES = """
# name: case                           GET               POST
  healthz                              +                 x
  readyz                               +                 x
  home                                 +                 x
  engagement                           +                 x
  month                                +                 x
  calendar-feed                        +                 x
  news-feed                            +                 x
  engagement-calendar                  +                 x
  engagement-calendar: draft           -                 x
  short                                +                 x
  short: draft                         -                 x
  sheet                                +                 x
  sheet: draft                         ----- ++++ ---    x
  qr-svg                               +                 x
  qr-svg: draft                        ----- ++++ ---    x
  qr-png                               +                 x
  qr-png: draft                        ----- ++++ ---    x
# who works on a draft sees its page as the public will; nobody registers for it yet
  engagement: draft                    ----- ++++ ---    x
  material                             +                 x
  material: draft                      ----- ++++ ---    x
  register                             +                 +
  register: over                       +                 r
# with the address of whoever was removed: answered like all, the same link again, stays removed
  register: removed here               +                 +
  register: draft                      -                 -
  registered                           +                 x
  registered: draft                    -                 x
# a letter to its bearer
  invited                              +                 x
# for the browser that opened the link: tests/engagements/test_invitee_pages.py
  own-invitation                       -                 -
  own-invitation-decline               x                 -
  own-invitation-reopen                x                 -
  join                                 +                 x
# the link stands for the registration, which its owner may see and delete; the room stays shut
  join: removed                        +                 x
# a mail's link to confirm leads to a button: programs that look through mail open every link
  confirm-address                      +                 x
# of whoever was removed: to see and to delete, no more
  own-registration                     -++-- ---- ---    -+r-- ---- ---
  own-registration: draft              -                 -
  own-registration-confirm             x                 -+--- ---- ---
  own-registration-cancel              x                 -+r-- ---- ---
  own-registration-delete              x                 -r+-- ---- ---
  walk-in                              +                 +
  walk-in: not taken                   +                 r
  walk-in: draft                       -                 -
# staff watch as they watch the desk; an editor has nothing to do there during the hour
  room                                 -+--- ww-w ---    x
  room: draft                          -                 x
  room-ticket                          -+--- ++-+ ---    x
  companions                           x                 -+--- ---- ---
  ask                                  x                 -+--- ---- ---
  ask: over                            x                 -r--- ---- ---
  withdraw                             x                 -+--- ---- ---
  change                               x                 -+--- ---- ---
  change: somebody else's              x                 -
  withdraw: somebody else's            x                 -
  vote                                 x                 -+--- ---- ---
  vote: not shown                      x                 -
  vote: over                           x                 -r--- ---- ---
  readout                              +                 x
  readout: in review                   -                 x
  readout-file                         +                 x
  readout-file: in review              -                 x
  readout-version                      +                 x
  readout-version: in review           -                 x
  readout-version-file                 +                 x
  readout-version-file: in review      -                 x

# an account of the office sees its own engagements there, perhaps none
  office                               sssss ++++ +--    x
# a right of the account, not of a role: CO has it, and being AD does not include it
  engagement-new                       sssss +--- ---    sssss +--- ---
  engagement-office                    sssss ++++ ---    x
  engagement-office: draft             sssss ++++ ---    x
  engagement-edit                      sssss +--+ ---    sssss +--+ ---
# a clone needs the right to create and the role here; AD has neither by itself
  engagement-clone                     sssss +--- ---    sssss +--- ---
  materials                            sssss +--+ ---    sssss +--+ ---
  material-edit                        sssss +--+ ---    sssss +--+ ---
  material-move                        x                 sssss +--+ ---
  material-remove                      x                 sssss +--+ ---
  questions                            sssss +--+ ---    sssss +--+ ---
  question-edit                        sssss +--+ ---    sssss +--+ ---
  question-move                        x                 sssss +--+ ---
  question-remove                      x                 sssss +--+ ---
  notices                              sssss +--+ ---    sssss +--+ ---
  notices-go-back                      x                 sssss +--+ ---
# set-up is the coordinator's, and so are the roles in the own engagement
  engagement-move: schedule            x                 sssss +--+ ---
  engagement-move: start               x                 sssss +--+ ---
  engagement-move: end                 x                 sssss +--+ ---
  engagement-move: archive             x                 sssss +--+ ---
  engagement-move: cancel              x                 sssss +--+ ---
  registrants                          sssss ++-+ ---    x
  registrant                           sssss ++-+ ---    x
  registrants-sheet                    sssss ++-+ ---    x
# what the office does for somebody is the set-up's; a moderator removes and readmits
  registrant-new                       sssss +--+ ---    sssss +--+ ---
  registrant-cancel                    x                 sssss +--+ ---
  registrant-category                  x                 sssss +--+ ---
  registrant-phone                     x                 sssss +--+ ---
  registrant-phone-undo                x                 sssss +--+ ---
  registrant-remove                    x                 sssss ++-+ ---
  registrant-readmit                   x                 sssss ++-+ ---
  invitees                             sssss ++-+ ---    x
# the file alone is looked at and stores nothing; its rows come back and are taken
  invitees-upload                      sssss +--+ ---    sssss +--+ ---
  invitee-again                        x                 sssss +--+ ---
  invitee-withdraw                     x                 sssss +--+ ---
# what people need is for coordinators alone: not for AD, not for moderators
  accommodations                       sssss +--- ---    x
  accommodations-list                  sssss +--- ---    x
  accommodations-sheet                 sssss +--- ---    x
  accommodation-decide                 x                 sssss +--- ---
# the figures are for everybody of the engagement; to count is the coordinator's
  attendance                           sssss ++++ ---    x
  attendance-sheet                     sssss ++++ ---    x
  attendance-small-figures             x                 sssss +--+ ---
# a list of a platform has names: only for who counts
  attendance-lists                     sssss +--+ ---    sssss +--+ ---
  attendance-list                      sssss +--+ ---    x
  attendance-list-columns              sssss +--+ ---    sssss +--+ ---
  attendance-list-categories           sssss +--+ ---    sssss +--+ ---
  attendance-list-people               sssss +--+ ---    x
  attendance-list-person               x                 sssss +--+ ---
  attendance-list-matches              sssss +--+ ---    sssss +--+ ---
  attendance-list-difference           sssss +--+ ---    x
  attendance-list-place                x                 sssss +--+ ---
  attendance-list-apply                x                 sssss +--+ ---
  attendance-list-again                x                 sssss +--+ ---
  attendance-list-undo                 x                 sssss +--+ ---
  attendance-list-discard              x                 sssss +--+ ---
  attendance-list-file                 sssss +--+ ---    x
  declare                              sssss +--+ ---    sssss +--+ ---
  declaration                          sssss +--+ ---    sssss +--+ ---
  declaration-remove                   x                 sssss +--+ ---
  members                              sssss +--+ ---    sssss +--+ ---
  members: oneself                     sssss +--+ ---    sssss r--r ---
  member-remove                        x                 sssss +--+ ---
# mail carries secrets: only for AD and for who creates engagements, as rules.py has it
  outbox                               sssss +--+ ---    x
  outbox-mail                          sssss +--+ ---    x
  outbox-page                          sssss +--+ ---    x
# whoever reads a mail there decides about it
  outbox-edit                          sssss +--+ ---    sssss +--+ ---
  outbox-decide: hold                  x                 sssss +--+ ---
  outbox-decide: send                  x                 sssss +--+ ---
  outbox-decide: discard               x                 sssss +--+ ---
  outbox-all: hold                     x                 sssss +--+ ---
  letters                              sssss +--+ ---    sssss +--+ ---
  letters-hold                         x                 sssss +--+ ---
  letter-discard                       x                 sssss +--+ ---
# its address is the secret, and stands for the person who got it by mail
  news                                 +                 +
  news: another token                  -                 -

# the hall reads it from the wall, with an account of who runs the hour behind it
  screen                               sssss ++-+ ---    x
  screen: draft                        sssss ++-+ ---    x
  screen-ticket                        sssss ++-+ ---    x
# AD looks on, and decides nothing
  desk                                 sssss ++-+ ---    x
  desk-ticket                          sssss ++-+ ---    x
  announce                             sssss ++-- ---    sssss ++-- ---
  announcement-take-back               x                 sssss ++-- ---
  desk-floor                           x                 sssss ++-- ---
  desk-voting                          x                 sssss ++-- ---
  desk-decide: show                    x                 sssss ++-- ---
  desk-decide: hold                    x                 sssss ++-- ---
  desk-decide: dismiss                 x                 sssss ++-- ---
  desk-decide: mark                    x                 sssss ++-- ---

# everybody of the engagement reads the draft; only an editor writes, AD not
  readout-edit                         sssss ++++ ---    x
  readout-edit: not drafted            sssss ++++ ---    x
  readout-draft                        x                 sssss --+- ---
  readout-save                         x                 sssss --+- ---
  readout-refresh                      x                 sssss --+- ---
  readout-samples                      sssss ++++ ---    x
  readout-samples-save                 x                 sssss --+- ---
  readout-preview                      sssss ++++ ---    x
  readout-preview-file                 sssss ++++ ---    x
  readout-submit                       x                 sssss --+- ---
# whoever may publish may send back instead
  readout-return                       x                 sssss --++ +--
  readout-publish                      x                 sssss --++ ---
  readout-publish: own words           x                 sssss --r+ ---
  readout-correct                      x                 sssss --+- ---
  readout-withdraw                     x                 sssss --++ ---

  people                               sssss ---+ ---    sssss ---+ ---
  person                               sssss ---+ ---    sssss ---+ ---
  person: oneself                      sssss ---+ ---    sssss ---r ---
  person-deactivate                    x                 sssss ---+ ---
  person-deactivate: oneself           x                 sssss ---r ---
  person-reactivate                    x                 sssss ---+ ---
  invitation-resend                    x                 sssss ---+ ---
  invitation-withdraw                  x                 sssss ---+ ---
  categories                           sssss ---+ ---    sssss ---+ ---
  agencies                             sssss ---+ ---    sssss ---+ ---
  agency-names                         sssss ---+ ---    sssss ---+ ---
  office-notices                       sssss ---+ ---    sssss ---+ ---
  office-words                         sssss ---+ ---    sssss ---+ ---
  audit                                sssss ---+ ---    x
# a letter to its bearer, who has no account yet; whoever is signed in has one
  invitation                           +                 +++++ rrrr rrr
  demo-enter                           +                 x
  demo-enter: deactivated              -                 x

# allauth's own pages: an account has them for itself, whatever its roles; what they change in the
# session alone, such as signing out, and the second factor: tests/config/test_allauth.py
  account_login                        +++++ rrrr rrr    +++++ rrrr rrr
  account_logout                       rrrrr ++++ +++    r
  account_inactive                     +                 x
  account_signup                       +++++ rrrr rrr    r
  account_reauthenticate               sssss ++++ +++    sssss rrrr rrr
  account_email                        sssss ++++ +++    sssss ++++ +++
  account_email_verification_sent      +                 x
  account_change_password              sssss ++++ +++    sssss ++++ +++
  account_set_password                 sssss rrrr rrr    sssss rrrr rrr
  account_reset_password               +                 +
  account_reset_password_done          +                 x
  account_reset_password_from_key      r                 r
  account_reset_password_from_key_done  +                x
  account_confirm_login_code           r                 r
  account_confirm_email                +                 +
  mfa_index                            sssss ++++ +++    sssss xxxx xxx
  mfa_authenticate                     r                 r
  mfa_reauthenticate                   sssss rrrr rrr    sssss rrrr rrr
  mfa_activate_totp                    rrrrr ++++ +++    r
# without a second factor there is nothing to remove or to see
  mfa_deactivate_totp                  sssss ---- ---    sssss ---- ---
  mfa_view_recovery_codes              sssss ---- ---    sssss xxxx xxx
  mfa_generate_recovery_codes          rrrrr ++++ +++    r
  mfa_download_recovery_codes          sssss ---- ---    sssss ---- ---
"""

COMMANDS = """
# over the live socket                 room              desk              screen
  enter                                n+nnn ++n+ nnn    nnnnn ++n+ nnn    nnnnn ++n+ nnn
  ask                                  n+nnn --n- nnn    nnnnn --n- nnn    nnnnn --n- nnn
  withdraw                             n+nnn --n- nnn    nnnnn --n- nnn    nnnnn --n- nnn
  change                               n+nnn --n- nnn    nnnnn --n- nnn    nnnnn --n- nnn
  hint                                 n+nnn --n- nnn    nnnnn --n- nnn    nnnnn --n- nnn
  vote                                 n+nnn --n- nnn    nnnnn --n- nnn    nnnnn --n- nnn
  unvote                               n+nnn --n- nnn    nnnnn --n- nnn    nnnnn --n- nnn
  show                                 n-nnn --n- nnn    nnnnn ++n- nnn    nnnnn --n- nnn
  hold                                 n-nnn --n- nnn    nnnnn ++n- nnn    nnnnn --n- nnn
  dismiss                              n-nnn --n- nnn    nnnnn ++n- nnn    nnnnn --n- nnn
  mark                                 n-nnn --n- nnn    nnnnn ++n- nnn    nnnnn --n- nnn
  floor                                n-nnn --n- nnn    nnnnn ++n- nnn    nnnnn --n- nnn
  voting                               n-nnn --n- nnn    nnnnn ++n- nnn    nnnnn --n- nnn
  topic                                n-nnn --n- nnn    nnnnn ++n- nnn    nnnnn --n- nnn
"""


@dataclass(frozen=True)
class Row:
    """Cells by method, or for a command by audience."""

    label: str
    cells: dict[str, dict[str, str]]

    @property
    def name(self) -> str:
        return self.label.partition(":")[0]


def addresses() -> list[Row]:
    return _rows(
        ADDRESSES
        + access_answers.ROWS
        + access_stage.ROWS
        + access_desk.MATRIX
        + access_channels.ROWS
        + access_acceptance.ROWS
        + access_archive.ROWS
        + access_clearance.ROWS
        + access_editor.ROWS
        + access_outputs.ROWS
        + access_wording.ROWS
        + access_forwarding.ROWS
        + access_figures.ROWS
        + access_floor.ROWS
        + access_memory.ROWS
        + access_polls.ROWS
        + access_promises.ROWS
        + access_gate.ROWS
        + access_integration.ROWS
        + access_question.ROWS
        + access_uploads.ROWS
        + access_wishes.ROWS,
        ("GET", "POST"),
    )


def commands() -> list[Row]:
    return _rows(
        COMMANDS
        + access_stage.SOCKET
        + access_desk.SOCKET
        + access_polls.COMMAND_ROWS
        + access_wishes.COMMAND_ROWS,
        ("room", "desk", "screen"),
    )


def _rows(table: str, columns: tuple[str, ...]) -> list[Row]:
    lines = (line.strip() for line in table.splitlines() if line and not line.startswith("#"))
    split = [re.split(r" {2,}", line) for line in lines]
    return [
        Row(label, dict(zip(columns, map(_by_visitor, cells), strict=True)))
        for label, *cells in split
    ]


def _by_visitor(cells: str) -> dict[str, str]:
    signs = cells.replace(" ", "")
    return dict(zip(VISITORS, signs * len(VISITORS) if len(signs) == 1 else signs, strict=True))
