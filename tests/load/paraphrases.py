"""Made-up questions to measure likeness: the same in other words, and alike but not the same."""

from __future__ import annotations

from typing import Final

PARAPHRASES: Final = [
    (
        "How long does it take to get a work permit renewed?",
        "What is the current processing time for extending employment authorization?",
    ),
    (
        "Can I bring an interpreter to my interview?",
        "Is it allowed to have somebody translate for me when the officer talks with me?",
    ),
    (
        "Why can nobody at the contact center tell me where my case stands?",
        "When I call, the agents have no information about my application. How come?",
    ),
    (
        "Will the fee for citizenship go up this year?",
        "Are you planning to charge more for naturalization soon?",
    ),
    (
        "How do I tell you that I have moved?",
        "What is the right way to update my mailing address?",
    ),
    (
        "My green card was lost in the mail. What should I do?",
        "The post never delivered my permanent resident card; how can I get another?",
    ),
    (
        "Do you plan to open an office in our state?",
        "Will there be a location closer to us, so that we need not drive six hours?",
    ),
    (
        "Is there a way to speed up an application in an emergency?",
        "Who qualifies for expedited handling because of a family crisis?",
    ),
    (
        "Can lawyers check the status of all their clients in one place?",
        "Is a dashboard planned where attorneys see every case they represent?",
    ),
    (
        "Where will the recording of today's session be published?",
        "I have to leave early. Can I watch this webinar later somewhere?",
    ),
    (
        "Are fingerprints from an earlier application used again?",
        "Do I have to give my biometrics a second time?",
    ),
    (
        "Why does the online account keep logging me out?",
        "The website ends my session every few minutes; will that be fixed?",
    ),
    (
        "May a student with a pending request travel abroad?",
        "Can somebody at university leave the country while the petition is undecided?",
    ),
    (
        "What happens if I miss my appointment?",
        "How do I reschedule when I could not come on the date you gave me?",
    ),
    (
        "Will letters be sent in Spanish too?",
        "Are there plans to write notices in languages other than English?",
    ),
]
"""Pairs of which a moderator would want to see the one beside the other. A threshold was chosen
with these in sight."""

HELD_BACK: Final = [
    (
        "Why do hold times get so long on Monday mornings?",
        "At the start of the week I wait on the phone for an hour. What causes that?",
    ),
    (
        "Can a refugee apply for citizenship?",
        "Is naturalization open to people who came as refugees?",
    ),
    (
        "How can I correct my date of birth in your records?",
        "My birthday is wrong on the card that you sent; who fixes it?",
    ),
    (
        "Do you accept credit cards?",
        "Which ways are there to pay the filing fee?",
    ),
    (
        "Will there be a live chat with a real person?",
        "Can I write online with a human agent instead of the bot?",
    ),
    (
        "Can I withdraw an application that I have filed?",
        "How do I cancel a petition after sending it in?",
    ),
    (
        "What documents must I bring to the oath ceremony?",
        "Which papers are needed when I am sworn in as a citizen?",
    ),
    (
        "Are social security numbers given out together with work permits?",
        "When my employment card comes, do I also get an SSN?",
    ),
    (
        "Why do cases take longer in some field offices than in others?",
        "What explains the difference in processing times between locations?",
    ),
    (
        "Can my employer see the status of my petition?",
        "Does the company that sponsors me have access to my case online?",
    ),
    (
        "Does a minor need a parent at the biometrics appointment?",
        "Should I come along when my child is fingerprinted?",
    ),
    (
        "How many callers hang up before somebody answers?",
        "What share of calls is abandoned while people are on hold?",
    ),
    (
        "Is the civics test going to change?",
        "Will applicants for citizenship be asked new questions on history and government?",
    ),
    (
        "Can I apply on paper without an online account?",
        "Are mailed forms still taken from people who have no internet?",
    ),
    (
        "How are scams reported to you?",
        "Somebody pretended to be an officer and asked for money. Whom do I tell?",
    ),
]
"""The same, written after it was chosen and changed by nothing that was measured."""

DIFFERENT: Final = [
    (
        "Does the fee rise if I have already filed?",
        "Does the fee rise if I have not already filed?",
    ),
    (
        "How long does it take to renew a work permit?",
        "How much does it cost to renew a work permit?",
    ),
    (
        "Can a lawyer file for me online?",
        "Can a lawyer come to my interview?",
    ),
    (
        "Will the office in Tucson open on Saturdays?",
        "Will the office in Tucson take walk-ins?",
    ),
    (
        "When is the next webinar on student visas?",
        "When is the next webinar on asylum?",
    ),
    (
        "How do I become an interpreter for your office?",
        "How do I ask for an interpreter at your office?",
    ),
    (
        "Why was my request for a travel document denied?",
        "Why was my request for a travel document not answered?",
    ),
    (
        "Are fees waived for veterans?",
        "Are interviews waived for veterans?",
    ),
]
"""Pairs with much in common that ask something else."""
