// The sound of a player: the page's own audio element, which the player's buttons stand for.

const VOLUME = "unrolled_volume"

// The browser's own buttons would be a second player beside ours: they are not shown.
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

// Two pieces never sound at once: the one that begins ends the others.
function playAlone(find) {
  const begins = ({ target }) => {
    const own = find()
    if (!own || !target.matches?.("audio")) return
    if (target !== own) own.pause()
    else for (const other of document.querySelectorAll("audio")) if (other !== own) other.pause()
  }
  document.addEventListener("play", begins, true)
  return () => {
    document.removeEventListener("play", begins, true)
    for (const audio of hidden) audio.style.display = "" // it may stay for a part without a player
    hidden.clear()
  }
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
