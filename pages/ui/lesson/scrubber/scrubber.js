// The epoch scrubber: a slider over the snapshots of a run, without the server.
import { element, mount, onResize } from "../../components/dom.js"
import { makePlayer } from "../../components/player.js"
import { coloursOf, disc, sharp, trace } from "../canvas.js"
import { legend, makePanels } from "./panels.js"
import { addFrames, rangeOf, readSnapshots } from "./snapshot_file.js"

const EPOCHS_PER_SECOND = 12 // while it plays
const VANISHED = -12 // power of ten below which gradients are not shown

export function buildScrubber(root, { bar, written, curve, losses, readout, views }) {
  const palette = JSON.parse(root.dataset.palette)
  let file, frames = [], at = 0, colours, panels = [], range = {}

  const hint = readout.textContent
  const view = {
    get frame() { return frames[at] },
    get colours() { return colours },
    get range() { return range },
    read(text) { readout.textContent = text || hint },
    redraw: draw,
  }

  const player = makePlayer(root, bar, show, {
    name: "Epoch", rate: EPOCHS_PER_SECOND,
    label: (step) => `Epoch ${frames[step].epoch} of ${file.head.total}`,
  })

  function update(bytes) {
    const known = file?.head.name
    file = addFrames(file, readSnapshots(bytes))
    const isNew = file.head.name !== known
    frames = file.frames
    for (const key of ["influence", "gradient by step"]) {
      const [low, high] = rangeOf(frames, key)
      range[key] = [Math.max(low, VANISHED), high]
    }
    if (isNew) build()
    colours = coloursOf(root, palette.negative, palette.positive)
    colours.gates = Object.fromEntries(palette.gates.map((gate) => [gate, colours.gate(palette.rows[gate][1])]))
    root.style.setProperty("--most", colours.isDark ? "45%" : "75%") // letters stay readable
    const begin = file.head.name.startsWith("example ") ? 0 : Infinity // it is played from the untrained network
    player.resize(frames.length, isNew ? begin : player.atEnd ? Infinity : player.at)
  }

  function build() {
    panels = makePanels(file.head, view, palette)
    const groups = Map.groupBy(panels, (panel) => panel.group)
    const sections = [...groups].map(([title, members]) => {
      const heading = element("h4", "", title)
      if (members[0].scale) heading.append(legend(members))
      const grid = element("div", "panels", ...members.map((panel) => panel.made))
      return element("section", members[0].kind, heading, grid)
    })
    const isText = ({ className }) => className === "text"
    written.replaceChildren(...sections.filter(isText))
    views.replaceChildren(...sections.filter((section) => !isText(section)))
  }

  // Show a frame, its epoch and its losses.
  function show(step) {
    at = step
    const { epoch, losses: values } = frames[at]
    const { cells, probe, loss } = file.head
    const found = values?.map((value, i) => `${probe ? `error (${loss})` : cells[i].title} ${Number(value.toPrecision(3))}`)
    losses.textContent = found ? (probe ? "" : "test error: ") + found.join(", ") : "before training"
    root.dataset.epoch = epoch
    draw()
  }

  function draw() {
    drawCurve()
    for (const panel of panels) panel.draw(frames[at])
  }

  function drawCurve() {
    const { context, width, height } = sharp(curve, colours.font)
    const known = frames.flatMap((f) => f.losses ?? []).filter((v) => v > 0).map(Math.log)
    if (!known.length) return
    const [low, high] = [Math.min(...known), Math.max(...known)]
    const x = (i) => 8 + (i / Math.max(1, frames.length - 1)) * (width - 16)
    const y = (v) => 5 + ((high - Math.log(v)) / (high - low || 1)) * (height - 10)
    context.lineWidth = 2
    file.head.cells.forEach(({ name }, line) => {
      context.strokeStyle = context.fillStyle = palette.networks[name]
      trace(context, frames.flatMap(({ losses }, i) =>
        losses?.[line] > 0 ? [[x(i), y(losses[line])]] : []))
      const value = frames[at].losses?.[line]
      if (value > 0) disc(context, x(at), y(value), 4.5)
    })
    context.fillStyle = colours.faint
    context.fillRect(x(at) - 0.5, 0, 1, height)
  }

  onResize(root, () => frames.length && draw())
  return update
}

export default mount(buildScrubber)
