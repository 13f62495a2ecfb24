// Heatmaps over time under the unrolled network: forward, or back from the end.
import { calm, chip, element, mount, onEnd, onResize } from "../components/dom.js"
import { makePlayer } from "../components/player.js"
import { coloursOf, disc, heatmap, sharp, trace } from "./canvas.js"
import { buildEquations } from "./equations.js"
import { threeDigits } from "./numbers.js"
import { axis, drawStrip } from "./strip.js"

const GAP = 2, ROW = 20, AXIS = 18, CURVE = 180, DECADES = 4
const DOT_MILLISECONDS = 220 // from one box to the next

// The norms are on `top`, beside the equations.
function buildHeatmaps(root, { bar, strip, readout, top, panels: grid, scale }, report) {
  const player = makePlayer(root, bar, show, {
    seen: () => spec.watched && report("seen", Date.now()),
  })
  const folded = { gates: true }
  let spec, known, shown, panels = [], equations, unit = 0, colours, frame = 0
  let pointed = null // the step under the pointer

  const move = root.onkeydown
  root.onkeydown = (event) => {
    const turn = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (!turn || event.target.matches("input, select")) return move(event)
    event.preventDefault()
    point(null, Math.max(0, Math.min(spec.units - 1, unit + turn)))
  }
  onResize(root, () => spec && draw())

  function update(data) {
    spec = data
    const next = JSON.stringify({ ...data, watched: null })
    const sequence = JSON.stringify({ ...data, equations: null, watched: null })
    colours = coloursOf(root, spec.negative, spec.positive)
    if (next !== known) {
      known = next
      unit = Math.min(unit, spec.units - 1)
      legend()
      panels = spec.panels.map(panel)
      equations = spec.equations && buildEquations({ ...spec.equations, folded })
      grid.replaceChildren(...panels.map(({ made }) => made))
      top.replaceChildren(...(equations ? [grid.firstChild, equations.made] : []))
    }
    if (sequence !== shown) {
      shown = sequence
      player.resize(spec.labels.length, player.at)
    } else draw()
  }

  const T = () => spec.labels.length
  const time = (step) => (spec.backward ? T() - 1 - step : step)
  const seen = (t) => (spec.backward ? t >= time(player.at) : t <= time(player.at))

  // The scale of the colours. Backward it is logarithmic and has a smallest size.
  function legend() {
    const least = spec.backward ? [`−${10 ** -DECADES}`, "0", `${10 ** -DECADES}`] : ["0"]
    scale.replaceChildren(
      element("span", "", spec.backward ? "≤ −1" : "−1"),
      element("i"),
      ...least.map((value) => element("span", "", value)),
      element("i", "up"),
      element("span", "", spec.backward ? "≥ 1" : "1"),
      ...(spec.backward ? [element("span", "", "(logarithmic)")] : []),
    )
  }

  function panel(one) {
    const caption = element("figcaption", "",
      chip(one.colour), `${one.title} `, element("i", "", one.symbol))
    const curves = one.curves ?? []
    for (const { name, colour } of curves.filter(({ dashed }) => !dashed)) {
      caption.append(element("span", "legend", chip(colour), name))
    }
    if (curves.some(({ dashed }) => dashed)) {
      caption.append(element("span", "legend", `dashed: ${one.dashed}`))
    }
    const ariaLabel = `${one.title} ${one.curves ? "" : "of each unit "}at each step`
    const canvas = element("canvas", { role: "img", ariaLabel })
    canvas.onpointermove = canvas.onpointerdown = ({ offsetX, offsetY }) => {
      const t = Math.floor((offsetX / canvas.clientWidth) * T())
      const row = one.curves ? unit : Math.floor(offsetY / ROW)
      if (t >= 0 && t < T() && seen(t)) point(t, Math.max(0, Math.min(spec.units - 1, row)))
    }
    canvas.onpointerleave = () => point(null, unit)
    const made = element("figure", "", caption, canvas)
    if (one.curves) made.classList.add("curve")
    if (spec.panels.length > 4) made.classList.add("wide")
    return { ...one, made, canvas }
  }

  function point(t, row) {
    pointed = t
    unit = row
    draw()
  }

  function show() {
    if (!spec) return
    pointed = null
    draw()
    cancelAnimationFrame(frame)
    if (root.dataset.playing === "true" && player.at > 0 && !calm.matches) moveDot()
  }

  // A dot runs from the step before to this one.
  function moveDot(began = performance.now()) {
    const part = Math.min(1, (performance.now() - began) / DOT_MILLISECONDS)
    const pulse = time(player.at - 1) * (1 - part) + time(player.at) * part
    drawStrip(strip, colours, spec, { now: time(player.at), seen, pulse: part < 1 ? pulse : null })
    if (part < 1) frame = requestAnimationFrame(() => moveDot(began))
  }

  function draw() {
    const t = pointed ?? time(player.at)
    for (const one of panels) (one.curves ? drawCurves : drawCells)(one, t)
    drawStrip(strip, colours, spec, { now: t, seen, pulse: null })
    equations?.show(t, unit)
    const label = spec.labels[t], named = label !== String(t + 1)
    readout.replaceChildren(
      element("strong", "", `Step ${t + 1}${named ? `, ${spec.stepName} ${label}` : ""}`),
      " · ",
      ...panels.filter((one) => one.curves).flatMap(({ curves }) => curves)
        .filter(({ dashed }) => !dashed)
        .map(({ name, values }) => valueOf(name, name, values[t])),
      `unit ${(spec.firstUnit ?? 1) + unit}: `,
      ...panels.filter((one) => one.values)
        .map(({ name, symbol, values }) => valueOf(name, symbol, values[unit][t])),
    )
  }

  function valueOf(name, symbol, value) {
    const made = element("span", "value", `${symbol} ${threeDigits(value)}`)
    made.dataset.panel = name
    made.dataset.value = value
    return made
  }

  // Strength of a colour, 0 to 1: linear for states, logarithmic for gradients.
  function strength(value) {
    const size = Math.min(1, Math.abs(value))
    if (!spec.backward || size === 0) return size
    return Math.max(0.04, 1 + Math.log10(size) / DECADES)
  }

  function drawCells({ values, canvas, colour, gate }, now) {
    const rows = values.length, height = rows * ROW
    const { context, width } = sharp(canvas, colours.font, height + AXIS)
    const w = width / T()
    const levels = values.flatMap((row) => row.map((value, t) =>
      seen(t) ? Math.sign(value) * strength(value) : NaN))
    const table = gate ? colours.gate(colour) : colours.around
    heatmap(context, levels, [rows, T()], 1, table, [0, 0, width, height], GAP)
    context.strokeStyle = colours.ink
    context.lineWidth = 1.5
    context.strokeRect(now * w + 0.5, unit * ROW + 0.5, w - GAP - 1, ROW - GAP - 1)
    axis(context, spec.labels, w, values.length * ROW + AXIS / 2 + 1, now, colours)
  }

  function drawCurves({ curves, canvas }, now) {
    const { context, width } = sharp(canvas, colours.font, CURVE + AXIS)
    const w = width / T()
    const top = 1, bottom = -spec.decades
    const y = (value) => {
      const level = value > 0 ? Math.max(bottom, Math.log10(value)) : bottom
      return 16 + ((top - level) / (top - bottom)) * (CURVE - 24)
    }
    context.strokeStyle = colours.theme("border-color")
    for (let power = top; power >= bottom; power -= 2) {
      trace(context, [[0, y(10 ** power)], [width, y(10 ** power)]])
    }
    for (const { values, colour, dashed } of curves) {
      context.strokeStyle = context.fillStyle = colour
      context.lineWidth = dashed ? 1.5 : 2.5
      context.setLineDash(dashed ? [5, 4] : [])
      trace(context, values.map((value, t) => [(t + 0.5) * w, y(value)]).filter((_, t) => seen(t)))
      if (!dashed && seen(now)) disc(context, (now + 0.5) * w, y(values[now]), 4)
    }
    context.setLineDash([])
    context.textAlign = "left"
    for (let power = top; power >= bottom; power -= 2) {
      const label = power === bottom ? `≤ 1e${power}` : String(10 ** power)
      context.fillStyle = colours.theme("background-color")
      context.fillRect(0, y(10 ** power) - 7, context.measureText(label).width + 4, 14)
      context.fillStyle = colours.grey
      context.fillText(label, 0, y(10 ** power))
    }
    context.textAlign = "center"
    axis(context, spec.labels, w, CURVE + AXIS / 2 + 1, now, colours)
  }

  onEnd(root, () => cancelAnimationFrame(frame))
  return update
}

export default mount(buildHeatmaps)
