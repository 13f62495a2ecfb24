// The plots of the scrubber.
import { disc, sharp, trace } from "../canvas.js"
import { visible } from "../numbers.js"

// The inputs under a heatmap: characters, or triangles at the marked numbers.
export function sequenceBelow(context, head, colours, [left, top, width, height]) {
  context.fillStyle = colours.ink
  if (head.probe) {
    const wide = width / (head.probe.length - 1)
    context.font = `${Math.min(12, Math.max(8, wide * 1.25))}px ${colours.theme("code-font")}`
    head.probe.slice(0, -1).forEach((character, t) => {
      context.fillText(visible(character), left + (t + 0.5) * wide, top + height + 8)
    })
  } else {
    const wide = width / head.numbers.length
    for (const t of head.marks) {
      const x = Math.min(left + (t + 0.5) * wide, left + width - 4)
      context.beginPath()
      context.moveTo(x, top + height + 3)
      context.lineTo(x - 4, top + height + 10)
      context.lineTo(x + 4, top + height + 10)
      context.fill()
    }
  }
}

// Lines over steps; the values are powers of ten.
export function logPlot(canvas, lines, [low, high], labels, colours) {
  const { context, width, height } = sharp(canvas, colours.digits)
  const [left, bottom, right, top] = [44, height - 20, width - 10, 8]
  const [floor, ceiling] = [Math.floor(low), Math.max(Math.floor(low) + 1, Math.ceil(high))]
  const y = (value) => bottom - ((value - floor) / (ceiling - floor)) * (bottom - top)
  const x = (t, count) => left + ((t + 0.5) / count) * (right - left)
  const stride = Math.ceil((ceiling - floor) / 4)
  context.textAlign = "right"
  for (let power = floor; power <= ceiling; power += stride) {
    context.fillStyle = colours.ink
    context.fillText(`1e${power}`, left - 6, y(power))
    context.fillStyle = colours.faint
    context.fillRect(left, y(power), right - left, 1)
  }
  context.textAlign = "center"
  context.fillStyle = colours.ink
  labels.forEach((label, t) => context.fillText(label, x(t, labels.length), height - 9))
  context.lineWidth = 2.5
  context.save()
  context.beginPath()
  context.rect(left, 0, right - left, bottom + 2)
  context.clip()
  for (const { values, colour } of lines) {
    context.strokeStyle = colour
    trace(context, Array.from(values, (value, t) => [x(t, values.length), y(value)]))
  }
  context.restore()
}

// Predictions against the correct sums, both from 0 to 2: correct ones are on the diagonal.
export function predictionPlot(canvas, predictions, targets, colour, colours) {
  const { context, width, height } = sharp(canvas, colours.digits)
  const side = Math.min(width, height) - 24
  const [left, top] = [20, 4]
  const x = (v) => left + (v / 2) * side
  const y = (v) => top + side - (Math.max(0, Math.min(2, v)) / 2) * side
  context.strokeStyle = colours.faint
  context.strokeRect(left, top, side, side)
  trace(context, [[x(0), y(0)], [x(2), y(2)]])
  context.fillStyle = colours.ink
  context.fillText("0", left - 7, y(0) - 4)
  context.fillText("2", left - 7, y(2) + 6)
  context.fillText("2", x(2) - 3, y(0) + 10)
  context.fillStyle = colour
  context.globalAlpha = 0.75
  targets.forEach((target, i) => disc(context, x(target), y(predictions[i]), 3))
  context.globalAlpha = 1
}
