// Staff notation: the bar that the page's audio element plays is highlighted; a click seeks.
import { element, iconButton, mount, onResize, shape } from "../../components/dom.js"
import { makeSoundPlayer, soundOf, volumeSlider } from "../sound.js"

const PHONE = 560, TWO_PAGES = 840 // pixels of width: pages for phones below, two pages side by side above
const FONT = "Leipzig" // of signs within texts
const AROUND = 120 // of a bar's box above and below its staves, in the drawing's units
// Print the pages alone, one on each sheet.
const SHEETS = `
@media screen { .notation-print { display: none } }
@media print {
  @page { size: A4; margin: 10mm }
  html, body { height: auto !important; overflow: visible !important; background: #fff !important }
  body > :not(.notation-print) { display: none !important }
  .notation-print > svg { display: block; width: 100%; height: auto; break-inside: avoid }
  .notation-print > svg:not(:last-child) { break-after: page }
}`

let font // of the sheets, loaded once

function buildNotation(root, { bar, pages: sheets, readout }, _send, setState) {
  let data, pages = [], bars = [], drawn, first = 0, lit = -1, printing = false
  let asked = null // size of the pages last requested

  const player = makeSoundPlayer(root, bar, () => data && soundOf(data.sound), place, keys)
  const earlier = iconButton(bar, "back", "Previous page (Page up)", () => turn(-1))
  const where = element("span", "clock")
  bar.append(where)
  const later = iconButton(bar, "next", "Next page (Page down)", () => turn(1))
  iconButton(bar, "print", "Print, or save as PDF", () => print())
  bar.append(volumeSlider())

  function update(next) {
    data = next
    fit()
    const state = data.pages.join("")
    if (state !== drawn) {
      drawn = state
      draw()
    }
    player.show(true)
    if (printing && data.size === "paper") printPages()
  }

  // Request pages that fit the width, unless they are shown or already requested.
  function fit() {
    const width = root.clientWidth
    if (!width || !data || printing) return
    const size = width < PHONE ? "phone" : "paper"
    asked ??= data.size
    if (size !== asked) setState("size", (asked = size))
  }

  function draw() {
    if (data.font && !font) {
      font = new FontFace(FONT, `url(${data.font})`)
      document.fonts.add(font)
      font.load()
    }
    const parser = new DOMParser()
    bars = []
    pages = data.pages.map((text, i) => {
      const page = element("div", { className: "page box", role: "img" },
        document.importNode(parser.parseFromString(text, "image/svg+xml").documentElement, true))
      const own = [...page.querySelectorAll("g.measure")]
      for (const measure of own) bars.push({ measure, page: i })
      const numbers = own.map((_, k) => data.numbers[bars.length - own.length + k])
      page.ariaLabel = `${data.alt}. Page ${i + 1} of ${data.pages.length}, ` +
        `bars ${Math.max(1, numbers[0])} to ${numbers.at(-1)}.`
      page.onclick = (event) => {
        const at = bars.findIndex((one) => one.measure === event.target.closest("g.measure"))
        if (at >= 0) player.seek(data.bars[at])
      }
      return page
    })
    sheets.replaceChildren(...pages)
    lit = -1
    first = 0
    show(0)
    read("")
  }

  const shown = () => (root.clientWidth >= TWO_PAGES && data.size === "paper" ? 2 : 1)

  // Show a page, with its neighbour where two fit.
  function show(page) {
    const count = shown()
    first = Math.floor(Math.max(0, Math.min(pages.length - 1, page)) / count) * count
    pages.forEach((one, i) => (one.hidden = i < first || i >= first + count))
    const last = Math.min(first + count, pages.length)
    where.textContent = last > first + 1
      ? `Pages ${first + 1}–${last} of ${pages.length}` : `Page ${first + 1} of ${pages.length}`
    earlier.made.disabled = first === 0
    later.made.disabled = last === pages.length
    root.dataset.first = first
    for (const { measure, page } of bars) if (!pages[page].hidden) box(measure)
  }

  function turn(by) {
    show(first + by * shown())
  }

  // A rectangle over all staves of a bar, for highlighting and clicks.
  function box(measure) {
    if (measure.querySelector(":scope > .spot")) return
    const lines = measure.querySelectorAll(":scope > .staff > path")
    const boxes = Array.from(lines, (line) => line.getBBox())
    if (!boxes.length || !boxes[0].width) return
    const top = Math.min(...boxes.map((one) => one.y)) - AROUND
    const bottom = Math.max(...boxes.map((one) => one.y + one.height)) + AROUND
    measure.prepend(shape("rect", { class: "spot", x: boxes[0].x, y: top, width: boxes[0].width, height: bottom - top }))
  }

  const barAt = (time) => {
    const found = data.bars.findLastIndex((start) => start <= time + 1e-3)
    return Math.max(0, Math.min(bars.length - 1, found))
  }

  // Highlight the current bar, and turn to its page.
  function place(time, moved) {
    if (!bars.length) return
    const now = player.isPlaying() || time > 0 ? barAt(time) : -1
    if (now !== lit) {
      bars[lit]?.measure.classList.remove("now")
      bars[now]?.measure.classList.add("now")
      const page = bars[now]?.page ?? 0
      if (now >= 0 && (moved || page !== bars[lit]?.page) && pages[page].hidden) show(page)
      lit = now
      root.dataset.bar = now < 0 ? "" : data.numbers[now]
    }
  }

  function read(text) {
    readout.textContent = text ||
      "Click a bar to go there; space plays and pauses, left and right move by a bar."
  }

  function move(at) {
    const bar = Math.max(0, Math.min(bars.length - 1, at))
    player.seek(data.bars[bar])
    read(data.numbers[bar] ? `Bar ${data.numbers[bar]}, page ${bars[bar].page + 1}` : "Pickup, page 1")
  }

  function print() {
    printing = true
    if (data.size === "paper") printPages()
    else setState("size", (asked = "paper"))
  }

  function printPages() {
    const style = element("style", "", SHEETS)
    const paper = element("div", "notation-print")
    for (const page of pages) {
      const copy = page.firstElementChild.cloneNode(true)
      for (const spot of copy.querySelectorAll(".spot")) spot.remove()
      paper.append(copy)
    }
    const title = document.title
    document.title = data.name // the PDF's name
    document.head.append(style)
    document.body.append(paper)
    const done = () => {
      style.remove()
      paper.remove()
      document.title = title
      printing = false
      fit()
    }
    addEventListener("afterprint", done, { once: true })
    Promise.resolve(font?.loaded).finally(() => window.print())
  }

  function keys() {
    const at = barAt(player.time())
    return {
      Home: () => move(0),
      End: () => move(bars.length - 1),
      ArrowRight: () => move(at + 1),
      ArrowLeft: () => move(at - 1),
      PageDown: () => turn(1),
      PageUp: () => turn(-1),
    }
  }

  onResize(root, () => {
    if (!data) return
    fit()
    show(bars[lit]?.page ?? first)
  })
  return update
}

export default mount(buildNotation)
