// The answers of the live parts of the page, by address, for other components.
const answers = new Map(), followers = new Map()

export function publish(url, answer) {
  answers.set(url, answer)
  for (const show of followers.get(url) ?? []) show(answer)
}

// Call `show` with each answer of an address, the latest at once. Returns a function that unsubscribes.
export function followAnswers(url, show) {
  if (!followers.has(url)) followers.set(url, new Set())
  followers.get(url).add(show)
  if (answers.has(url)) show(answers.get(url))
  return () => followers.get(url).delete(show)
}
