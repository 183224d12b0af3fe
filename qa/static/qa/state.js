// What a client knows of a floor. Pure: a state and a message give the next state.

export function initial() {
  return { epoch: null, number: null, engagement: null, floor: null, questions: new Map(), own: new Map() };
}

/** The state after what the server said on entering or resuming. */
export function resumed(state, { news, own }) {
  const next = take(state, news);
  if (!own) return next;
  return { ...next, own: new Map(own.map((question) => [question.number, question])) };
}

/** The state after one message. A frame that was had already changes nothing. */
export function take(state, message) {
  switch (message.type) {
    case "snapshot":
      return {
        ...state,
        epoch: message.epoch,
        number: message.number,
        engagement: message.engagement,
        floor: message.floor,
        questions: new Map(message.questions.map((question) => [question.number, question])),
      };
    case "events":
      if (message.number <= state.number) return state;
      return { ...message.events.reduce(event, state), number: message.number };
    case "own-question":
      return { ...state, own: new Map(state.own).set(message.question.number, message.question) };
    default:
      return state;
  }
}

/** A frame that starts after our number tells of a loss: ask for what is missing. */
export function hasGap(state, message) {
  return message.type === "events" && message.after > state.number;
}

function event(state, change) {
  const questions = new Map(state.questions);
  switch (change.type) {
    case "question":
      return { ...state, questions: questions.set(change.question.number, change.question) };
    case "question-gone":
      questions.delete(change.number);
      return { ...state, questions };
    case "floor":
      return { ...state, floor: change.state };
    case "engagement":
      return { ...state, engagement: change.state };
    default:
      return state;
  }
}
