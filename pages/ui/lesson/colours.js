// The colours of values, and heatmaps in them.
const mix = (a, b, share) => a.map((v, i) => Math.round(v + (b[i] - v) * share))

function readColour(context, name) {
  context.fillStyle = "#888888"
  context.fillStyle = name
  const hex = context.fillStyle
  return [1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16))
}

// Colours of the page as it is now, and tables from a level to a pixel: `around` zero
// from -1 to 1, and `gate(colour)` from 0 to 1. The last pixel of each is for NaN.
function coloursOf(root, negative, positive) {
  const style = getComputedStyle(root)
  const context = document.createElement("canvas").getContext("2d")
  const read = (name) => readColour(context, style.getPropertyValue(`--st-${name}`).trim())
  const paper = read("background-color"), ink = read("text-color")
  const empty = mix(paper, read("border-color"), 0.35)
  const [below, above] = [negative, positive].map((pair) => readColour(context, pair[isDark(root) ? 1 : 0]))
  const table = (colourAt) => Uint32Array.from({ length: 257 }, (_, i) => {
    const [r, g, b] = i < 256 ? colourAt(i / 127.5 - 1) : empty
    return (255 << 24) | (b << 16) | (g << 8) | r
  })
  const css = (rgb) => `rgb(${rgb.join()})`
  return {
    paper, below, above, ink: css(ink), faint: `rgba(${ink.join()}, 0.16)`,
    around: table((level) => mix(paper, level < 0 ? below : above, Math.abs(level))),
    gate: (colour) => table((level) => mix(paper, readColour(context, colour), Math.max(0, level))),
    scale: `linear-gradient(90deg, ${css(below)}, ${css(paper)}, ${css(above)})`,
    font: style.getPropertyValue("--st-code-font") || "monospace",
  }
}

// One matrix (rows, columns) as coloured squares in a rectangle; `limit` is full colour.
function heatmap(context, values, [rows, columns], limit, table, box, gap = 0) {
  const small = (heatmap.canvas ??= document.createElement("canvas"))
  Object.assign(small, { width: columns, height: rows })
  const pen = small.getContext("2d")
  const image = pen.createImageData(columns, rows)
  const pixels = new Uint32Array(image.data.buffer)
  for (let i = 0; i < pixels.length; i++) {
    const level = Math.max(-1, Math.min(1, values[i] / limit))
    pixels[i] = table[Number.isNaN(level) ? 256 : Math.round((level + 1) * 127.5)]
  }
  pen.putImageData(image, 0, 0)
  context.imageSmoothingEnabled = false
  context.drawImage(small, 0, 0, columns, rows, ...box)
  const [left, top, width, height] = box
  for (let t = 1; gap && t <= columns; t++) context.clearRect(left + (t * width) / columns - gap, top, gap, height)
  for (let j = 1; gap && j <= rows; j++) context.clearRect(left, top + (j * height) / rows - gap, width, gap)
}
