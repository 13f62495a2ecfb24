// From a text to one step, one unit, and one multiplication, and back.
import { button, calm, chip, element, mount, onKeys, table } from "../components/dom.js"
import { makePlayer } from "../components/player.js"
import { coloursOf, cssOf } from "./canvas.js"
import { minus, visible } from "./numbers.js"

function buildZoom(root, { bar, crumbs, text, step, "unit-level": unit, sum }) {
  const player = makePlayer(root, bar, show, { label: (t) => (spec ? `${t + 1} / ${spec.labels.length}` : "") })
  let spec, known, size, colours, chosen = {} // unit: index; sum: index, or "output" with its character

  function update(data) {
    spec = data
    colours = coloursOf(root, data.negative, data.positive)
    const next = JSON.stringify(data)
    if (next === known) return draw()
    const now = [data.labels.join(), data.cell, data.values.h[0].length].join(), same = now === size
    known = next
    size = now
    if (!same) chosen = {}
    player.restart(data.labels.length, same ? player.at : data.labels.length - 1)
  }

  function show(t) {
    if (spec) draw(t)
  }
  const value = (name, t, u) => spec.values[name][t][u]
  const number = (v) => {
    const digits = Math.abs(v) >= 1000 ? v.toExponential(2) : v.toFixed(3)
    return Number(digits) === 0 ? "0" : minus(digits)
  }
  const named = (name) => spec.names[name] ?? { title: name, symbol: name, colour: "#888888" }

  const choice = (className, ariaLabel, act, content = ariaLabel, state = {}) =>
    button({ className, ariaLabel, ...state }, act, content)

  // Redraw; the focus stays at its position among the buttons.
  function draw(t = player.at) {
    if (!spec) return
    const focused = root.getRootNode().activeElement
    const group = [text, step, unit, sum].find((each) => each.contains(focused))
    const place = group ? [...group.querySelectorAll("button")].indexOf(focused) : -1
    drawLevels(t)
    if (place >= 0) group.querySelectorAll("button")[place]?.focus({ preventScroll: true })
  }

  function drawLevels(t) {
    drawCrumbs(t)
    text.replaceChildren(...spec.labels.map((label, place) => {
      const state = { ariaPressed: place === t }
      return choice("character", `Step ${place + 1}, ${label}`, () => player.jump(place), label, state)
    }))
    drawStep(t)
    unit.hidden = chosen.unit === undefined
    if (!unit.hidden) drawUnit(t)
    sum.hidden = chosen.sum === undefined
    if (!sum.hidden) drawSum(t)
  }

  // Go to a level, and close the levels below it.
  function go(next, level) {
    chosen = next
    draw()
    const found = { step, unit, sum }[level]
    found?.scrollIntoView({ block: "nearest", behavior: calm.matches ? "auto" : "smooth" })
    found?.querySelector("h4")?.focus({ preventScroll: true })
  }

  function drawCrumbs(t) {
    const path = [["The text", () => go({}, "step")], [`Step ${t + 1}, “${spec.labels[t]}”`, () => go({}, "step")]]
    if (chosen.unit !== undefined) path.push([`Unit ${chosen.unit + 1}`, () => go({ unit: chosen.unit }, "unit")])
    if (chosen.sum !== undefined) path.push([titleOfSum(), () => go(chosen, "sum")])
    crumbs.replaceChildren(...path.map(([label, act], place) =>
      choice("crumb", label, act, label, place === path.length - 1 ? { ariaCurrent: "true" } : {})))
  }

  const titleOfSum = () => (chosen.sum === "output" ? `Score of “${shown(chosen.character)}”` : named(spec.sums[chosen.sum].name).title)
  const shown = (index) => visible(spec.characters[index])

  function heading(title, note) {
    return [element("h4", { tabIndex: -1 }, title), element("p", "keys", note)]
  }

  function drawStep(t) {
    const rows = spec.rows.map((name) => {
      const { title, symbol, colour, gate } = named(name)
      const table = gate ? colours.gate(colour) : colours.around
      const units = spec.values[name][t].map((v, u) => {
        const label = `${title}, unit ${u + 1}: ${number(v)}`
        const made = choice("unit", label, () => go({ unit: u }, "unit"), "", {
          title: label, style: `background: ${cssOf(table, v)}`,
          ariaPressed: u === chosen.unit, tabIndex: u === (chosen.unit ?? 0) ? 0 : -1,
        })
        const focus = (other) => other?.matches("button") && other.focus()
        onKeys(made, () => ({
          ArrowRight: () => focus(made.nextElementSibling), ArrowLeft: () => focus(made.previousElementSibling),
        }))
        return made
      })
      return element("div", "row", element("span", "name", chip(colour), `${title} ${symbol}`), ...units)
    })
    const best = spec.output.best[t].map(({ index, probability }) =>
      choice("best", `Score of ${shown(index)}`, () => go({ sum: "output", character: index }, "sum"),
        `${shown(index)} ${(100 * probability).toFixed(probability < 0.1 ? 1 : 0)}%`))
    step.replaceChildren(
      ...heading(`Step ${t + 1}: the network reads “${spec.labels[t]}”`,
        "Each square is a unit. Choose one to see its cell, or a prediction to see its score."),
      ...rows, element("div", "row", element("span", "name", "Predicted next"), ...best))
  }

  // A value with its name, as a button where it is a sum of its own.
  function term(name, t, u) {
    const at = spec.sums.findIndex((each) => each.name === name)
    const words = `${named(name).symbol} ${number(value(name, t, u))}`
    if (at < 0) return element("span", "", words)
    return choice("link", `${named(name).title}: how it is computed`, () => go({ unit: u, sum: at }, "sum"), words)
  }

  function drawUnit(t) {
    const u = chosen.unit
    const lines = spec.states.map(({ name, products }) => element("p", "equation", `${named(name).symbol} = `,
      ...products.flatMap(([one, other], place) => [place ? " + " : "", term(one, t, u), " × ", term(other, t, u)]),
      ` = ${number(value(name, t, u))}`))
    const inputs = spec.sums.map((each, at) => element("p", "equation",
      `${named(each.name).title}: `, term(each.name, t, u),
      each.squash ? ` = ${each.squash}(${number(total(parts(at, t, u)))})` : ""))
    unit.replaceChildren(
      ...heading(`Unit ${u + 1} of step ${t + 1}`, "Choose a framed number to see the multiplications it comes from."),
      ...inputs, ...lines)
  }

  const sumAt = (at) => at === "output"
    ? { ...spec.output, input: null, product: [], biasName: "by", squash: "" } : spec.sums[at]

  // The terms of a sum: [name, weight, value], or a bias with neither.
  function parts(at, t, u) {
    const each = sumAt(at)
    const from = at === "output" ? "h" : "h_prev"
    const found = []
    each.state?.[u].forEach((weight, k) => found.push([`${named(from).symbol}, unit ${k + 1}`, weight, value(from, t, k)]))
    if (each.input) found.push([`input “${spec.labels[t]}”`, each.input[u][spec.inputs[t]], 1])
    if (each.product.length) found.push([each.product.map((n) => named(n).symbol).join(" ∗ "), ...each.product.map((n) => value(n, t, u))])
    return [...found, [`bias ${each.biasName}`, each.bias[u], null]]
  }
  const product = ([, a, b]) => (b === null ? a : a * b)
  const total = (all) => all.reduce((sum, part) => sum + product(part), 0)

  function drawSum(t) {
    const isOutput = chosen.sum === "output", u = isOutput ? chosen.character : chosen.unit
    const each = sumAt(chosen.sum), all = parts(chosen.sum, t, u)
    const rows = all.toSorted((one, other) => Math.abs(product(other)) - Math.abs(product(one)))
      .map(([name, a, b]) => [name, number(a), b === null ? "" : number(b), number(product([name, a, b]))])
    const ariaLabel = "All products, the largest first"
    const scroll = element("div", { className: "scroll", tabIndex: 0, role: "group", ariaLabel },
      table(["From", "Weight", "× value", "= product"], rows))
    const z = total(all)
    let words = `Sum of all ${all.length}: ${number(z)}`
    if (each.squash) words += `; ${each.squash}(${number(z)}) = ${number(value(each.name, t, u))}`
    if (isOutput) {
      const found = spec.output.best[t].find(({ index }) => index === u)
      words += found ? `; softmax of all scores gives it ${(100 * found.probability).toFixed(1)}%` : ""
    }
    const others = each.input ? ` All other inputs are 0: a character is a 1 among ${each.input[0].length - 1} zeros.` : ""
    sum.replaceChildren(
      ...heading(titleOfSum() + (isOutput ? "" : `, unit ${u + 1}`), `Each weight times its value, the largest products first.${others}`),
      scroll, element("p", "total", words))
  }

  return update
}

export default mount(buildZoom)
