// Numbers and characters as text.
export const minus = (text) => text.replaceAll("-", "−")

export function threeDigits(value) {
  if (value === null) return "–"
  if (value === 0) return "0"
  return minus(Math.abs(value) < 0.001 ? value.toExponential(1) : value.toPrecision(3))
}

export const visible = (character) => ({ "\n": "↵", " ": "␣" })[character] ?? character
