// A text in the colours of a unit, at each epoch.
import { element, mount, onKeys } from "../components/dom.js"
import { makePlayer } from "../components/player.js"
import { coloursOf } from "./canvas.js"
import { visible } from "./numbers.js"

const EPOCHS_PER_SECOND = 8 // while it plays
const LEVELS = 127 // of a byte, for full colour

const signed = (value) => `${Number(value.toFixed(2)) < 0 ? "−" : "+"}${Math.abs(value).toFixed(2)}`
const decode = (text) => Int8Array.from(atob(text), (character) => character.charCodeAt(0))

function buildUnitText(root, { less, more, text: box, readout, bar, follows }, report) {
  const hint = readout.textContent
  let spec = {}, levels = [], cells = [], current = null
  const player = makePlayer(root, bar, show, {
    name: "Epoch", rate: EPOCHS_PER_SECOND,
    seen: () => levels.length > 1 && spec.watched && report("seen", Date.now()),
    label: (step) => (spec.epochs?.[step] ? `Epoch ${spec.epochs[step]}` : "Before training"),
  })

  function update(data) {
    const before = spec
    spec = data
    levels = spec.levels.map(decode)
    coloursOf(root, spec.negative, spec.positive)
    if (before.text !== spec.text) write()
    ;[less.textContent, more.textContent] = spec.scale
    bar.hidden = follows.hidden = levels.length < 2
    const same = before.network === spec.network && before.levels.length === levels.length
    player.restart(levels.length, same ? player.at : levels.length - 1)
  }

  // Lines break between words only.
  function write() {
    box.replaceChildren(...spec.text.split(/(?<=\s)/).flatMap((word) => [
      element("span", "word", ...[...word].map((one) => element("span", "", one === " " ? "\u00a0" : visible(one)))),
      element("wbr"),
    ]))
    cells = [...box.querySelectorAll(".word > span")]
    cells.forEach((cell, i) => (cell.dataset.i = i))
    current = null
  }

  // Colour the text as it is at an epoch.
  function show(at) {
    if (!levels.length) return
    cells.forEach((cell, i) => {
      cell.style.setProperty("--much", Math.abs(levels[at][i]) / LEVELS)
      cell.classList.toggle("negative", levels[at][i] < 0)
    })
    follows.textContent = spec.follows ? `Correlation with ${spec.follows}: ${signed(spec.correlations[at])}` : ""
    root.dataset.epoch = spec.epochs?.[at] ?? ""
    read(current)
  }

  function read(i) {
    cells[current]?.classList.remove("current")
    cells[i]?.classList.add("current")
    current = i
    if (i === null) return (readout.textContent = hint)
    const value = (levels[player.at][i] / LEVELS) * spec.full
    readout.replaceChildren(
      element("strong", "", `Character ${i + 1}, “${cells[i].textContent}”`), ` · ${spec.reads} `,
      element("span", "value", signed(value)),
    )
  }
  box.onpointermove = box.onpointerdown = ({ target }) => target.dataset.i && read(Number(target.dataset.i))
  box.onpointerleave = () => read(null)
  function step(by) {
    read(Math.max(0, Math.min(cells.length - 1, (current ?? -1) + by)))
    cells[current].scrollIntoView({ block: "nearest" })
  }
  onKeys(box, () => ({ ArrowRight: () => step(1), ArrowLeft: () => step(-1) }))

  return update
}

export default mount(buildUnitText)
