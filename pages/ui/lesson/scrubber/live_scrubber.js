import { followAnswers } from "../../components/answers.js"
import { mount } from "../../components/dom.js"
import { buildScrubber } from "./scrubber.js"

const draw = mount(buildScrubber)

// Shows the latest epoch of a training, from the answers of the run's live part.
export default function (component) {
  const { data: url, parentElement } = component
  const root = parentElement.querySelector(".lesson")
  let end = () => {}
  root.hidden = true
  const leave = followAnswers(url, ({ blocks }) => {
    const found = blocks?.find(({ kind }) => kind === "snapshot")
    root.hidden = !found
    if (!found) return
    const bytes = Uint8Array.from(atob(found.base64), (letter) => letter.charCodeAt(0))
    end = draw({ ...component, data: bytes })
  })
  return () => {
    leave()
    end()
  }
}
