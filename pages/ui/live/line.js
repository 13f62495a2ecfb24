// Shows one line of the answers to a live part of the page.
import { followAnswers } from "../components/answers.js"

export default function ({ data: { url, name, text }, parentElement }) {
  const line = parentElement.querySelector("p")
  const leave = followAnswers(url, ({ lines }) => { line.textContent = lines?.[name] ?? line.textContent })
  line.textContent = text // newer than the latest answer
  return leave
}
