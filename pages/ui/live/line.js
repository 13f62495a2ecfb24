// Shows one line of the answers to a live part of the page.
import { followAnswers } from "../components/answers.js"

export default function ({ data: { url, name, text }, parentElement }) {
  const line = parentElement.querySelector("p")
  const leave = followAnswers(url, ({ blocks }) => {
    const block = blocks?.find(({ kind, key }) => kind === "line" && key === name)
    if (block) line.textContent = block.text
  })
  line.textContent = text // newer than the latest answer
  return leave
}
