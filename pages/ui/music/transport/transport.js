// Loop, count-in and metronome of the page's own audio element, which it never replaces.
// While it loads another sound, a second element that has played along muted is heard.
import { mount, onEnd, textButton } from "../../components/dom.js"
import { audioOf, markedSpans, onAudio } from "../sound.js"
import { audioClock, beatsBetween, click, latencyOf } from "./clicks.js"

const TICK = 25 // milliseconds: polling interval of the audio's clock
const AHEAD = 0.15 // seconds by which clicks are scheduled ahead
const LATE = 0.06 // seconds after which a missed beat has no click
const SAME = 500 // milliseconds: timeout of another sound
const SHORTEST = 0.2 // seconds of a loop
const TOGETHER = 0.03 // seconds: largest drift of the second element
const CHOICES = "unrolled_transport", STARTED = "unrolled_started"
const TOGGLES = [
  ["loop", "Loop", "Play the marked bars again and again, or else the whole piece"],
  ["count", "Count-in", "A bar of clicks before it plays"],
  ["metronome", "Metronome", "Clicks on the beats, the first of a bar accented"],
]

function buildTransport(root, { bar, says }) {
  const on = JSON.parse(sessionStorage.getItem(CHOICES) ?? "{}")
  const buttons = {}
  let data, timer = 0, nextBeat = 0, pending = []
  let going = false // whether it has been started: a new take then plays at once
  let counting = null, allowed = false, start = null
  let spare = null, bridge = null // the second element: muted, and heard

  for (const [name, label, help] of TOGGLES) {
    buttons[name] = textButton(bar, name, label, help, () => {
      on[name] = !on[name]
      sessionStorage.setItem(CHOICES, JSON.stringify(on))
      if (on[name]) audioClock() // a browser lets it sound after a click only
      if (name === "count" && counting) begin()
      show()
      restart()
    }).made
  }

  const sound = () => audioOf(data.sound)

  function show() {
    for (const name in buttons) buttons[name].setAttribute("aria-pressed", Boolean(on[name]))
  }

  // The marked bars in seconds, or the whole piece without the reverb at its end.
  function span(audio) {
    const [from, to] = markedSpans.get(data.sound) ?? [0, 0]
    if (to - from > SHORTEST) return [from, to]
    return [0, Math.min(data.seconds, audio.duration || Infinity)]
  }

  function tick() {
    const audio = sound()
    if (!audio || audio.paused || audio.seeking) return
    if (on.loop) {
      const [from, to] = span(audio)
      root.dataset.span = `${from.toFixed(3)}-${to.toFixed(3)}`
      const left = (to - audio.currentTime) / audio.playbackRate
      if (left <= 0 || audio.currentTime < from - 0.05) return goTo(audio, from)
      if (left < (2 * TICK) / 1000) setTimeout(wrap, 1000 * left, audio)
    }
    if (on.metronome) clickAhead(audio)
  }

  // Jump back at the end of a loop, more precisely than by polling.
  function wrap(audio) {
    if (!on.loop || audio !== sound() || audio.paused || audio.seeking) return
    const [from, to] = span(audio)
    if (audio.currentTime >= to - 0.02) goTo(audio, from)
  }

  function goTo(audio, time) {
    audio.currentTime = time
    root.dataset.rounds = Number(root.dataset.rounds ?? 0) + 1
  }

  function clickAhead(audio) {
    const clock = audioClock(), now = audio.currentTime, rate = audio.playbackRate
    const end = on.loop ? span(audio)[1] : data.seconds
    const until = Math.min(end, now + AHEAD * rate)
    const due = beatsBetween(data.clicks, Math.max(nextBeat, now - LATE), until)
    for (const [time, accented] of due) {
      const at = clock.currentTime + (time - now) / rate - latencyOf(clock)
      pending.push(click(clock, Math.max(clock.currentTime, at), accented))
      root.dataset.clicks = Number(root.dataset.clicks ?? 0) + 1
      root.dataset.clicked = time.toFixed(3)
    }
    nextBeat = Math.max(nextBeat, until)
  }

  // Cancel scheduled clicks, after a stop or a seek.
  function restart() {
    for (const end of pending) end()
    pending = []
    nextBeat = -Infinity
  }

  function countIn(audio) {
    const clock = audioClock(), rate = audio.playbackRate
    const [from, to] = on.loop ? span(audio) : [0, Infinity]
    const at = audio.currentTime < from || audio.currentTime >= to ? from : audio.currentTime
    audio.pause()
    audio.currentTime = at
    const length = data.clicks.beat * data.clicks.beats
    const begins = clock.currentTime + 0.06
    const seconds = (time) => begins + (time - at + length) / rate
    const beats = beatsBetween(data.clicks, at - length, at)
    const ends = beats.map(([time, accented]) => click(clock, seconds(time), accented))
    const waits = beats.map(([time, , place]) =>
      setTimeout(() => (says.textContent = `Count-in: ${place + 1}`), 1000 * (seconds(time) - clock.currentTime)))
    waits.push(setTimeout(begin, 1000 * (seconds(at) - clock.currentTime + latencyOf(clock))))
    counting = { waits, ends }
    root.dataset.counted = beats.length
    root.dataset.counting = true
  }

  // Also cancels scheduled clicks.
  function stopCounting() {
    counting?.waits.forEach(clearTimeout)
    counting?.ends.forEach((end) => end())
    counting = null
    says.textContent = ""
    root.dataset.counting = false
  }

  // Play without a count-in.
  function begin() {
    stopCounting()
    const audio = sound()
    if (!audio) return
    allowed = audio.paused
    audio.play().catch(() => (going = allowed = false))
  }

  function onPlay(audio) {
    if (counting) {
      stopCounting() // play pressed again while it counts
      return audio.pause()
    }
    if (on.count && !allowed) return countIn(audio)
    allowed = false
    going = true
    restart()
    timer ||= setInterval(tick, TICK)
  }

  // Play the same in a second element, muted, as starting one takes a tenth of a second.
  function keepUp(audio) {
    if (!going) return
    if (spare?.src !== audio.currentSrc) {
      spare?.pause()
      spare = Object.assign(new Audio(audio.currentSrc), { muted: true })
    }
    spare.playbackRate = audio.playbackRate
    if (Math.abs(spare.currentTime - audio.currentTime) > TOGETHER) spare.currentTime = audio.currentTime
    if (spare.paused) spare.play().catch(() => {}) // then a new sound begins after a gap
  }

  // The element begins to load another sound.
  function onEmptied(audio) {
    if (!going || !spare) return
    endBridge()
    bridge = Object.assign(spare, { volume: audio.volume, muted: audio.muted })
    spare = null
  }

  function endBridge() {
    bridge?.pause()
    bridge = null
  }

  function onPlaying(audio) {
    endBridge()
    keepUp(audio)
  }

  function moved(audio) {
    restart()
    keepUp(audio)
  }

  function onPause() {
    endBridge()
    spare?.pause()
    going = false
    clearInterval(timer)
    timer = 0
    restart()
  }

  function onEnded(audio) {
    if (!on.loop) return onPause()
    goTo(audio, span(audio)[0])
    begin()
  }

  const reactions = {
    play: onPlay,
    playing: onPlaying,
    pause: onPause,
    emptied: onEmptied,
    ended: onEnded,
    loadedmetadata: (audio) => setTimeout(startOf, 0, audio), // Streamlit seeks to 0 first
    seeking: restart,
    seeked: moved,
    ratechange: moved,
  }
  onAudio(root, Object.keys(reactions), ({ type, target }) => {
    if (data && target === sound()) reactions[type](target)
  })

  // A requested take may have the same sound as before: then nothing is loaded.
  function startSame() {
    const audio = sound()
    if (start !== null && audio?.readyState) startOf(audio)
  }

  // A new sound plays at once if the one before did, or if playing was requested.
  function startOf(audio) {
    if (start !== null) {
      audio.currentTime = start
      start = null
    } else if (!going || !audio.paused) return
    begin()
  }

  function update(next) {
    const changed = JSON.stringify(data?.clicks) !== JSON.stringify(next.clicks)
    data = next
    if (changed) restart()
    const { id, at } = data.start ?? {}
    if (id && id !== sessionStorage.getItem(STARTED)) {
      sessionStorage.setItem(STARTED, id)
      start = at
      setTimeout(startSame, SAME)
    }
    show()
  }

  onEnd(root, () => {
    stopCounting()
    endBridge()
    spare?.pause()
    clearInterval(timer)
  })
  return update
}

export default mount(buildTransport)
