// A player of the page's own audio element: play, position and volume.
import { element, iconButton, onEnd, onKeys } from "../components/dom.js"

// Bars that are marked, as seconds from and to, by the key of the sound: the roll writes them.
export const markedSpans = new Map()
export const BLACK = new Set([1, 3, 6, 8, 10]) // keys, counted from C
const VOLUME = "unrolled_volume"
const MEDIA = ["play", "playing", "pause", "ended", "seeked", "timeupdate", "loadedmetadata"]

/** The audio element in the container of a key. @returns {HTMLAudioElement | null} */
export const audioOf = (key) => document.querySelector(`.st-key-${key} audio`)

// Call `react` with the events of these types of all audio elements, as long as the view
// lasts. They do not bubble, so they are taken on their way down.
export function onAudio(root, types, react) {
  for (const type of types) document.addEventListener(type, react, true)
  onEnd(root, () => types.forEach((type) => document.removeEventListener(type, react, true)))
}

// Hide the browser's own controls, which would be a second player.
const hidden = new Set()

export function soundOf(key) {
  const audio = audioOf(key)
  if (audio && !hidden.has(audio)) {
    hidden.add(audio)
    audio.style.display = "none"
    audio.volume = Number(sessionStorage.getItem(VOLUME) ?? 1)
  }
  return audio
}

// `find()` returns the audio element, which may be a new one after each run of the page.
// `place(time, moved)` draws where the sound is, at each frame while it plays; `loaded()`
// is called when the element has another sound. Besides space there are keys by `keysOf()`.
export function makeSoundPlayer(root, bar, find, place, keysOf, loaded) {
  let waiting = 0
  const toggle = iconButton(bar, "play", "Play (space)", playOrPause)
  toggle.made.classList.add("main")
  iconButton(bar, "restart", "To the beginning (Home)", () => seek(0))

  root.tabIndex = 0
  onKeys(root, ({ target }) => !target.matches("select, input") && {
    ...(!target.matches("button") && { " ": playOrPause }),
    ...keysOf(),
  })

  function playOrPause() {
    const audio = find()
    if (audio?.paused) audio.play()
    else audio?.pause()
  }

  function seek(time) {
    const audio = find()
    if (audio) audio.currentTime = Math.max(0, time)
    show(true)
  }

  const time = () => find()?.currentTime ?? 0

  function show(moved) {
    place(time(), moved)
    if (root.dataset.playing === String(isPlaying())) return
    root.dataset.playing = isPlaying()
    toggle.face(...(isPlaying() ? ["pause", "Pause (space)"] : ["play", "Play (space)"]))
  }

  function isPlaying() {
    const audio = find()
    return Boolean(audio && !audio.paused && !audio.ended)
  }

  function tick() {
    show(false)
    waiting = isPlaying() ? requestAnimationFrame(tick) : 0
  }

  function follow({ type, target }) {
    const own = find()
    if (!own || !target.matches?.("audio")) return
    if (type === "play") playAlone(target, own)
    if (target !== own) return
    if (type === "loadedmetadata") loaded?.()
    if (!waiting) tick()
  }
  onAudio(root, MEDIA, follow)
  onEnd(root, () => {
    cancelAnimationFrame(waiting)
    for (const audio of hidden) audio.style.display = "" // it may stay for a part without a player
    hidden.clear()
  })

  return { seek, show, time, isPlaying }
}

// Only one piece plays at a time: starting one pauses the others.
function playAlone(begun, own) {
  if (begun !== own) own.pause()
  else for (const other of document.querySelectorAll("audio")) if (other !== own) other.pause()
}

export function volumeSlider() {
  const slider = element("input", {
    className: "volume", type: "range", min: 0, max: 1, step: 0.05,
    value: sessionStorage.getItem(VOLUME) ?? 1, title: "Volume", ariaLabel: "Volume",
  })
  slider.oninput = () => {
    sessionStorage.setItem(VOLUME, slider.value)
    for (const audio of document.querySelectorAll("audio")) audio.volume = slider.value
  }
  return slider
}
