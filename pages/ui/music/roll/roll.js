// The piano roll: it follows the page's audio element, and seeks in it. If it is editable,
// bars are marked below the notes, and notes of the melody are dragged.
import { chip, element, iconButton, mount, onResize, speedSelect } from "../../components/dom.js"
import { BELOW, RULER, drawNotes, drawPitches, planOf } from "./draw.js"
import { buildWriting } from "./writing.js"
import { makeSoundPlayer, soundOf, volumeSlider } from "../sound.js"

const AHEAD = 0.15 // share of the visible roll left of the playhead after a page turn
const SPEEDS = [0.5, 0.75, 1, 1.25, 1.5]

// A note by the names of its values, which core/music/playing/piano_roll.py lists.
const named = ([start, length, pitch, name, own, copied, origin]) =>
  ({ start, length, pitch, name, own, copied, origin })

function buildRoll(root, parts, send, keep) {
  const { bar, pitches, scroll, notes: svg, head, legend, readout } = parts
  let data, plan, writing, shapes = [], lit = new Set(), drawn = "", loop = false, speed = 1

  const sound = () => data && soundOf(data.sound)
  const player = makeSoundPlayer(root, bar, sound, place, keys, () => prepare())
  const again = iconButton(bar, "loop", "Play again and again", () => {
    loop = !loop
    prepare()
  })
  const speeds = speedSelect(SPEEDS, (factor) => {
    speed = factor
    prepare()
  })
  const clock = element("span", "clock")
  bar.append(speeds, volumeSlider(), clock)

  function prepare() {
    again.made.setAttribute("aria-pressed", loop)
    again.made.hidden = !data.loops
    const audio = sound()
    if (!audio) return
    audio.loop = loop
    audio.defaultPlaybackRate = audio.playbackRate = speed
  }

  const seek = (time) => player.seek(Math.min(data.notes.seconds, time))

  function update(next) {
    data = { ...next, notes: { ...next.notes, notes: next.notes.notes.map(named) } }
    prepare()
    writing.read(data)
    draw()
    writing.draw()
  }

  function draw() {
    const width = scroll.clientWidth
    const state = JSON.stringify([data, width])
    if (!width || state === drawn) return
    drawn = state
    plan = planOf(data.notes, width, data.writing ? RULER : BELOW)
    drawPitches(pitches, plan)
    shapes = drawNotes(svg, plan, data.notes, data.given)
    lit = new Set()
    svg.ariaLabel = data.alt
    head.style.height = `${plan.floor}px`
    describe()
    player.show()
  }

  function describe() {
    const entry = (colour, text, kind) => element("span", "", chip(colour, kind), text)
    const origins = data.notes.legend.map(([kind, words]) => entry(data.colours.melody, `Melody: ${words}`, kind))
    const entries = origins.length ? origins : [entry(data.colours.melody, "Melody")]
    if (data.notes.notes.some(({ own }) => !own)) entries.push(entry(data.colours.other, "Accompaniment, by rule"))
    if (data.copied) entries.push(entry(data.colours.copied, data.copied))
    if (data.given) entries.push(entry("var(--st-yellow-color)", "Tinted: the primer, which it only read"))
    legend.replaceChildren(...entries)
    for (const name in data.colours) root.style.setProperty(`--${name}`, data.colours[name])
    read("")
  }

  // Move the playhead, and highlight the notes that sound.
  function place(now) {
    if (!plan) return
    const time = Math.min(now, data.notes.seconds), playing = player.isPlaying()
    const x = plan.x(time)
    head.style.transform = `translateX(${x}px)`
    if (playing && (x < scroll.scrollLeft || x > scroll.scrollLeft + scroll.clientWidth - 8))
      scroll.scrollLeft = x - AHEAD * scroll.clientWidth
    light(playing ? time : -1)
    clock.textContent = `${minutes(time)} / ${minutes(data.notes.seconds)} · ${barAt(time)}`
    root.dataset.time = time.toFixed(3)
  }

  function light(time) {
    const now = new Set()
    data.notes.notes.forEach(({ start, length }, i) => {
      if (start <= time && time < start + length) now.add(i)
    })
    for (const i of lit) if (!now.has(i)) shapes[i].classList.remove("now")
    for (const i of now) if (!lit.has(i)) shapes[i].classList.add("now")
    lit = now
  }

  const minutes = (time) => `${Math.floor(time / 60)}:${String(Math.floor(time % 60)).padStart(2, "0")}`

  function barAt(time) {
    const { bars, numbers } = data.notes
    const place = Math.max(0, bars.findLastIndex((start) => start <= time + 1e-6))
    return numbers[place] ? `bar ${numbers[place]}` : "pickup"
  }

  function read(text) {
    readout.textContent = text ||
      "Click to go there; space plays and pauses, left and right move by a bar. Point at a note to read its name." +
      (data.writing ? " Drag a note of the melody to move it; up and down move the one that was clicked." : "")
  }

  // Go to a bar and read the melody in it.
  function readBar(start) {
    seek(start)
    const { bars, chords, notes } = data.notes
    const end = bars.find((next) => next > start + 1e-6) ?? Infinity
    const within = (time) => time > start - 1e-6 && time < end - 1e-6
    const melody = notes.filter((note) => note.own && within(note.start)).map(({ name }) => name)
    const over = chords.filter(([begins]) => within(begins)).map(([, , name]) => name).join(", ")
    read(`${barAt(start)}${over && `, ${over}`}: ${melody.join(", ") || "no note begins"}`)
  }

  svg.onpointermove = svg.onpointerdown = (event) => {
    if (writing.drag(event)) return
    const time = timeOf(event)
    const chord = data.notes.chords.find(([start, length]) => start <= time && time < start + length)
    const over = chord ? ` over ${chord[2]}` : ""
    const note = data.notes.notes[event.target.dataset.note]
    if (!note) return read(chord ? `${barAt(time)}, ${chord[2]}` : "")
    const { start, length, name, own, copied, origin } = note
    const from = data.notes.legend.find(([kind]) => kind === origin)
    const part = own ? `melody${from ? `, ${from[1]}` : ""}` : "accompaniment, by rule"
    const who = copied ? `${part}; ${data.copied}` : part
    read(`${name}${over}, ${barAt(start)}, ${start.toFixed(2)} s, lasts ${length.toFixed(2)} s: ${who}`)
  }
  svg.onpointerleave = () => read("")
  svg.onclick = (event) => {
    if (!writing.dropped()) seek(timeOf(event))
  }
  const timeOf = (event) => (event.clientX - svg.getBoundingClientRect().left) / plan.scale

  function keys() {
    const { bars, seconds } = data.notes, time = player.time()
    return {
      Home: () => seek(0),
      End: () => seek(seconds),
      ArrowRight: () => readBar(bars.find((start) => start > time + 0.01) ?? seconds),
      ArrowLeft: () => readBar(bars.findLast((start) => start < time - 0.3) ?? 0),
      ...(data.writing && { ArrowUp: () => writing.nudge(1), ArrowDown: () => writing.nudge(-1) }),
    }
  }

  writing = buildWriting({
    root, scroll, svg, send, keep, read, timeOf,
    now: () => ({ data, plan, shapes, time: player.time() }),
  })

  onResize(root, () => {
    if (!data) return
    draw()
    writing.draw()
  }, scroll)
  return update
}

export default mount(buildRoll)
