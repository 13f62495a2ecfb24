// Draws the unrolled network, and the names of its steps.
import { disc, sharp, trace } from "./canvas.js"

export function axis(context, labels, w, y, now, { ink, grey }) {
  const every = Math.ceil(16 / w)
  labels.forEach((label, t) => {
    context.fillStyle = t === now ? ink : grey
    if (t % every === 0) context.fillText(label, (t + 0.5) * w - 1, y)
  })
}

// A box a step, its input below, the result of its gradient check within and above.
export function drawStrip(canvas, colours, spec, { now, seen, pulse }) {
  const { context, width } = sharp(canvas, colours.font, 92), { ink, grey } = colours
  const T = spec.labels.length, w = width / T, half = Math.min(26, w * 0.34)
  const middle = (t) => (t + 0.5) * w
  const above = 42 - 5 * (spec.lines.length - 1)
  const lines = spec.lines.map((colour, k) => [colour, above + 10 * k])

  for (const [colour, y] of lines) {
    context.strokeStyle = context.fillStyle = colour
    context.lineWidth = 2.5
    for (let t = 0; t + 1 < T; t++) {
      context.globalAlpha = seen(t) && seen(t + 1) ? 1 : 0.3
      trace(context, [[middle(t) + half, y], [middle(t + 1) - half, y]])
    }
    context.globalAlpha = 1
    if (pulse !== null) disc(context, middle(pulse), y, 4.5)
  }
  spec.labels.forEach((_, t) => {
    context.globalAlpha = seen(t) ? 1 : 0.3
    context.strokeStyle = t === now ? ink : grey
    context.lineWidth = t === now ? 2.5 : 1
    context.fillStyle = colours.theme("background-color")
    context.beginPath()
    context.roundRect(middle(t) - half, 28, 2 * half, 28, Math.min(6, half))
    context.fill()
    context.stroke()
    trace(context, [[middle(t), 56], [middle(t), 68]])
    context.fillStyle = t === now ? ink : grey
    if (spec.checks) {
      if (seen(t)) verdict(context, colours, spec.checks[t], middle(t), half)
    } else if (half > 14) context.fillText(spec.cell, middle(t), 42.5, 2 * half - 6)
  })
  context.globalAlpha = 1
  axis(context, spec.labels, w, 80, now, colours)
}

function verdict(context, { theme, font }, check, x, half) {
  context.fillStyle = theme(check.right ? "green-color" : "red-color")
  context.font = `bold ${Math.min(14, 2 * half)}px ${theme("font")}`
  context.fillText(check.right ? "✓" : "✗", x, 42.5)
  context.font = font
  if (half > 9) context.fillText(check.digits, x, 14)
}
