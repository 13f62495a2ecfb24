// A player of the page's own audio element: play, position and volume.

const VOLUME = "unrolled_volume"
const MEDIA = ["play", "playing", "pause", "ended", "seeked", "timeupdate", "loadedmetadata"]

// Hide the browser's own controls, which would be a second player.
const hidden = new Set()

function soundOf(key) {
  const audio = document.querySelector(`.st-key-${key} audio`)
  if (audio && !hidden.has(audio)) {
    hidden.add(audio)
    audio.style.display = "none"
    audio.volume = Number(sessionStorage.getItem(VOLUME) ?? 1)
  }
  return audio
}

// `find()` returns the audio element, which may be a new one after each run of the page.
// `place(time, moved)` draws where the sound is, at each frame while it plays; `loaded()`
// is called when the element has another sound.
function makeSoundPlayer(root, bar, find, place, loaded) {
  let waiting = 0
  const toggle = iconButton(bar, "play", "Play (space)", playOrPause)
  toggle.made.classList.add("main")

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

  function show(moved) {
    place(find()?.currentTime ?? 0, moved)
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
  for (const type of MEDIA) document.addEventListener(type, follow, true)

  return {
    playOrPause, seek, show, isPlaying,
    stop() {
      cancelAnimationFrame(waiting)
      for (const type of MEDIA) document.removeEventListener(type, follow, true)
      for (const audio of hidden) audio.style.display = "" // it may stay for a part without a player
      hidden.clear()
    },
  }
}

// Only one piece plays at a time: starting one pauses the others.
function playAlone(begun, own) {
  if (begun !== own) own.pause()
  else for (const other of document.querySelectorAll("audio")) if (other !== own) other.pause()
}

function volumeSlider() {
  const slider = Object.assign(element("input", "volume"), {
    type: "range", min: 0, max: 1, step: 0.05, value: sessionStorage.getItem(VOLUME) ?? 1, title: "Volume",
  })
  slider.setAttribute("aria-label", "Volume")
  slider.oninput = () => {
    sessionStorage.setItem(VOLUME, slider.value)
    for (const audio of document.querySelectorAll("audio")) audio.volume = slider.value
  }
  return slider
}
