// The map of sentences: marks that move over the epochs of a training.
import { element, mount, onKeys, onResize, shape } from "../../components/dom.js"
import { makePlayer } from "../../components/player.js"

const EPOCHS_PER_SECOND = 5 // while it plays
const MARK = 5, CHOSEN = 9, TYPED = 9 // pixels: half the size of marks
const NARROW = 500, SMALLER = 0.75 // pixels, below which marks are smaller
const REACH = 24 // pixels around a mark in which the pointer selects it
const EDGE = 14 // pixels around the marks
const SHORTEST = 240, TALLEST = 440, FLATTEST = 0.64 // pixels; height by width
const PERCENT = 100

// Corners on a circle, every other one on an inner one if it is a star.
function polygon(corners, turn, inner = 1) {
  const points = Array.from({ length: corners }, (_, i) => {
    const angle = ((turn + (360 * i) / corners) * Math.PI) / 180
    const radius = i % 2 ? inner : 1
    return `${(radius * Math.sin(angle)).toFixed(3)},${(-radius * Math.cos(angle)).toFixed(3)}`
  })
  return `M${points.join("L")}Z`
}
const SHAPES = [ // one for each class, for readers who are colour-blind
  "M0,-.9A.9,.9,0,1,1,0,.9A.9,.9,0,1,1,0,-.9Z",
  "M-.8,-.8H.8V.8H-.8Z",
  polygon(3, 0),
  polygon(4, 0),
  "M-.35,-1H.35V-.35H1V.35H.35V1H-.35V.35H-1V-.35H-.35Z", // a plus
  polygon(3, 180),
  polygon(10, 0, 0.45),
  polygon(6, 30),
  polygon(8, 0, 0.35),
  polygon(3, 90),
  polygon(5, 0),
  polygon(3, 270),
]
const NONE = "M0,-.9A.9,.9,0,1,1,0,.9A.9,.9,0,1,1,0,-.9ZM0,-.45A.45,.45,0,1,0,0,.45A.45,.45,0,1,0,0,-.45Z"

