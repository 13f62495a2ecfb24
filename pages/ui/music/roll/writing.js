// Writing on the roll: bars that are marked on a ruler, and notes that are dragged.
import { element, onEnd, onKeys } from "../../components/dom.js"
import { markedSpans } from "../sound.js"
import { TOP } from "./draw.js"

const PATIENCE = 350 // milliseconds after the last key until the server is notified
const STILL = 4 // pixels that a click may move
const EDGE = 28 // pixels from the edge of the roll where marking scrolls it

// `now()` returns the roll's data, plan, shapes and time, `timeOf(event)` the time that is
// pointed at; `send` and `keep` notify the server.
export function buildWriting({ root, scroll, svg, send, keep, read, timeOf, now }) {
  const slider = { className: "ruler", role: "slider", ariaLabel: "Marked bars", tabIndex: 0 }
  const shades = element("div", "shades"), ruler = element("div", slider)
  scroll.append(shades, ruler)
  // Indices of bars: where marking began, and where it ends now.
  let marks = null, sent = "", anchor = 0, marking = false, waiting = 0
  let selected = null, dragged = null, wasDragged = false
  let moving = 0, pendingMove = null // a move by keys, not sent yet

  const bars = () => now().data.notes.bars
  const number = (place) => now().data.notes.numbers[place]
  const placeAt = (time) => Math.max(0, bars().findLastIndex((start) => start <= time + 1e-6))
  const endOf = (place) => bars()[place + 1] ?? now().data.notes.seconds
  const name = (place) => (number(place) ? `bar ${number(place)}` : "the pickup")

  // Marks from the server replace those here, unless the server repeats itself.
  function readData(data) {
    root.classList.toggle("written", Boolean(data.writing))
    ruler.hidden = shades.hidden = !data.writing
    if (!data.writing) return
    const { marked } = data.writing, { numbers } = data.notes
    if (JSON.stringify(marked) !== sent) {
      sent = JSON.stringify(marked)
      marks = marked && [numbers.indexOf(marked[0]), numbers.indexOf(marked[1])]
      anchor = marks ? marks[0] : 0
    }
    if (marks && !marks.every((place) => place >= 0 && place < numbers.length)) marks = null
    if (selected !== null && selected >= melody().length) selected = null
  }

  const melody = () => now().data.notes.notes.flatMap(({ own }, i) => (own ? [i] : []))

  function draw() {
    const { data, plan, shapes } = now()
    if (!data?.writing || !plan) return
    const { numbers } = data.notes
    ruler.style.cssText = `top: ${plan.floor}px; width: ${plan.width}px; height: ${plan.height - plan.floor}px`
    const shade = (className, from, to) => element("div", { className,
      style: `left: ${plan.x(from)}px; width: ${plan.x(to - from)}px; height: ${plan.height}px` })
    const locked = data.writing.locked.map((bar) => numbers.indexOf(bar)).filter((place) => place >= 0)
    const made = locked.map((place) => shade("locked", bars()[place], endOf(place)))
    const spans = marks && [bars()[Math.min(...marks)], endOf(Math.max(...marks))]
    if (spans) made.push(shade("marked", ...spans))
    shades.replaceChildren(...made)
    if (spans) markedSpans.set(data.sound, spans)
    else markedSpans.delete(data.sound)
    Object.assign(ruler, {
      ariaValueMin: numbers[0], ariaValueMax: numbers.at(-1), ariaValueText: said(),
      ariaValueNow: number(marks ? marks[1] : placeAt(now().time)),
    })
    shapes.forEach((shape) => shape.classList.remove("selected"))
    if (selected !== null) shapes[melody()[selected]]?.classList.add("selected")
  }

  function said() {
    if (!marks) return "no bar is marked"
    const [first, last] = [Math.min(...marks), Math.max(...marks)]
    return first === last ? `${name(first)} is marked` : `${name(first)} to ${name(last)} are marked`
  }

  function mark(next, patience = 0) {
    marks = next
    draw()
    read(said())
    clearTimeout(waiting)
    if (patience !== null) waiting = setTimeout(sendMarks, patience)
  }

  function sendMarks() {
    const value = marks && [number(Math.min(...marks)), number(Math.max(...marks))]
    if (JSON.stringify(value) === sent) return
    sent = JSON.stringify(value)
    keep("marked", value)
  }

  ruler.onpointerdown = (event) => {
    if (event.button) return
    const place = placeAt(timeOf(event))
    const [first, last] = marks ?? []
    ruler.setPointerCapture(event.pointerId)
    marking = true
    if (event.shiftKey && marks) return mark([anchor, place], null)
    anchor = place
    mark(first === place && last === place ? null : [place, place], null)
  }
  ruler.onpointermove = (event) => {
    if (!marking) return
    const { left, right } = scroll.getBoundingClientRect()
    if (event.clientX > right - EDGE) scroll.scrollLeft += 8
    if (event.clientX < left + EDGE) scroll.scrollLeft -= 8
    const place = placeAt(timeOf(event))
    if (marks ? place !== marks[1] : place !== anchor) mark([anchor, place], null)
  }
  ruler.onpointerup = ruler.onpointercancel = () => {
    if (!marking) return
    marking = false
    sendMarks()
  }
  onKeys(ruler, ({ shiftKey }) => {
    const last = bars().length - 1
    const from = marks ? marks[1] : placeAt(now().time) // begins at the playhead
    const go = (place) => {
      const to = Math.max(0, Math.min(last, place))
      if (!shiftKey || !marks) anchor = to
      mark([anchor, to], PATIENCE)
      show(to)
    }
    return {
      ArrowRight: () => go(marks ? from + 1 : from),
      ArrowLeft: () => go(marks ? from - 1 : from),
      Home: () => go(0),
      End: () => go(last),
      Escape: () => mark(null),
    }
  })

  function show(place) {
    const [from, to] = [now().plan.x(bars()[place]), now().plan.x(endOf(place))]
    if (from < scroll.scrollLeft) scroll.scrollLeft = from
    if (to > scroll.scrollLeft + scroll.clientWidth) scroll.scrollLeft = to - scroll.clientWidth
  }

  // The nearest sixteenth to a time.
  function stepAt(time) {
    const { grid } = now().data.writing
    const after = grid.findIndex((start) => start >= time)
    if (after < 0) return grid.length - 1
    return after && time - grid[after - 1] < grid[after] - time ? after - 1 : after
  }

  // Draw a note of the melody at its new place, between its neighbours.
  function place(order, step, pitch) {
    const { data, plan, shapes } = now()
    const own = melody()
    const start = (k) => stepAt(data.notes.notes[own[k]].start)
    const earliest = order ? start(order - 1) + 1 : 0
    const latest = (order + 1 < own.length ? start(order + 1) : data.writing.grid.length) - 1
    const to = {
      step: Math.max(earliest, Math.min(latest, step)),
      pitch: Math.max(0, Math.min(127, pitch)),
    }
    const time = data.writing.grid[to.step], shape = shapes[own[order]]
    shape.setAttribute("x", plan.x(time))
    shape.setAttribute("y", plan.y(to.pitch))
    read(`Moved to ${data.writing.names[to.pitch]}, ${name(placeAt(time))}, ${time.toFixed(2)} s`)
    return to
  }

  // Begin or continue to drag a note. Returns whether the pointer moves one.
  function drag(event) {
    const { data, plan } = now()
    if (!data.writing) return false
    if (event.type === "pointerdown") {
      wasDragged = false
      const order = melody().indexOf(Number(event.target.dataset.note))
      if (event.button || order < 0) return false
      sendMove()
      select(order)
      const { start, pitch } = data.notes.notes[melody()[order]]
      dragged = { order, start, pitch, x: event.clientX, y: event.clientY, id: event.pointerId, to: null }
      return false
    }
    if (!dragged || event.pointerId !== dragged.id) return false
    const [right, down] = [event.clientX - dragged.x, event.clientY - dragged.y]
    if (!dragged.to && Math.hypot(right, down) < STILL) return false
    if (!dragged.to) svg.setPointerCapture(event.pointerId)
    const pitch = dragged.pitch - Math.round(down / plan.row)
    dragged.to = place(dragged.order, stepAt(dragged.start + right / plan.scale), pitch)
    return true
  }

  function drop(event) {
    if (!dragged || event.pointerId !== dragged.id) return
    const { order, start, pitch, to } = dragged
    dragged = null
    if (!to) return
    wasDragged = true
    if (event.type === "pointercancel") place(order, stepAt(start), pitch)
    else if (to.step !== stepAt(start) || to.pitch !== pitch) moved(order, to)
  }
  svg.addEventListener("pointerup", drop)
  svg.addEventListener("pointercancel", drop)

  const moved = (order, { step, pitch }) => send("moved", { note: order, step, pitch })

  function sendMove() {
    clearTimeout(moving)
    if (pendingMove) moved(...pendingMove)
    pendingMove = null
  }

  // Send pending changes before a button outside the roll is pressed.
  root.addEventListener("focusout", ({ relatedTarget }) => {
    if (root.contains(relatedTarget) || !now().data?.writing) return
    clearTimeout(waiting)
    sendMarks()
    sendMove()
  })

  function select(order) {
    selected = order
    draw()
  }

  // Move the selected note, or else the one at the playhead, by semitones.
  function nudge(semitones) {
    const { data, plan, time, shapes } = now()
    const own = melody()
    if (!own.length) return
    if (selected === null) {
      const next = own.map((i) => data.notes.notes[i]).findIndex(({ start, length }) => start + length > time + 0.01)
      select(next < 0 ? own.length - 1 : next)
    }
    const { start } = data.notes.notes[own[selected]]
    const shown = plan.top - Math.round((Number(shapes[own[selected]].getAttribute("y")) - TOP) / plan.row)
    if (pendingMove?.[0] !== selected) sendMove()
    pendingMove = [selected, place(selected, stepAt(start), shown + semitones)]
    clearTimeout(moving)
    moving = setTimeout(sendMove, PATIENCE)
  }

  onEnd(root, () => {
    clearTimeout(waiting)
    clearTimeout(moving)
  })

  return {
    read: readData, draw, drag, nudge,
    // Whether the click that follows was the end of a drag.
    dropped() {
      const was = wasDragged
      wasDragged = false
      return was
    },
  }
}
