// The equations of one step back in time: each number below its symbol, as Python sent it.
import { element } from "../components/dom.js"
import { threeDigits } from "./numbers.js"

const SUBSCRIPTS = "₁₂₃₄₅₆"

export function buildEquations({ equations, paths, folded }) {
  const made = element("figure", "equations box")
  const title = element("figcaption"), unitTitle = element("h4")
  const summary = element("summary", "", "Gates and candidate")
  const gates = element("details", "", summary)
  const updates = [] // each draws one number of a step and a unit
  gates.open = !folded.gates || equations.some(({ gate, sums }) => gate && sums)
  summary.onclick = () => (folded.gates = gates.open) // before it is toggled

  function stack(symbol, colour, value) {
    const name = element("i"), number = element("b")
    const holder = element("span", { className: "stack", style: `--chip: ${colour}` }, name, number)
    updates.push((t, unit) => {
      name.textContent = symbol.replace("ⱼ", SUBSCRIPTS[unit])
      number.textContent = threeDigits(value(t, unit))
    })
    return holder
  }
  const quantity = ({ symbol, colour, values }) =>
    stack(symbol, colour, (t, unit) => values[unit][t])
  const sign = (text) => element("span", "sign", text)
  const pair = (before, quantity) => element("span", "pair", before, quantity) // on one line

  function equation({ left, terms, sums }) {
    const equal = sign("=")
    const products = terms.map((factors, k) => element("span", "product", ...factors.map(
      (factor, n) => pair(k || n ? sign(n ? "×" : "+") : equal, quantity(factor)),
    )))
    const row = element("div", "equation", quantity(left), ...products)
    if (sums) { // the two sides differ somewhere
      const sum = stack("correct", "transparent", (t, unit) => sums.values[unit][t])
      row.append(pair(sign("="), sum))
      row.lastChild.classList.add("correct")
      updates.push((t, unit) => {
        const wrong = !sums.holds[unit][t]
        row.classList.toggle("wrong", wrong)
        equal.textContent = wrong ? "≠" : "="
      })
    }
    return row
  }

  // The norm, what it is multiplied by, and the norm one step earlier.
  function path({ title: way, norms, factors }) {
    const row = element("div", "equation")
    if (way) row.append(element("span", "way", way))
    norms.forEach((norm, k) => {
      if (k) {
        const { symbol, colour, values } = factors[k - 1]
        const factor = stack(symbol, colour, (t) => values[t])
        factor.classList.add("factor")
        updates.push((t) => {
          factor.style.setProperty("--much", `${Math.min(1, values[t] ?? 0) * 100}%`)
        })
        row.append(pair(sign("×"), factor))
      }
      const length = stack(`‖${norm.symbol}‖`, "transparent", (t) => norm.values[t])
      if (!k) row.append(length)
      else if (k === norms.length - 1) row.append(pair(sign("="), length))
    })
    return row
  }

  made.append(title, element("h4", "", "Norm over all units"), ...paths.map(path), unitTitle)
  for (const one of equations) (one.gate ? gates : made).append(equation(one))
  if (equations.some((one) => one.gate)) made.append(gates)

  return {
    made,
    show(t, unit) {
      title.textContent = t
        ? `From step ${t + 1} back to step ${t}`
        : "From step 1 back to the initial state"
      unitTitle.textContent = `Unit ${unit + 1}`
      for (const update of updates) update(t, unit)
    },
  }
}