function buildMap(root, { bar, map: svg, readout, legend, shown, training, typed }) {
  const hint = readout.textContent
  let data, marks = [], at = 0, chosen = null, ranges = []
  const player = makePlayer(root, bar, show, {
    name: "Epoch", rate: EPOCHS_PER_SECOND, smooth: true,
    label: (step) => data.frames[step].epoch === null ? "The finished model" : `Epoch ${data.frames[step].epoch}`,
  })

  const label = (index) => data.labels[Math.min(index, data.labels.length - 1)]
  function update(next) {
    const toEnd = !data || data.name !== next.name || player.atEnd
    data = next
    ranges = [0, 1].map((axis) => {
      const values = data.frames.flatMap((frame) => frame.places.filter((_, i) => i % 2 === axis))
      return { low: Math.min(...values), high: Math.max(...values) }
    })
    const last = data.frames.length - 1
    root.classList.toggle("still", last === 0)
    chosen = null
    build()
    player.resize(last + 1, toEnd ? last : player.at)
  }

  function build() {
    const markOf = ({ shape: form, colour }) =>
      shape("path", { d: SHAPES[form] ?? NONE, style: `--mark: ${colour}` })
    marks = data.texts.map((text, i) =>
      ({ text, label: data.classes[i], index: i, drawn: markOf(label(data.classes[i])) }))
    training.replaceChildren(...marks.map((mark) => mark.drawn))
    const yours = data.typed.map((each, i) => {
      const drawn = shape("g", { class: i ? "" : "now" }, markOf(label(each.answer)))
      return { ...each, drawn, typed: true }
    })
    typed.replaceChildren(...yours.map((mark) => mark.drawn).reverse())
    marks.push(...yours)
    legend.replaceChildren(...data.labels.filter((each) => each.count).map((each) => {
      const icon = shape("svg", { viewBox: "-1.2 -1.2 2.4 2.4", "aria-hidden": true }, markOf(each))
      return element("li", "", icon, each.name)
    }))
  }

  // Places in pixels, on one scale for both axes: distances are what the map shows.
  // The scale is that of all epochs; a typed sentence beyond it is drawn at the edge.
  function projection() {
    const width = svg.clientWidth || 600
    const height = Math.min(TALLEST, Math.max(SHORTEST, width * FLATTEST))
    svg.setAttribute("height", height)
    const sizes = [width - 2 * EDGE, height - 2 * EDGE]
    const scale = Math.min(...ranges.map(({ low, high }, axis) => sizes[axis] / Math.max(1, high - low)))
    const inside = (value, axis) => {
      const { low, high } = ranges[axis]
      const shift = (value - (low + high) / 2) * scale
      return Math.max(-sizes[axis] / 2, Math.min(sizes[axis] / 2, shift))
    }
    return ([x, y]) => [width / 2 + inside(x, 0), height / 2 - inside(y, 1)]
  }

  function draw() {
    if (!data) return
    const project = projection()
    const shrink = svg.clientWidth < NARROW ? SMALLER : 1
    const before = data.frames[Math.floor(at)], after = data.frames[Math.ceil(at)]
    const part = at - Math.floor(at)
    const frame = data.frames[Math.round(at)]
    for (const mark of marks) {
      const i = mark.index
      const place = mark.typed
        ? mark.place
        : [0, 1].map((axis) => before.places[2 * i + axis] * (1 - part) + after.places[2 * i + axis] * part)
      ;[mark.x, mark.y] = project(place)
      const size = shrink * (mark === chosen ? CHOSEN : mark.typed ? TYPED : MARK)
      mark.drawn.setAttribute("transform", `translate(${mark.x.toFixed(1)} ${mark.y.toFixed(1)}) scale(${size.toFixed(2)})`)
      if (!mark.typed) mark.drawn.classList.toggle("wrong", frame.answers[i] !== mark.label)
      mark.drawn.classList.toggle("chosen", mark === chosen)
    }
    typed.style.display = player.atEnd ? "" : "none"
  }

  function show(step) {
    at = step
    const frame = data.frames[Math.round(at)]
    const wrong = data.classes.filter((label, i) => frame.answers[i] !== label).length
    shown.textContent =
      `The two directions have ${Math.round(PERCENT * frame.variance)}% of the variance of the state's ${data.size} numbers. ` +
      `Outlined: ${wrong} of ${data.classes.length} answered otherwise than labelled.`
    root.dataset.epoch = frame.epoch ?? "end"
    if (chosen?.typed && !player.atEnd) chosen = null // its place is known at the last epoch only
    draw()
    read()
  }

  function read() {
    if (!chosen) return (readout.textContent = hint)
    const frame = data.frames[Math.round(at)]
    const answer = chosen.typed ? chosen.answer : frame.answers[chosen.index]
    const sure = chosen.typed ? chosen.confidence : frame.confidence[chosen.index]
    const known = chosen.typed ? "typed" : `labelled ${label(chosen.label).name}`
    readout.textContent = `“${chosen.text}”: ${known}, answered ${label(answer).name} (${sure}%)`
  }

  const visible = () => marks.filter((mark) => !mark.typed || player.atEnd)

  function choose(mark) {
    chosen = mark
    if (mark) mark.drawn.parentNode.append(mark.drawn) // above the others
    draw()
    read()
  }

  function point(event) {
    const box = svg.getBoundingClientRect()
    const [x, y] = [event.clientX - box.left, event.clientY - box.top]
    let nearest = null, least = REACH
    for (const mark of visible()) {
      const distance = Math.hypot(mark.x - x, mark.y - y) - (mark.typed ? MARK : 0)
      if (distance < least) [nearest, least] = [mark, distance]
    }
    if (nearest !== chosen) choose(nearest)
  }
  svg.onpointermove = svg.onpointerdown = point

  // From the chosen mark to the nearest one in the direction of an arrow key.
  function step(dx, dy) {
    const all = visible()
    if (!all.includes(chosen)) return choose(all.find((mark) => mark.typed) ?? all[0])
    let nearest = null, least = Infinity
    for (const mark of all) {
      const along = (mark.x - chosen.x) * dx + (mark.y - chosen.y) * dy
      const across = Math.abs((mark.x - chosen.x) * dy) + Math.abs((mark.y - chosen.y) * dx)
      const cost = along + 2 * across
      if (mark !== chosen && along > 0 && cost < least) [nearest, least] = [mark, cost]
    }
    if (nearest) choose(nearest)
  }

  onKeys(svg, () => ({
    ArrowRight: () => step(1, 0),
    ArrowLeft: () => step(-1, 0),
    ArrowUp: () => step(0, -1),
    ArrowDown: () => step(0, 1),
  }))
  onResize(root, draw)
  return update
}

export default mount(buildMap)
