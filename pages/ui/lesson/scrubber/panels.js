// The panels of the scrubber; each draws one part of a frame.
import { button, chip, element, onKeys } from "../../components/dom.js"
import { heatmap, sharp } from "../canvas.js"
import { threeDigits, visible } from "../numbers.js"
import { logPlot, predictionPlot, sequenceBelow } from "./draw.js"

const MAX_STATE = 1, MAX_WEIGHT = 1.5 // values with the full colour

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
      const key = `${name} inside`
      const panel = canvasPanel({
        kind: "inside", scale: MAX_STATE, label: `${words} ${row}`, colour,
        group: `States of the ${title} at each step${some(name, head.parts[key].shape[1])}`,
      })
      panel.draw = (frame) => {
        const { context, width, height } = sharp(panel.canvas, view.colours.font)
        const { values, shape: [, units, T] } = frame.parts[key]
        const part = values.subarray(place * units * T, (place + 1) * units * T)
        /** @type {[number, number, number, number]} */
        const box = [0, 0, width, height - 16]
        heatmap(context, part, [units, T], MAX_STATE, view.colours.gates[row] ?? view.colours.around, box)
        sequenceBelow(context, head, view.colours, box)
      }
      panel.size = (frame) => frame.parts[key].shape.slice(1)
      panel.place = (frame, x, y) => {
        const [units, T] = panel.size(frame)
        const { clientHeight } = panel.canvas
        return [Math.floor((y * clientHeight) / (clientHeight - 16) * units), Math.floor(x * T)]
      }
      panel.value = (frame, unit, t) => {
        const { values, shape: [, units, T] } = frame.parts[key]
        const where = head.probe ? `at “${visible(head.probe[t])}”` : `at step ${t + 1}`
        return `${title}, ${words.toLowerCase()}, unit ${unit + 1}, ${where}: ` +
          threeDigits(values[(place * units + unit) * T + t])
      }
      return panel
    }))
  }

  function weightPanels() {
    return head.cells.flatMap(({ name, title }) => head.gates[name].map((gate, place) => {
      const row = gate === "c" ? "c̃" : gate
      const [words, colour] = palette.rows[row]
      const panel = canvasPanel({
        kind: "weights", scale: MAX_WEIGHT, label: `${words} ${row}`, colour,
        group: `Weights of the ${title}: ` + (head.parts[`${name} state weights`].shape[2]
          ? "from the hidden state (left), from the input (right)" : "from the input") +
          some(name, head.parts[`${name} input weights`].shape[1]),
      })
      panel.draw = (frame) => {
        const { context, width, height } = sharp(panel.canvas, view.colours.font)
        const parts = [frame.parts[`${name} state weights`], frame.parts[`${name} input weights`]]
        const columns = parts.map(({ shape }) => shape[2])
        const gap = columns[0] ? 8 : 0 // of the minGRU no weight is from a state
        const wide = (width - gap) / (columns[0] + columns[1])
        let left = 0
        parts.filter(({ shape }) => shape[2]).forEach(({ values, shape: [, rows, count] }) => {
          const part = values.subarray(place * rows * count, (place + 1) * rows * count)
          heatmap(context, part, [rows, count], MAX_WEIGHT, view.colours.around, [left, 0, wide * count, height])
          left += wide * count + gap
        })
      }
      const partsOf = (frame) => ["state", "input"].map((from) => frame.parts[`${name} ${from} weights`])
      panel.size = (frame) => {
        const [state, input] = partsOf(frame)
        return [input.shape[1], state.shape[2] + input.shape[2]]
      }
      panel.place = (frame, x, y) => {
        const [state, input] = partsOf(frame).map(({ shape }) => shape[2])
        const { clientWidth } = panel.canvas
        const gap = state ? 8 : 0
        const across = (x * clientWidth * (state + input)) / (clientWidth - gap)
        const behind = across - gap * (state + input) / (clientWidth - gap)
        const column = across < state ? across : behind < state ? -1 : behind
        return [Math.floor(y * panel.size(frame)[0]), Math.floor(column)]
      }
      panel.value = (frame, unit, column) => {
        const [state, input] = partsOf(frame)
        const right = column >= state.shape[2]
        const { values, shape: [, rows, count] } = right ? input : state
        const from = right ? column - state.shape[2] : column
        const source = !right ? `unit ${from + 1}` :
          head.probe ? `“${visible(head.probe[from])}”` : ["the number", "the mark"][from]
        return `${title}, ${words.toLowerCase()}, weight from ${source} to unit ${unit + 1}: ` +
          threeDigits(values[(place * rows + unit) * count + from])
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
    return { group: "Samples: text that the network writes", kind: "text", made, draw }
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
    canvas.onpointermove = (event) => {
      if (!full.place) return
      const box = canvas.getBoundingClientRect()
      const [x, y] = [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height]
      read(full.place(view.frame, x, y))
    }
    canvas.onpointerleave = () => view.read("")
    if (panel.scale) readByKeys()

    function read([row, column]) {
      const [rows, columns] = full.size(view.frame)
      const inside = row >= 0 && row < rows && column >= 0 && column < columns
      view.read(inside ? full.value(view.frame, row, column) : "")
    }

    // With the focus on a heatmap the arrow keys go from square to square.
    function readByKeys() {
      let row = 0, column = 0
      Object.assign(canvas, { tabIndex: 0, ariaRoleDescription: "heatmap, read by the arrow keys" })
      canvas.onfocus = () => canvas.matches(":focus-visible") && read([row, column])
      canvas.onblur = () => view.read("")
      function move(down, right) {
        const [rows, columns] = full.size(view.frame)
        row = Math.max(0, Math.min(rows - 1, row + down))
        column = Math.max(0, Math.min(columns - 1, column + right))
        read([row, column])
      }
      onKeys(canvas, () => ({
        ArrowUp: () => move(-1, 0), ArrowDown: () => move(1, 0),
        ArrowLeft: () => move(0, -1), ArrowRight: () => move(0, 1),
      }))
    }
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
