// Drawing a score as SVG: time to the right, pitch upwards, chords above.
import { shape } from "../../components/dom.js"
import { BLACK } from "../sound.js"

export const TOP = 26, BELOW = 20 // pixels for the chords, and for the bars' numbers
export const RULER = 30 // pixels for the numbers where bars can be marked
const NARROWEST = 54 // pixels of a bar: a longer piece is scrolled through
const TALLEST = 300, ROWS = [4, 9] // pixels of all rows, and of one

function put(parent, ...made) {
  const part = shape(...made)
  parent.append(part)
  return part
}

// The scales: pixels of a second, and of a pitch.
export function planOf({ seconds, low, high, bars }, width, below) {
  const [bottom, top] = [low - 2, high + 2]
  const rows = top - bottom + 1
  const row = Math.max(ROWS[0], Math.min(ROWS[1], Math.floor(TALLEST / rows)))
  const bar = bars.length > 1 ? bars.at(-1) - bars.at(-2) : seconds
  const scale = Math.max(width / (seconds || 1), NARROWEST / (bar || 1))
  return {
    row, scale, bottom, top,
    width: Math.round(scale * seconds), height: TOP + rows * row + below, floor: TOP + rows * row,
    x: (time) => time * scale,
    y: (pitch) => TOP + (top - pitch) * row,
  }
}

export function drawPitches(svg, plan) {
  svg.replaceChildren()
  svg.setAttribute("height", plan.height)
  for (let pitch = Math.ceil(plan.bottom / 12) * 12; pitch <= plan.top; pitch += 12)
    put(svg, "text", { x: 30, y: plan.y(pitch) + plan.row / 2 + 4 }, `C${pitch / 12 - 1}`)
}

// Returns the notes' shapes, in the order of the notes.
export function drawNotes(svg, plan, { notes, bars, numbers, chords }, given) {
  svg.replaceChildren()
  svg.setAttribute("width", plan.width)
  svg.setAttribute("height", plan.height)
  for (let pitch = plan.bottom; pitch <= plan.top; pitch++)
    if (BLACK.has(pitch % 12))
      put(svg, "rect", {
        class: "black", x: 0, y: plan.y(pitch), width: plan.width, height: plan.row,
      })
  if (given)
    put(svg, "rect", {
      class: "tint", x: 0, y: TOP, width: plan.x(given), height: plan.floor - TOP,
    })
  drawBars(svg, plan, bars, numbers)
  drawChords(svg, plan, chords)
  const order = notes.map((_, i) => i).sort((a, b) => Number(notes[a].own) - Number(notes[b].own))
  const shapes = []
  for (const i of order) {
    const { start, length, pitch, own, copied, origin } = notes[i]
    shapes[i] = put(svg, "rect", {
      class: `note ${own ? "own" : "other"}${copied ? " copied" : ""} ${origin}`.trim(),
      x: plan.x(start), y: plan.y(pitch), rx: 1.5,
      width: Math.max(2, plan.x(length) - 1), height: plan.row - (plan.row > 5 ? 1 : 0.5),
    })
    shapes[i].dataset.note = i
  }
  return shapes
}

function drawBars(svg, plan, bars, numbers) {
  const [first, second] = bars.slice(-2)
  const wide = plan.x((second ?? first) - (bars.length > 1 ? first : 0))
  const every = Math.max(1, Math.ceil(22 / (wide || 22)))
  bars.forEach((time, i) => {
    put(svg, "line", { class: "bar-line", x1: plan.x(time), x2: plan.x(time), y1: TOP, y2: plan.floor })
    if (numbers[i] && (numbers[i] - 1) % every === 0)
      put(svg, "text", { class: "number", x: plan.x(time) + 3, y: (plan.floor + plan.height) / 2 + 4 }, numbers[i])
  })
}

// Omit a name that would overlap the one before; pointing there still shows it.
function drawChords(svg, plan, chords) {
  let free = 0
  for (const [start, , name] of chords) {
    if (plan.x(start) < free) continue
    const made = put(svg, "text", { class: "chord", x: plan.x(start) + 3, y: 17 }, name)
    free = plan.x(start) + 10 + made.textContent.length * 7.8
  }
}
