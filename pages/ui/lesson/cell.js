// One step of a cell: every number of it; weights and inputs can be changed.
import { button, calm, chip, element, mount, onResize } from "../components/dom.js"
import { makePlayer } from "../components/player.js"
import { computeStep } from "./arithmetic.js"
import { coloursOf } from "./canvas.js"
import { minus } from "./numbers.js"

const INPUT = /^xt$|_prev$/ // names of the arrays that are no weights
const TINY = 1e-4 // change of a weight to both sides
const filled = (rows, value) => rows.map((row) => (Array.isArray(row) ? filled(row, value) : value))

function buildCell(root, { head, controls, sentence, experiments, blocks }, report) {
  const player = makePlayer(root, controls, show, { seen: () => spec.watched && report("seen", Date.now()) })
  const reset = button({}, () => {
    change(spec.numbers, spec.sentences[player.at])
    root.focus() // the button is hidden now
  }, "Reset numbers")
  let spec, known, numbers, cells, groups, sections, guesses, attempts = []

  function update(data) {
    spec = data
    const next = JSON.stringify({ ...data, edited: null, watched: null })
    if (next !== known) {
      known = next // with the same data, keep what the person changed
      attempts = []
      guesses = data.names.map(learning)
      experiments.replaceChildren(...guesses, element("span", "further", "or make it"),
        ...data.experiments.map(experiment), reset)
      const isEdited = JSON.stringify(data.edited) !== JSON.stringify(data.numbers)
      reset.hidden = !isEdited
      begin(data, data.edited, isEdited ? data.sentences.length - 1 : player.at)
    }
    coloursOf(root, data.negative, data.positive)
  }

  function begin(data, start, step) {
    numbers = structuredClone(start)
    cells = []
    groups = []
    sections = []
    const values = computeStep(data.equations, numbers)
    blocks.replaceChildren(...data.blocks.map((block) => section(block, values)))
    refresh(false)
    player.resize(data.sentences.length, step)
  }

  // A button that sets all of an array; of the other numbers the person keeps the inputs.
  function experiment({ label, name, value, then }) {
    const { title } = spec.blocks.find(({ groups }) => groups.some((group) => group.name === name))
    const words = `${name} in ${title} is ${minus(String(value))}: ${then}`
    const made = button({ ariaLabel: `Make it ${label}`, className: "further" }, () => {
      const inputs = Object.entries(numbers).filter(([key]) => INPUT.test(key))
      if (player.at === 0) player.go(1) // to the inputs
      change({ ...spec.numbers, ...Object.fromEntries(inputs), [name]: filled(numbers[name], value) }, words)
    }, label)
    attempts.push({ made, isOn: () => [numbers[name]].flat(2).every((number) => number === value) })
    return made
  }

  // A bar of the guess; a press is a step of gradient descent, rate 1, on its name's loss.
  // The slopes are differences: the backward pass has a step of its own.
  function learning(name, place) {
    return button({ className: "guess" }, () => {
      const learned = structuredClone(numbers)
      const loss = () => -Math.log(Math.max(Number.MIN_VALUE, computeStep(spec.equations, learned).yt_pred[place]))
      const rows = Object.entries(learned).filter(([key]) => !INPUT.test(key))
        .flatMap(([, all]) => (Array.isArray(all[0]) ? all : [all]))
      const slopes = rows.map((row) => row.map((value, k) => {
        const [above, below] = [TINY, -TINY].map((by) => ((row[k] = value + by), loss()))
        row[k] = value
        return (above - below) / (2 * TINY)
      }))
      rows.forEach((row, i) => row.forEach((value, k) => {
        row[k] = +Math.max(-spec.largest, Math.min(spec.largest, value - slopes[i][k])).toFixed(3)
      }))
      change(learned, `One step of training: ${slopes.flat().length} weights moved a little downhill on the loss, so ${name} is likelier. Open a box to see its weights, or press again.`)
    }, `Teach ${name}`, element("b"))
  }

  // Compute with other numbers, and say what to look at, where the person is.
  function change(others, words) {
    player.pause()
    numbers = structuredClone(others)
    refresh(true)
    sentence.textContent = words
    sendEdits()
  }

  // Send what differs from Python's numbers: name.row.column.value, with ~ between.
  function sendEdits() {
    const edits = []
    for (const [name, rows] of Object.entries(numbers)) {
      rows.forEach((row, i) => [row].flat().forEach((value, j) => {
        if (value !== [spec.numbers[name][i]].flat()[j]) {
          edits.push([name, i + 1, j + 1, +value.toPrecision(12)].join("."))
        }
      }))
    }
    reset.hidden = !edits.length
    report("edits", edits.join("~"))
  }

  function section(block, values) {
    const made = element("section", { className: block.first ? "box first" : "box", style: `--chip: ${block.colour}` },
      element("h4", "", chip(block.colour), element("span", "title", block.title), outcome(block.groups.at(-1), values),
        element("span", "words", block.words), element("i", "", block.equation)),
      element("div", "row", ...block.groups.map((group) => figure(group, values[group.name]))))
    const steps = block.groups.map((group) => group.step)
    made.onclick = () => made.classList.contains("later") && player.jump(Math.min(...steps))
    sections.push({ made, steps })
    return made
  }

  // The results of a block in colours, while it is closed.
  function outcome(group, values) {
    const squares = values[group.name].map((_, row) => {
      const made = element("span")
      if (group.name === "yt_pred") made.dataset.letter = spec.names[row].at(-1)
      cells.push({ made, group, row, column: null })
      return made
    })
    return element("span", { className: "outcome", ariaHidden: true }, ...squares)
  }

  function figure(group, value) {
    const matrix = Array.isArray(value[0])
    const style = `grid-template-columns: repeat(${matrix ? value[0].length : 1}, var(--cell))`
    const heads = matrix ? group.heads.map((name) => element("b", "", name)) : []
    const squares = value.flatMap((numbers, row) =>
      [numbers].flat().map((_, column) => cell(group, row, matrix ? column : null)))
    const holder = element("div", "group",
      ...(group.before ? [element("span", "before", group.before)] : []),
      element("figure", "", element("figcaption", "", group.symbol),
        element("div", { className: "grid", style }, ...heads, ...squares)))
    holder.dataset.group = group.name
    groups.push({ holder, step: group.step })
    return holder
  }

  function cell(group, row, column) {
    const places = column === null ? [row + 1] : [row + 1, column + 1]
    const made = element(group.edit ? "input" : "output", { ariaLabel: `${group.symbol}, ${places.join(", ")}` })
    made.dataset.name = group.name
    made.dataset.place = places.join(",")
    if (group.edit) {
      const title = "Type, press the up and down arrows, or drag sideways"
      Object.assign(made, { type: "number", step: 0.1, title })
      let before = 0 // the value before typing
      made.onfocus = () => (before = read())
      made.oninput = () => {
        const value = made.valueAsNumber // NaN if the box is empty
        const beyond = Math.abs(value) > spec.largest
        refuse(beyond)
        if (beyond) made.reportValidity()
        if (!Number.isNaN(value)) set(beyond ? before : value)
      }
      made.onblur = () => {
        made.value = read()
        refuse(false)
      }
      made.onchange = sendEdits
      made.onkeydown = (event) => event.stopPropagation()
      dragged(made, () => read(), set)
    }
    const holder = () => (column === null ? numbers[group.name] : numbers[group.name][row])
    const index = column === null ? row : column
    const read = () => holder()[index]
    function refuse(beyond) {
      const words = `Expected a number from −${spec.largest} to ${spec.largest}; the one before is kept.`
      made.setCustomValidity(beyond ? words : "")
      made.setAttribute("aria-invalid", beyond)
    }
    function set(value) {
      if (player.at < 2) player.go(spec.sentences.length - 1) // show what it changes
      holder()[index] = value
      sentence.textContent = spec.sentences[player.at] // not that of an experiment
      reset.hidden = false
      refresh(true)
    }
    cells.push({ made, group, row, column })
    return made
  }

  function dragged(input, read, set) {
    let start = null
    input.onpointerdown = (event) => {
      if (event.pointerType === "mouse") start = { x: event.clientX, from: read() }
    }
    input.onpointermove = (event) => {
      if (!start || Math.abs(event.clientX - start.x) < 4) return
      input.setPointerCapture(event.pointerId)
      const moved = Math.round((start.from + (event.clientX - start.x) / 50) * 100) / 100
      const value = Math.max(-spec.largest, Math.min(spec.largest, moved))
      input.value = value
      set(value)
    }
    input.onpointerup = input.onpointercancel = () => {
      if (start && read() !== start.from) sendEdits()
      start = null
    }
  }

  function refresh(edited) {
    const values = computeStep(spec.equations, numbers)
    for (const { made, isOn } of attempts) made.ariaPressed = isOn()
    guesses.forEach((made, row) => {
      const share = (made.lastChild.textContent = `${Math.round(100 * values.yt_pred[row])}%`)
      made.style.setProperty("--share", share)
      made.ariaLabel = `Teach ${spec.names[row]}: it guesses ${share}`
    })
    for (const { made, group, row, column } of cells) {
      const value = column === null ? values[group.name][row] : values[group.name][row][column]
      const moved = edited && !group.edit && made.dataset.value !== String(value)
      made.dataset.value = value
      made.style.setProperty("--much", `${Math.min(1, Math.abs(value)) * 50}%`)
      made.classList.toggle("negative", value < 0)
      if (made.localName !== "input") {
        made.textContent = fitting(value)
        if (moved && !calm.matches) {
          made.getAnimations().forEach((animation) => animation.cancel())
          made.animate([{ outline: "2px solid var(--st-primary-color)" }, {}], 900)
        }
      } else if (made !== made.getRootNode().activeElement) made.value = value
    }
  }

  // A number in at most six characters, the width of a square.
  function fitting(value) {
    const size = Math.abs(value)
    const places = [10, 100, 1000, 9999].findIndex((limit) => size < limit - 0.05)
    const text = places < 0 ? value.toExponential(1).replace("+", "") : value.toFixed(3 - places)
    return Number(text) === 0 ? text.replace("-", "") : minus(text)
  }

  function show(step) {
    if (!spec) return
    sentence.textContent = spec.sentences[step]
    for (const group of groups) {
      group.holder.classList.toggle("later", group.step > step)
      group.holder.classList.toggle("now", group.step === step)
    }
    const active = root.getRootNode().activeElement
    const follows = root.contains(active) && !active.dataset.name // not while editing
    for (const { made, steps } of sections) {
      const now = steps.includes(step)
      made.classList.toggle("now", now)
      made.classList.toggle("later", Math.min(...steps) > step)
      if (now && follows) {
        made.scrollIntoView({ block: "nearest", behavior: calm.matches ? "auto" : "smooth" })
      }
    }
  }

  onResize(root, () => root.style.setProperty("--head", `${head.offsetHeight}px`), head)
  return update
}

export default mount(buildCell)
