// Minutes and seconds until a moment; they run here.
import { mount } from "../components/dom.js"

function buildCountdown(text) {
  let end = 0, known
  const draw = () => {
    const seconds = Math.max(0, Math.ceil((end - performance.now()) / 1000))
    text.textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`
  }
  const timer = setInterval(draw, 250)
  return {
    update({ left, until }) {
      if (until !== known) end = performance.now() + 1000 * left
      known = until
      draw()
    },
    stop: () => clearInterval(timer),
  }
}

export default (component) => mount(component, buildCountdown, "p")
