// The answers of the live parts of the page, by address, for other components.
const live = (window.unrolledLive ??= { answers: new Map(), events: new EventTarget() });

function publish(url, answer) {
  live.answers.set(url, answer);
  live.events.dispatchEvent(new CustomEvent(url, { detail: answer }));
}

// Call `show` with each answer of an address, the latest at once. Returns a function that unsubscribes.
function followAnswers(url, show) {
  const heard = ({ detail }) => show(detail);
  live.events.addEventListener(url, heard);
  if (live.answers.has(url)) show(live.answers.get(url));
  return () => live.events.removeEventListener(url, heard);
}
