// Drawing on canvases: their size, the colours of values, and heatmaps in them.

// Fit a canvas to its box, as sharp as the screen. Returns its context, in CSS pixels; texts
// are around the point that they are drawn at. Its height is that of the page's styles,
// unless one is given.
export function sharp(canvas, font, given) {
  if (given) canvas.style.height = `${given}px`
  const ratio = window.devicePixelRatio || 1
  const { clientWidth: width, clientHeight: height } = canvas
  Object.assign(canvas, { width: Math.round(width * ratio), height: Math.round(height * ratio) })
  const context = canvas.getContext("2d")
  context.scale(ratio, ratio)
  Object.assign(context, { font, textAlign: "center", textBaseline: "middle" })
  return { context, width, height }
}

// A line through points, in the style of the context.
export function trace(context, points) {
  context.beginPath()
  for (const [x, y] of points) context.lineTo(x, y)
  context.stroke()
}

export function disc(context, x, y, radius) {
  context.beginPath()
  context.arc(x, y, radius, 0, 2 * Math.PI)
  context.fill()
}

const mix = (a, b, share) => a.map((v, i) => Math.round(v + (b[i] - v) * share))

function readColour(context, name) {
  context.fillStyle = "#888888"
  context.fillStyle = name
  const hex = context.fillStyle
  return [1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16))
}

// Colours of the page as it is now, also set as --negative and --positive of the root; and
// tables from a level to a pixel: `around` zero from -1 to 1, and `gate(colour)` from 0 to
// 1. The last pixel of each is for NaN.
export function coloursOf(root, negative, positive) {
  const style = getComputedStyle(root)
  const context = document.createElement("canvas").getContext("2d")
  const theme = (name) => style.getPropertyValue(`--st-${name}`).trim()
  const read = (name) => readColour(context, theme(name))
  const paper = read("background-color"), ink = read("text-color")
  const empty = mix(paper, read("border-color"), 0.35)
  const isDark = paper[0] + paper[1] + paper[2] < 384
  const [below, above] = [negative, positive].map((pair) => readColour(context, pair[isDark ? 1 : 0]))
  const table = (colourAt) => Uint32Array.from({ length: 257 }, (_, i) => {
    const [r, g, b] = i < 256 ? colourAt(i / 127.5 - 1) : empty
    return (255 << 24) | (b << 16) | (g << 8) | r
  })
  const css = (rgb) => `rgb(${rgb.join()})`
  root.style.setProperty("--negative", css(below))
  root.style.setProperty("--positive", css(above))
  return {
    theme, isDark, ink: css(ink), faint: `rgba(${ink.join()}, 0.16)`, grey: theme("gray-text-color"),
    font: `12px ${theme("font")}`, digits: `11px ${theme("code-font") || "monospace"}`,
    around: table((level) => mix(paper, level < 0 ? below : above, Math.abs(level))),
    gate: (colour) => table((level) => mix(paper, readColour(context, colour), Math.max(0, level))),
  }
}

const pixelOf = (table, level) =>
  table[Number.isNaN(level) ? 256 : Math.round((Math.max(-1, Math.min(1, level)) + 1) * 127.5)]

export const cssOf = (table, level) => {
  const pixel = pixelOf(table, level)
  return `rgb(${pixel & 255},${(pixel >> 8) & 255},${(pixel >> 16) & 255})`
}

const small = document.createElement("canvas") // of a heatmap, a pixel a square

// One matrix (rows, columns) as coloured squares in a rectangle; `limit` is full colour.
export function heatmap(context, values, [rows, columns], limit, table, box, gap = 0) {
  Object.assign(small, { width: columns, height: rows })
  const pen = small.getContext("2d")
  const image = pen.createImageData(columns, rows)
  const pixels = new Uint32Array(image.data.buffer)
  for (let i = 0; i < pixels.length; i++) pixels[i] = pixelOf(table, values[i] / limit)
  pen.putImageData(image, 0, 0)
  context.imageSmoothingEnabled = false
  context.drawImage(small, 0, 0, columns, rows, ...box)
  const [left, top, width, height] = box
  for (let t = 1; gap && t <= columns; t++) context.clearRect(left + (t * width) / columns - gap, top, gap, height)
  for (let j = 1; gap && j <= rows; j++) context.clearRect(left, top + (j * height) / rows - gap, width, gap)
}
