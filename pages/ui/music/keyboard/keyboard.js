// A keyboard: on the screen, on the computer's keys, or by Web MIDI. It sounds, and records.
import { ICONS, element, mount, onEnd, onResize, select, textButton } from "../../components/dom.js"
import { BLACK, audioOf, onAudio } from "../sound.js"
import { audioClock, beatsBetween, click, latencyOf } from "../transport/clicks.js"

const CODES = [ // the computer's keys, by their place: the upper row is the black keys
  "KeyA", "KeyW", "KeyS", "KeyE", "KeyD", "KeyF", "KeyT", "KeyG", "KeyY", "KeyH", "KeyU",
  "KeyJ", "KeyK", "KeyO", "KeyL", "KeyP", "Semicolon", "Quote",
]
const VELOCITY = 90 // of keys that do not measure it
const LOWEST = 24, HIGHEST = 96 // limits of the first C on the screen
const WHITE = 26 // pixels of a white key, at least
const BARS = [1, 2, 3, 4] // choices of the length of a recording
const EARLY = 0.5 // quarter notes before a recording in which a note counts
const NOTE_ON = 0x90, NOTE_OFF = 0x80

function buildKeyboard(root, { bar: toolbar, piano, beat: counter, status }, trigger) {
  const held = new Map() // pitch -> start time, velocity, and function that ends the tone
  const byCode = new Map(), byPointer = new Map()
  let data, low = 60, keys = new Map(), octaves = 0, take = null, access = null

  const record = textButton(toolbar, "record", "Record", "A bar of clicks, then your bars", () => (take ? cancel() : begin()))
  record.made.classList.add("main")
  const bars = select("Bars to record", BARS, 2, (count) => `${count} bar${count > 1 ? "s" : ""}`)
  toolbar.append(bars)
  const down = textButton(toolbar, "", "Octave −", "An octave lower (Z)", () => shift(-12))
  const up = textButton(toolbar, "", "Octave +", "An octave higher (X)", () => shift(12))
  const midi = textButton(toolbar, "", "Use a MIDI keyboard", "Asks the browser for the keyboards that are connected", connect)

  // ---- tones

  function on(pitch, velocity, time) {
    if (!(pitch >= 0 && pitch <= 127)) return
    off(pitch, time)
    held.set(pitch, { time, velocity, stop: tone(pitch, velocity) })
    keys.get(pitch)?.classList.add("down")
    root.dataset.sounding = [...held.keys()].join(" ")
  }

  function off(pitch, time) {
    const note = held.get(pitch)
    if (!note) return
    note.stop()
    held.delete(pitch)
    keys.get(pitch)?.classList.remove("down")
    root.dataset.sounding = [...held.keys()].join(" ")
    if (take) take.played.push([note.time, time, pitch, note.velocity])
  }

  function silence() {
    const now = performance.now()
    for (const pitch of [...held.keys()]) off(pitch, now)
    byCode.clear()
    byPointer.clear()
  }

  function tone(pitch, velocity) {
    const clock = audioClock(), now = clock.currentTime
    const wave = new OscillatorNode(clock, { type: "triangle", frequency: 440 * 2 ** ((pitch - 69) / 12) })
    const level = new GainNode(clock, { gain: 0 })
    level.gain.linearRampToValueAtTime(0.3 * (velocity / 127), now + 0.005)
    level.gain.setTargetAtTime(0.08 * (velocity / 127), now + 0.005, 0.3)
    wave.connect(level).connect(clock.destination)
    wave.start()
    return () => {
      level.gain.cancelScheduledValues(clock.currentTime)
      level.gain.setTargetAtTime(0, clock.currentTime, 0.04)
      wave.stop(clock.currentTime + 0.4)
    }
  }

  // ---- the keys on the screen, and the computer's

  function draw() {
    const width = root.clientWidth
    if (!width) return
    octaves = width >= 15 * WHITE ? 2 : 1
    const whites = 7 * octaves + 1
    keys = new Map()
    piano.replaceChildren()
    let left = 0
    for (let pitch = low; pitch <= low + 12 * octaves; pitch++) {
      const black = BLACK.has(pitch % 12)
      const [from, wide] = black ? [left - 0.3, 0.6] : [left, 1] // in white keys
      const style = `--left: ${(100 * from) / whites}%; --wide: ${(100 * wide) / whites}%`
      const made = element("i", { className: black ? "black" : "white", style })
      made.dataset.pitch = pitch
      if (pitch % 12 === 0) made.textContent = `C${pitch / 12 - 1}`
      if (!black) left++
      if (held.has(pitch)) made.classList.add("down")
      piano.append(made)
      keys.set(pitch, made)
    }
    piano.ariaLabel = `Piano from C${low / 12 - 1} to C${(low + 12 * octaves) / 12 - 1}`
    down.made.disabled = low <= LOWEST
    up.made.disabled = low >= HIGHEST
    root.dataset.low = low
  }

  function shift(semitones) {
    low = Math.max(LOWEST, Math.min(HIGHEST, low + semitones))
    draw()
  }

  const pitchAt = (event) => {
    const key = root.getRootNode().elementFromPoint(event.clientX, event.clientY)
    return key?.dataset?.pitch ? Number(key.dataset.pitch) : undefined
  }
  piano.onpointerdown = (event) => {
    event.preventDefault()
    root.focus({ preventScroll: true })
    piano.setPointerCapture(event.pointerId)
    slide(event)
  }
  piano.onpointermove = (event) => event.buttons && slide(event)
  piano.onpointerup = piano.onpointercancel = (event) => leave(event)

  function slide(event) {
    const pitch = pitchAt(event), before = byPointer.get(event.pointerId)
    if (pitch === before) return
    leave(event)
    if (pitch === undefined) return
    byPointer.set(event.pointerId, pitch)
    on(pitch, VELOCITY, event.timeStamp)
  }

  function leave(event) {
    const pitch = byPointer.get(event.pointerId)
    byPointer.delete(event.pointerId)
    if (pitch !== undefined) off(pitch, event.timeStamp)
  }

  root.tabIndex = 0
  root.onkeydown = (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.target.matches("select")) return
    // Other letters must not trigger shortcuts of the page.
    if (/^(Key.|Semicolon|Quote)$/.test(event.code)) event.stopPropagation()
    const place = CODES.indexOf(event.code)
    if (event.code === "Escape" && take) cancel()
    if (event.repeat) return
    if (event.code === "KeyZ") shift(-12)
    if (event.code === "KeyX") shift(12)
    if (place < 0) return
    event.preventDefault()
    if (byCode.has(event.code)) return
    byCode.set(event.code, low + place)
    on(low + place, VELOCITY, event.timeStamp)
  }
  root.onkeyup = (event) => {
    const pitch = byCode.get(event.code)
    byCode.delete(event.code)
    if (pitch !== undefined) off(pitch, event.timeStamp)
  }
  root.addEventListener("focusout", (event) => {
    if (root.contains(event.relatedTarget)) return
    for (const pitch of byCode.values()) off(pitch, event.timeStamp)
    byCode.clear()
  })

  // ---- Web MIDI

  async function connect() {
    if (!isSecureContext) return say("A MIDI keyboard needs an address that begins with https.")
    if (!navigator.requestMIDIAccess)
      return say("This browser has no Web MIDI. Chrome, Edge and Firefox have it; the computer's keys work here.")
    try {
      access = await navigator.requestMIDIAccess()
    } catch {
      return say("The browser refused the access to MIDI. Allow it in the settings of this site, and press again.")
    }
    access.onstatechange = listInputs
    listInputs()
  }

  function listInputs() {
    const inputs = [...access.inputs.values()].filter((input) => input.state !== "disconnected")
    for (const input of inputs) input.onmidimessage = onMidi
    const names = inputs.map((input) => input.name || "a keyboard without a name")
    midi.made.setAttribute("aria-pressed", inputs.length > 0)
    say(
      names.length
        ? `MIDI: listening to ${names.join(", ")}.`
        : "No MIDI keyboard is connected. Connect one: it is found at once.",
    )
  }

  function onMidi({ data: [message, pitch, velocity], timeStamp }) {
    const kind = message & 0xf0, time = timeStamp || performance.now()
    if (kind === NOTE_ON && velocity) on(pitch, velocity, time)
    else if (kind === NOTE_OFF || kind === NOTE_ON) off(pitch, time)
  }

  // ---- recording

  // When a time of the audio clock is heard, in milliseconds as in `event.timeStamp`.
  function heardAt(clock, time) {
    const { contextTime, performanceTime } = clock.getOutputTimestamp?.() ?? {}
    const now = performance.now()
    if (contextTime && Math.abs(performanceTime - now) < 1000)
      return performanceTime + 1000 * (time - contextTime)
    return now + 1000 * (time - clock.currentTime + latencyOf(clock))
  }

  async function begin() {
    const clock = audioClock()
    root.focus({ preventScroll: true })
    audioOf(data.sound)?.pause()
    await clock.resume()
    silence()
    const count = Number(bars.value), { beat, beats } = data.clicks
    const bar = beat * beats, starts = clock.currentTime + 0.15 + bar // seconds
    const cancels = beatsBetween({ first: 0, beat, beats }, -bar, count * bar).map(([time, accented]) =>
      click(clock, starts + time, accented))
    take = { count, bar, clock, starts, cancels, played: [], shown: "" }
    take.timer = setInterval(tick, 30)
    record.made.querySelector("path").setAttribute("d", ICONS.stop)
    record.text.textContent = "Cancel"
    bars.disabled = true
    tick()
  }

  function tick() {
    const { clock, starts, bar, count } = take
    const time = clock.currentTime - latencyOf(clock) - starts
    if (time >= count * bar + 0.05) return finish()
    const number = Math.floor(time / bar)
    const beat = Math.floor((time - number * bar) / data.clicks.beat) + 1
    counter.textContent = Math.max(1, beat)
    root.dataset.recording = number < 0 ? "counting" : "recording"
    const over = data.chords[number] ? `, over ${data.chords[number]}` : ""
    const text = number < 0 ? "Count-in: play after this bar" : `Recording bar ${number + 1} of ${count}${over}`
    if (text !== take.shown) say((take.shown = text))
  }

  function finish() {
    const { clock, starts, bar, count, played } = take
    const first = heardAt(clock, starts), quarter = (1000 * bar) / data.quarters
    for (const [pitch, { time, velocity }] of held) played.push([time, first + 1000 * bar * count, pitch, velocity])
    const notes = played
      .map(([from, to, pitch, velocity]) => [(from - first) / quarter, Math.max(0.01, (to - from) / quarter), pitch, velocity])
      .filter(([start]) => start >= -EARLY && start < data.quarters * count)
      .map(([start, length, ...rest]) => [Number(start.toFixed(4)), Number(length.toFixed(4)), ...rest])
    end()
    say(notes.length ? `Recorded ${notes.length} note${notes.length > 1 ? "s" : ""}.` : "Nothing was played.")
    root.dataset.recorded = Number(root.dataset.recorded ?? 0) + 1
    trigger("played", { bars: count, notes })
  }

  function end() {
    clearInterval(take.timer)
    for (const cancelClick of take.cancels) cancelClick()
    take = null
    counter.textContent = ""
    bars.disabled = false
    record.made.querySelector("path").setAttribute("d", ICONS.record)
    record.text.textContent = "Record"
    root.dataset.recording = ""
  }

  function cancel() {
    end()
    say("Cancelled: nothing was recorded.")
  }

  function say(text) {
    status.textContent = text
  }

  // After the network's answer, announce the player's turn.
  onAudio(root, ["ended"], ({ target }) => {
    if (data?.turn && !take && target === audioOf(data.sound)) say(data.turn)
  })

  function update(next) {
    const before = data
    data = next
    if (take && JSON.stringify(before.clicks) !== JSON.stringify(next.clicks)) cancel()
    if (!before) say("Click here, then play with the keys A to ’ of your computer; Z and X change the octave.")
    draw()
  }

  onResize(root, () => data && draw())
  onEnd(root, () => {
    if (take) end()
    silence()
    for (const input of access?.inputs.values() ?? []) input.onmidimessage = null
  })
  return update
}

export default mount(buildKeyboard)
