"""What columns and tables are called, in the languages that platforms write them in."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

from engagements.files.attendance.document import (
    ATTENDEES,
    HOSTS,
    OTHERS,
    PANELISTS,
    VISITS,
)

NAME, FIRST_NAME, LAST_NAME = "name", "first_name", "last_name"
EMAIL, PHONE, ID = "email", "phone", "id"
JOINED, LEFT, DURATION = "joined", "left", "duration"
ATTENDED, ROLE, CATEGORY = "attended", "role", "category"
ACTION, MOMENT = "action", "moment"
MEANINGS: Final = (
    NAME, FIRST_NAME, LAST_NAME, EMAIL, PHONE, ID, JOINED, LEFT, DURATION, ATTENDED, ROLE,
    CATEGORY, ACTION, MOMENT,
)  # fmt: skip
IDENTIFYING: Final = frozenset({NAME, FIRST_NAME, LAST_NAME, EMAIL, PHONE, ID})

_HEADINGS: Final = {
    NAME: """
        name; full name; user name; username; display name; attendee; attendee name; participant;
        participant name; session name; fullname; user name (original name); name (original name);
        nombre; nombre completo; nombre de usuario; nombre de usuario (nombre original);
        nombre (nombre original); participante; asistente;
        vollstandiger name; benutzername; benutzername (originalname); name (originalname);
        teilnehmer; teilnehmername;
        nom; nom complet; nom d utilisateur; nom d utilisateur (nom d origine); nom (nom d origine);
        nome; nome completo; nome de usuario; nome do usuario; nome de utilizador; utilizador;
        nome de usuario (nome original); nome do usuario (nome original); nome (nome original)
    """,
    FIRST_NAME: """
        first name; given name; forename; nombre de pila; vorname; prenom; primeiro nome;
        nome proprio
    """,
    LAST_NAME: """
        last name; surname; family name; apellido; apellidos; nachname; familienname; nom de
        famille;
        sobrenome; apelido; ultimo nome
    """,
    EMAIL: """
        email; e mail; email address; e mail address; mail; user email; login; participantid;
        correo; correo electronico; direccion de correo electronico; direccion de correo; e
        mail adresse;
        mailadresse; mail adresse; adresse e mail; adresse de messagerie; courriel; courrier
        electronique;
        adresse electronique; endereco de e mail; endereco de email; correio eletronico;
        endereco de correio eletronico; participant id (upn); id de participante (upn);
        teilnehmer id (upn); id du participant (upn); id do participante (upn)
    """,
    PHONE: """
        phone; phone number; telephone; telefono; numero de telefono; telefon;
        telefonnummer; rufnummer;
        numero de telephone; telefone; numero de telefone; telemovel
    """,
    ID: """
        sessionid; session id; participant id; principal id; user id; registrant id; id de
        participante;
        teilnehmer id; id du participant; id do participante
    """,
    JOINED: """
        join time; joined; joined at; time joined; first join; date created; start time; join;
        hora de entrada; hora de ingreso; hora de union; se unio; primera union; primer ingreso;
        primera entrada; hora en que se unio; hora de incorporacion;
        beitrittszeit; beitrittszeitpunkt; erster beitritt; beigetreten; erste teilnahme; betreten;
        heure d arrivee; heure d entree; heure de connexion; premiere participation;
        premiere connexion;
        premiere arrivee; heure a laquelle la personne a rejoint;
        hora de entrada; horario de entrada; primeira entrada; primeiro ingresso; ingresso;
        hora de ingresso; primeira adesao; hora de adesao
    """,
    LEFT: """
        leave time; left; left at; time left; last leave; date end; end time; exit time; leave;
        hora de salida; hora de abandono; ultima salida; salio; ultimo abandono;
        austrittszeit; verlassen; zuletzt verlassen; letzter austritt; letztes verlassen; austritt;
        zeitpunkt des verlassens; verlassenszeit;
        heure de depart; heure de sortie; heure de deconnexion; dernier depart; derniere sortie;
        horario de saida; hora de saida; ultima saida; saida
    """,
    DURATION: """
        duration; time in session (minutes); time in session; duration (minutes); minutes;
        in meeting duration; in session duration; in session duration (minutes);
        total duration (minutes); attendance duration; meeting duration; time in webinar; length;
        duracion; duracion en la reunion; tiempo en la sesion (minutos); tiempo en sesion (minutos);
        duracion (minutos); minutos; duracion de la participacion;
        dauer; dauer der teilnahme; besprechungsdauer; zeit in sitzung (minuten); dauer (minuten);
        teilnahmedauer; zeit in der sitzung (minuten); minuten; dauer in der besprechung;
        duree; duree de la reunion; duree de participation; temps en session (minutes);
        temps de session (minutes); duree (minutes); duree dans la reunion;
        duracao; duracao na reuniao; tempo na sessao (minutos); tempo em sessao (minutos);
        duracao (minutos); duracao da reuniao
    """,
    ATTENDED: """
        attended; present; attendance; asistio; asistencia; teilgenommen; anwesend; a participe;
        participe; present(e); participou; compareceu; presenca
    """,
    ROLE: "role; rol; rolle; fonction; funcao; papel; perfil",
    CATEGORY: """
        role category; category; which best describes you; i am a; stakeholder type;
        stakeholder group;
        categoria; kategorie; categorie; que le describe mejor; affiliation; audience
    """,
    ACTION: "action; accion; aktion; acao",
    MOMENT: """
        utceventtimestamp; event timestamp; timestamp; marca de tiempo; zeitstempel; horodatage
    """,
}

_TITLES: Final = {
    HOSTS: """
        host details; detalles del anfitrion; gastgeberdetails; host detaildaten; details de l hote;
        informations sur l hote; detalhes do anfitriao
    """,
    PANELISTS: """
        panelist details; panelists details; detalles del panelista; detalles de panelistas;
        detalles de los panelistas; podiumsteilnehmer details; details zu podiumsteilnehmern;
        diskussionsteilnehmer details; details des panelistes; details du paneliste;
        informations sur les panelistes; detalhes do painelista; detalhes dos painelistas;
        detalhes do participante do painel; staff details; organizer details; panelist;
        panelists
    """,
    ATTENDEES: """
        attendee details; detalles del asistente; detalles de asistentes;
        detalles de los asistentes; teilnehmerdetails; teilnehmer details; details zu teilnehmern;
        details du participant; details des participants; informations sur les participants;
        detalhes do participante; detalhes dos participantes; participants; participantes;
        teilnehmer; attendees; asistentes
    """,
    OTHERS: """
        other attended; otros asistentes; otros que asistieron; otros asistieron; andere teilnehmer;
        weitere teilnehmer; sonstige teilnehmer; andere teilgenommen; autres participants;
        autres personnes presentes; outros participantes; outros que compareceram; outros presentes
    """,
    VISITS: """
        in meeting activities; actividades en la reunion; actividades durante la reunion;
        aktivitaten in der besprechung; aktivitaten wahrend der besprechung;
        besprechungsaktivitaten;
        activites en reunion; activites pendant la reunion; activites dans la reunion;
        atividades na reuniao; atividades durante a reuniao; atividades da reuniao
    """,
}

_OF_THE_EVENT: Final = frozenset(
    "topic,webinar id,meeting id,webinar name,tema,thema,sujet,topico,id del seminario web,"
    "id de la reunion,webinar kennung,meeting kennung,id du webinaire,id do webinar".split(",")
)

_NOT_A_LETTER: Final = re.compile(r"[^\w()#@.+*]+")
_NUMBERED: Final = re.compile(r"(\d)\s*[.)]\s*(\S.*)")


@lru_cache(maxsize=16_384)
def plain(text: str) -> str:
    """Lower case, without accents, asterisks and hyphens: to compare headings by."""
    decomposed = unicodedata.normalize("NFKD", text.casefold().replace("ß", "ss"))
    letters = "".join(char for char in decomposed if not unicodedata.combining(char))
    return _NOT_A_LETTER.sub(" ", letters.replace("*", "")).strip(" .#_").replace("_", " ")


def meaning_of(heading: str) -> str:
    """What a column with this heading holds; "" if it tells nothing."""
    return _MEANING_BY_HEADING.get(plain(heading), "")


def kind_by_title(cell: str) -> str:
    """The kind of table that begins under a cell with this text; "" if it is no title."""
    return _KIND_BY_TITLE.get(plain(_without_number(cell)), "")


def numbered_section(cell: str) -> int:
    """The number before a title such as "2. Participants" or "2. Teilnehmer"; 0 for other texts."""
    found = _NUMBERED.fullmatch(cell.strip())
    return int(found[1]) if found and len(found[2]) < 60 else 0


def are_of_the_event(cells: list[str]) -> bool:
    """These head the figures of the whole webinar, not a list of people."""
    return any(plain(cell) in _OF_THE_EVENT for cell in cells)


def _without_number(cell: str) -> str:
    found = _NUMBERED.fullmatch(cell.strip())
    return found[2] if found else cell


def _turned(words: dict[str, str]) -> dict[str, str]:
    return {
        plain(name): key
        for key, names in words.items()
        for name in " ".join(names.split()).split(";")
    }


_MEANING_BY_HEADING: Final = _turned(_HEADINGS)
_KIND_BY_TITLE: Final = _turned(_TITLES)
