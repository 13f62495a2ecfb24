// Buttons and keys to play, step and set the speed; the same for every animation.
import { calm, element, iconButton, onEnd, onKeys, speedSelect } from "./dom.js"

const CALM_RATE = 2 // most steps a second, with prefers-reduced-motion
const FAR = 10 // steps, by page up and page down

// `root` takes the keys, `bar` holds the buttons, `show(at)` draws a step.
// `name` and `label(at)` say what a step is; `rate` is how many are played a second.
// A `smooth` player interpolates between steps while it plays.
// `seen` is called each time the last step is reached.
/** @param {{ name?: string, rate?: number, smooth?: boolean, label?, seen? }} options */
export function makePlayer(root, bar, show, options = {}) {
  const { name = "Step", rate = 1, smooth = false, label, seen } = options
  let at = 0, count = 1, speed = 1, request = 0, from = 0, since = null
  const words = (step) => (label ? label(step) : `${step + 1} / ${count}`)
  const perSecond = () => speed * (calm.matches ? Math.min(rate, CALM_RATE) : rate)

  iconButton(bar, "restart", `To the first ${name.toLowerCase()} (Home)`, () => jump(0))
  iconButton(bar, "back", `One ${name.toLowerCase()} back (left arrow)`, () => jump(at - 1))
  const toggle = iconButton(bar, "play", "Play (space)", () => (request ? pause() : play()))
  toggle.made.classList.add("main")
  iconButton(bar, "next", `One ${name.toLowerCase()} on (right arrow)`, () => jump(at + 1))

  const slider = element("input", { className: "steps", type: "range", min: 0, ariaLabel: name })
  slider.oninput = () => jump(Number(slider.value))
  const counter = element("span", "counter")
  const speeds = speedSelect([0.5, 1, 2, 4], (factor) => {
    speed = factor
    if (request) play()
  })
  bar.append(slider, counter, speeds)

  function go(step) {
    at = Math.max(0, Math.min(count - 1, step))
    slider.value = Math.round(at)
    counter.textContent = words(Math.round(at))
    slider.setAttribute("aria-valuetext", counter.textContent)
    root.dataset.step = Math.round(at)
    show(at)
  }
  function resize(steps, step) {
    count = steps
    slider.max = steps - 1
    root.tabIndex = steps > 1 ? 0 : -1
    go(step)
  }
  function jump(step) {
    pause()
    go(Math.round(step))
    tellEnd()
  }
  function tellEnd() {
    if (count > 1 && at >= count - 1) seen?.()
  }
  function play() {
    cancelAnimationFrame(request)
    if (at >= count - 1) go(0)
    from = at
    since = null
    request = requestAnimationFrame(tick)
    toggle.face("pause", "Pause (space)")
    note(true)
  }
  // A screen reader is spared the steps of a playing animation.
  function note(playing) {
    root.dataset.playing = playing
    for (const each of root.querySelectorAll("[aria-live]")) each.ariaLive = playing ? "off" : "polite"
  }
  function tick(now) {
    since ??= now
    const next = from + ((now - since) / 1000) * perSecond()
    const step = smooth && !calm.matches ? next : Math.floor(next)
    if (step !== at) go(step)
    if (at < count - 1) request = requestAnimationFrame(tick)
    else {
      pause()
      tellEnd()
    }
  }
  function pause() {
    cancelAnimationFrame(request)
    request = 0
    toggle.face("play", "Play (space)")
    note(false)
  }

  onEnd(root, pause)
  onKeys(root, ({ target }) => count > 1 && !target.matches("input:not([type=range]), select") && {
    ArrowRight: () => jump(at + 1),
    ArrowLeft: () => jump(at - 1),
    Home: () => jump(0),
    End: () => jump(count - 1),
    ...(!target.matches("button, summary") && { " ": () => (request ? pause() : play()) }),
    ...(target === slider && { PageUp: () => jump(at + FAR), PageDown: () => jump(at - FAR) }),
  })

  return {
    // Set the number of steps, and go to one of them; `restart` also stops playing.
    resize, go, jump, play, pause,
    restart(steps, step) {
      pause()
      resize(steps, step)
    },
    get at() { return at; },
    get atEnd() { return at >= count - 1; },
  }
}
