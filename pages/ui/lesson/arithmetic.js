// One step of a cell for one example, by its equations as core/lesson/forward_equations.py
// lists them: a vector is a list of numbers, a matrix a list of rows.
const FUNCTIONS = { σ: (z) => 0.5 * (1 + Math.tanh(0.5 * z)), tanh: Math.tanh, "": (z) => z }

export const total = (numbers) => numbers.reduce((one, other) => one + other, 0)
const add = (...vectors) => vectors[0].map((_, k) => total(vectors.map((vector) => vector[k])))

function softmax(z) {
  const top = Math.max(...z), e = z.map((score) => Math.exp(score - top)), sum = total(e)
  return e.map((one) => one / sum)
}

// Returns all values by name, with the `W terms` of each matrix, weight times input, their
// `W sum` of each row, the `argument` of each function, and the products of two values.
export function computeStep({ sums, states, head }, numbers) {
  const values = { ...numbers }

  function multiply(weight, vector) {
    const terms = values[weight].map((row) => row.map((w, k) => w * vector[k]))
    values[`${weight} terms`] = terms
    return (values[`${weight} sum`] = terms.map(total))
  }
  function read(name) { // also "tanh c" and "1 − z"
    const of = values[name.split(" ").at(-1)]
    return (values[name] ??= of.map(name.startsWith("tanh") ? Math.tanh : (value) => 1 - value))
  }
  function product([one, other]) {
    const factor = read(other)
    return (values[`${one} × ${other}`] = read(one).map((value, k) => value * factor[k]))
  }

  const { xt, h_prev } = numbers
  for (const { name, squash, state, input, bias, product: factors } of sums) {
    const parts = state === input
      ? [multiply(state, [...h_prev, ...xt])]
      : [...(state ? [multiply(state, h_prev)] : []), ...(input ? [multiply(input, xt)] : [])]
    if (factors.length) parts.push(product(factors))
    const z = (values[`${name} argument`] = add(...parts, values[bias]))
    values[name] = z.map(FUNCTIONS[squash])
  }
  for (const [name, products] of Object.entries(states)) values[name] = add(...products.map(product))
  const [W, b] = head
  values.score = add(multiply(W, values.h), values[b])
  values.yt_pred = softmax(values.score)
  return values
}
