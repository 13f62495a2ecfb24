// The code of a class, which a screen reader spells.
import { mount } from "../components/dom.js"

function buildCode(text) {
  return {
    update(code) {
      text.textContent = code
      text.role = "img"
      text.ariaLabel = `Code: ${[...code].join(" ")}`
    },
    stop() {},
  }
}

export default (component) => mount(component, buildCode, "p")
