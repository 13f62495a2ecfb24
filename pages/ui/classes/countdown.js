// Minutes and seconds until a moment; they run here.
import { mount, onEnd } from "../components/dom.js"

function buildCountdown(text) {
  let end = 0, known
  const draw = () => {
    const seconds = Math.max(0, Math.ceil((end - performance.now()) / 1000))
    text.textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`
  }
  const timer = setInterval(draw, 250)
  onEnd(text, () => clearInterval(timer))
  return ({ left, until }) => {
    if (until !== known) end = performance.now() + 1000 * left
    known = until
    draw()
  }
}

export default mount(buildCountdown, "p")
