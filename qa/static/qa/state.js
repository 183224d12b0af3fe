// What a client knows of a floor. Pure: a state and a message give the next state.

const OVER = new Set(["ended", "archived", "cancelled"]);

/** @param {"room" | "desk" | "screen"} audience who is told */
export function initial(audience) {
  return {
    audience,
    epoch: null,
    number: null,
    mark: 0,
    engagement: null,
    floor: null,
    voting: null,
    attribution: "anonymous",
    secondsBetween: 0,
    topic: "",
    people: null,
    questions: new Map(),
    announcements: new Map(),
    polls: new Map(),
    pollResults: new Map(),
    survey: false,
    votes: new Map(),
    own: new Map(),
    ownVotes: new Set(),
    ownAnswers: new Map(),
    silence: null,
  };
}

/** From where the server goes on: what `enter` says that is known already. */
export function position({ epoch, number, mark }) {
  return epoch === null ? {} : { epoch, after: number, mark };
}

/** The state after the reply to `enter`. */
export function entered(state, { news, people, own }) {
  const next = { ...take(state, news), people };
  return own ? take(next, own) : next;
}

/** The state after one message. What was known already changes nothing. */
export function take(state, message) {
  return TAKERS[message.type]?.(state, message) ?? state;
}

/** Whether this message tells of a loss on the way: then enter again and ask for what is missing. */
export function hasGap(state, message) {
  if (state.epoch === null) return false;
  if (message.type === "events") return message.after > state.number;
  if (message.type === "beacon") return message.number > state.number;
  return message.type === "counts" && seesCounts(state) && message.after > state.mark;
}

/** Whether this audience is told how many people voted for a question. */
export function seesCounts({ audience, voting }) {
  return audience === "desk" ? voting === "public" || voting === "staff" : voting === "public";
}

/** Whether a vote is taken now. */
export function takesVotes({ floor, voting }) {
  return voting !== "off" && (floor === "open" || floor === "voting_only");
}

/** Whether the engagement is over, or does not take place: nothing is asked and nothing moves. */
export function isOver({ engagement }) {
  return OVER.has(engagement);
}

export function votesOf(state, number) {
  return state.votes.get(number) ?? 0;
}

/** What is known of a poll's answers: for good once it is closed, so far while it is open. */
export function resultsOf({ audience, pollResults }, poll) {
  if (poll.results) return poll.results;
  const known = poll.state === "open" ? pollResults.get(poll.number) : undefined;
  if (!known) return null;
  if (poll.shows_live || audience === "desk") return known;
  return audience === "screen" ? { ...known, counts: [], percents: [] } : null;
}

const TAKERS = {
  snapshot: (state, message) =>
    withoutHiddenCounts({
      ...state,
      epoch: message.epoch,
      number: message.number,
      mark: message.mark,
      engagement: message.engagement,
      floor: message.floor,
      voting: message.voting,
      ...manners(message),
      questions: numbered(message.questions),
      // A server that was not brought up to date yet tells of none.
      announcements: numbered(message.announcements ?? []),
      polls: numbered(message.polls ?? []),
      pollResults: new Map(),
      survey: message.survey ?? false,
      votes: counted(new Map(), message.votes),
    }),

  events(state, message) {
    if (state.epoch === null || message.number <= state.number) return state;
    const next = {
      ...state,
      number: message.number,
      questions: new Map(state.questions),
      announcements: new Map(state.announcements),
      polls: new Map(state.polls),
    };
    for (const change of message.events) EVENTS[change.type]?.(next, change);
    return withoutHiddenCounts(next);
  },

  counts(state, message) {
    if (!seesCounts(state) || message.mark <= state.mark) return state;
    return { ...state, mark: message.mark, votes: counted(state.votes, message.votes) };
  },

  presence: (state, { people }) => ({ ...state, people }),

  own: (state, { questions, votes, silenced, silence_reason: reason, poll_answers: answers }) => ({
    ...state,
    own: new Map(questions.map((question) => [question.number, question])),
    ownVotes: new Set(votes),
    ownAnswers: byNumber(answers),
    silence: silenced ? { reason } : null,
  }),

  "own-standing": (state, { silenced, reason }) => ({
    ...state,
    silence: silenced ? { reason } : null,
  }),

  // All open polls that this audience is told of; each message replaces the last.
  "poll-results": (state, { results }) => ({ ...state, pollResults: byNumber(results) }),

  "own-poll-answer": (state, { number, chosen }) => ({
    ...state,
    ownAnswers: new Map(state.ownAnswers).set(number, chosen),
  }),

  // A reply and news of the same question may overtake each other.
  "own-question"(state, { question }) {
    if (state.own.get(question.number)?.revision > question.revision) return state;
    return { ...state, own: new Map(state.own).set(question.number, question) };
  },

  "own-vote"(state, { number, voted }) {
    const ownVotes = new Set(state.ownVotes);
    if (voted) ownVotes.add(number);
    else ownVotes.delete(number);
    return { ...state, ownVotes };
  },
};

/** Each changes a state that is not handed out yet. */
const EVENTS = {
  question: (next, { question }) => next.questions.set(question.number, question),
  "question-gone": (next, { number }) => next.questions.delete(number),
  announcement: (next, { announcement }) =>
    next.announcements.set(announcement.number, announcement),
  "announcement-gone": (next, { number }) => next.announcements.delete(number),
  poll: (next, { poll }) => next.polls.set(poll.number, poll),
  "poll-gone": (next, { number }) => next.polls.delete(number),
  survey: (next, { is_open: isOpen }) => Object.assign(next, { survey: isOpen }),
  floor: (next, change) =>
    Object.assign(next, { floor: change.state, voting: change.voting, ...manners(change) }),
  engagement: (next, change) => Object.assign(next, { engagement: change.state }),
};

/** How questions are asked here: whether names are shown, how fast, and about which topic now. */
function manners({ attribution, seconds_between: secondsBetween, label: topic }) {
  return { attribution, secondsBetween, topic };
}

function numbered(things) {
  return new Map(things.map((thing) => [thing.number, thing]));
}

/** An object by numbers as a map; a server that was not brought up to date yet tells of none. */
function byNumber(things = {}) {
  return new Map(Object.entries(things).map(([number, thing]) => [Number(number), thing]));
}

function counted(known, told) {
  const votes = new Map(known);
  for (const [number, count] of Object.entries(told)) {
    if (count) votes.set(Number(number), count);
    else votes.delete(Number(number));
  }
  return votes;
}

/** Who may not see counts forgets those it had, and is told all of them should that change. */
function withoutHiddenCounts(state) {
  return seesCounts(state) ? state : { ...state, mark: 0, votes: new Map() };
}
