// The panels of the scrubber; each draws one part of a frame.
import { button, chip, element, onKeys } from "../../components/dom.js"
import { heatmap, sharp } from "../canvas.js"
import { threeDigits, visible } from "../numbers.js"
import { logPlot, predictionPlot, sequenceBelow } from "./draw.js"

const MAX_STATE = 1, MAX_WEIGHT = 1.5 // values with the full colour
const BELOW = 16 // pixels for the inputs under a heatmap

// `view` has the frame now shown, the page's colours, the ranges of the curves;
// `read` shows the value that is pointed at, `redraw` draws all panels.
export function makePanels(head, view, palette) {
  // "The first 20 of 32 units", where there is no room for all.
  const some = (name, shown) =>
    shown < head.units[name] ? ` (the first ${shown} of ${head.units[name]} units)` : ""
  let letter = (head.probe?.length ?? 1) - 2

  function activationPanels() {
    return head.cells.flatMap(({ name, title }) => head.rows[name].map((row, place) => {
      const [words, colour] = palette.rows[row]
      const key = `${name} inside`, [, units, T] = head.parts[key].shape
      const panel = canvasPanel({
        kind: "inside", scale: MAX_STATE, label: `${words} ${row}`, colour, size: [units, T],
        group: `Inside the ${title}, ${head.probe ? "letter by letter" : "step by step"}${some(name, units)}`,
      })
      panel.draw = (frame) => {
        const { context, width, height } = sharp(panel.canvas, view.colours.font)
        /** @type {[number, number, number, number]} */
        const box = [0, 0, width, height - BELOW]
        const table = view.colours.gates[row] ?? view.colours.around
        heatmap(context, matrixOf(frame, key, place), panel.size, MAX_STATE, table, box)
        sequenceBelow(context, head, view.colours, box)
      }
      panel.place = (x, y, width, height) => [y / (height - BELOW) * units, x / width * T]
      panel.value = (frame, unit, t) => {
        const where = head.probe ? `at “${visible(head.probe[t])}”` : `at step ${t + 1}`
        return `${title}, ${words.toLowerCase()}, unit ${unit + 1}, ${where}: ` +
          threeDigits(matrixOf(frame, key, place)[unit * T + t])
      }
      return panel
    }))
  }

  // One of the matrices that a part of a frame consists of.
  function matrixOf(frame, key, place) {
    const { values, shape: [, rows, columns] } = frame.parts[key]
    return values.subarray(place * rows * columns, (place + 1) * rows * columns)
  }

  function weightPanels() {
    return head.cells.flatMap(({ name, title }) => head.gates[name].map((gate, place) => {
      const row = gate === "c" ? "c̃" : gate
      const [words, colour] = palette.rows[row]
      const keys = ["state", "input"].map((from) => `${name} ${from} weights`)
      const [[, , states], [, rows, inputs]] = keys.map((key) => head.parts[key].shape)
      const columns = states + inputs, gap = states ? 8 : 0 // of the minGRU no weight is from a state
      const panel = canvasPanel({
        kind: "weights", scale: MAX_WEIGHT, label: `${words} ${row}`, colour, size: [rows, columns],
        group: `Weights of the ${title}: ` +
          (states ? "from the hidden state (left), from the input (right)" : "from the input") +
          some(name, rows),
      })
      panel.draw = (frame) => {
        const { context, width, height } = sharp(panel.canvas, view.colours.font)
        const wide = (width - gap) / columns
        const draw = (key, count, left) => heatmap(context, matrixOf(frame, key, place),
          [rows, count], MAX_WEIGHT, view.colours.around, [left, 0, wide * count, height])
        if (states) draw(keys[0], states, 0)
        draw(keys[1], inputs, wide * states + gap)
      }
      panel.place = (x, y, width, height) => {
        const wide = (width - gap) / columns, behind = (x - gap) / wide
        const column = x / wide < states ? x / wide : behind < states ? -1 : behind
        return [y / height * rows, column]
      }
      panel.value = (frame, unit, column) => {
        const right = column >= states, from = right ? column - states : column
        const source = !right ? `unit ${from + 1}` :
          head.probe ? `“${visible(head.probe[from])}”` : ["the number", "the mark"][from]
        return `${title}, ${words.toLowerCase()}, weight from ${source} to unit ${unit + 1}: ` +
          threeDigits(matrixOf(frame, keys[Number(right)], place)[unit * (right ? inputs : states) + from])
      }
      return panel
    }))
  }

  function otherPanels() {
    return head.probe ? [connectivityPanel(), stepGradientPanel()] : [
      ...head.cells.map(predictionPanel), influencePanel(),
    ]
  }

  function connectivityPanel() {
    const sentence = element("p")
    const buttons = head.probe.slice(0, -1).map((character, t) => {
      const act = () => choose(t)
      const properties = { className: "letter", onpointerenter: act, onfocus: act }
      const made = button(properties, act, visible(character))
      onKeys(made, () => ({
        ArrowRight: () => buttons[t + 1]?.focus(), ArrowLeft: () => buttons[t - 1]?.focus(),
      }))
      return made
    })
    const made = element("div", "", element("div", "letters", ...buttons), sentence)
    function choose(t) {
      letter = t
      view.redraw()
    }
    const draw = (frame = view.frame) => {
      const T = buttons.length
      const influences = frame.parts[`${head.cells[0].name} connectivity`].values
        .subarray(letter * T, (letter + 1) * T)
      const most = Math.max(...influences, 1e-9)
      buttons.forEach((button, t) => {
        button.style.setProperty("--influence", t <= letter ? influences[t] / most : 0)
        button.classList.toggle("chosen", t === letter)
        button.tabIndex = t === letter ? 0 : -1
        button.setAttribute("aria-label", `${visible(head.probe[t])}, step ${t + 1}` +
          (t <= letter ? `, influence ${Math.round((100 * influences[t]) / most)}%` : ""))
      })
      const earlier = influences.subarray(0, letter + 1)
      const strongest = earlier.indexOf(Math.max(...earlier))
      const back = letter - strongest
      sentence.textContent = `The prediction after “${visible(head.probe[letter])}” depends most on ` +
        `“${visible(head.probe[strongest])}”, ` +
        (back ? `${back} step${back > 1 ? "s" : ""} back.` : "the character just read.")
    }
    return { group: "Influence of each character on the prediction after the one you point at",
      kind: "connectivity", made, draw }
  }

  function samplePanel() {
    const made = element("ul", "samples")
    const draw = ({ samples }) => made.replaceChildren(
      ...samples.map((sample) => element("li", "", sample.replaceAll("\n", " ↵ ") || "(nothing)")))
    return { group: "What the network writes at this epoch", kind: "text", made, draw }
  }

  function stepGradientPanel() {
    const [{ name }] = head.cells
    const panel = canvasPanel({ kind: "norms", group: "Norm of the gradient of the loss with respect to each input" })
    panel.draw = (frame) => logPlot(panel.canvas,
      [{ values: frame.parts[`${name} gradient by step`].values, colour: palette.networks[name] }],
      view.range["gradient by step"], head.probe.slice(0, -1).map(visible), view.colours)
    return panel
  }

  function influencePanel() {
    const panel = canvasPanel({
      kind: "norms", group: "Influence of an input on the last hidden state, by steps back",
    })
    panel.made.prepend(names())
    const labels = head.numbers.map((_, lag) => (lag % 10 ? "" : lag))
    panel.draw = (frame) => logPlot(panel.canvas,
      head.cells.map(({ name }) => ({
        values: frame.parts[`${name} influence`].values, colour: palette.networks[name],
      })), view.range.influence, labels, view.colours)
    return panel
  }

  function names() {
    return element("figcaption", "", ...head.cells.flatMap(({ name, title }) =>
      [chip(palette.networks[name]), `${title}  `]))
  }

  function predictionPanel({ name, title }) {
    const panel = canvasPanel({
      kind: "answers", label: title, colour: palette.networks[name],
      group: "Answers (vertical) against the correct sums (horizontal): correct ones lie on the line",
    })
    panel.draw = (frame) => predictionPlot(panel.canvas, frame.parts[`${name} answers`].values,
      head.targets, palette.networks[name], view.colours)
    return panel
  }

  function canvasPanel(panel) {
    const ariaLabel = `${panel.group}${panel.label ? `: ${panel.label}` : ""}`
    const canvas = element("canvas", { role: "img", ariaLabel })
    const made = element("figure", "", canvas)
    if (panel.label) made.prepend(element("figcaption", "", chip(panel.colour), panel.label))
    const full = { ...panel, made, canvas }
    canvas.onpointerleave = () => view.read("")
    if (!panel.scale) return full
    const [rows, columns] = panel.size
    canvas.onpointermove = ({ offsetX, offsetY }) =>
      read(...full.place(offsetX, offsetY, canvas.clientWidth, canvas.clientHeight).map(Math.floor))

    function read(row, column) {
      const inside = row >= 0 && row < rows && column >= 0 && column < columns
      view.read(inside ? full.value(view.frame, row, column) : "")
    }

    // With the focus on a heatmap the arrow keys go from square to square.
    let row = 0, column = 0
    Object.assign(canvas, { tabIndex: 0, ariaRoleDescription: "heatmap, read by the arrow keys" })
    canvas.onfocus = () => canvas.matches(":focus-visible") && read(row, column)
    canvas.onblur = () => view.read("")
    function move(down, right) {
      row = Math.max(0, Math.min(rows - 1, row + down))
      column = Math.max(0, Math.min(columns - 1, column + right))
      read(row, column)
    }
    onKeys(canvas, () => ({
      ArrowUp: () => move(-1, 0), ArrowDown: () => move(1, 0),
      ArrowLeft: () => move(0, -1), ArrowRight: () => move(0, 1),
    }))
    return full
  }

  return [
    ...(head.probe ? [samplePanel()] : []),
    ...activationPanels(), ...otherPanels(), ...weightPanels(),
  ]
}

// The scale of the heatmaps of a section.
export function legend(panels) {
  const [{ kind, scale }] = panels
  const gated = kind === "inside" && panels.length > 1
  const before = gated ? "gates: 0 (empty) to 1 (full colour) · states: −" : "−"
  return element("span", "legend", before, `${scale}`, element("span", "ramp"), `${scale}`)
}
