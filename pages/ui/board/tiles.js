// One tile for each student, from the answers of the board's live part. Tiles are updated
// in place, as fifty are drawn each second.
import { followAnswers } from "../components/answers.js"
import { ICONS, button, calm, element, mount, onEnd, onResize, shape } from "../components/dom.js"

const STATUS_ICONS = {
  none: "M12 7a5 5 0 1 0 0 10 5 5 0 0 0 0-10zm0 2a3 3 0 1 1 0 6 3 3 0 0 1 0-6z",
  queued: "M6 2v6l4 4-4 4v6h12v-6l-4-4 4-4V2zm10 14.5V20H8v-3.5l4-4z",
  running: ICONS.play,
  done: "M9 16.2 4.8 12l-1.4 1.4L9 19 21 7l-1.4-1.4z",
  stopped: ICONS.stop,
  failed: "M11 7h2v7h-2zm0 9h2v2h-2zM12 2a10 10 0 1 0 0 20 10 10 0 0 0 0-20zm0 18a8 8 0 1 1 0-16 8 8 0 0 1 0 16z",
  idle: "M12 2a10 10 0 1 0 0 20 10 10 0 0 0 0-20zm0 18a8 8 0 1 1 0-16 8 8 0 0 1 0 16zm1-13h-2v6l5 3 1-1.6-4-2.4z",
}
const GAP = 10, NARROW = 560, BELOW = 14 // pixels
const SMALLEST = { width: 132, height: 104 }, LARGEST = { width: 460, height: 300 }
const SHAPE = 1.25 // best ratio of the width and the height of a tile
const MOVE = 350 // milliseconds of a tile's movement

function buildTile(open) {
  const name = element("span", "name"), done = element("span", "done")
  const title = element("span", "title"), word = element("span", "word")
  const line = shape("polyline"), path = shape("path")
  const curve = shape("svg", { class: "curve", preserveAspectRatio: "none", "aria-hidden": true }, line)
  const icon = shape("svg", { viewBox: "0 0 24 24", "aria-hidden": true }, path)
  const figure = element("span", "figure"), bar = element("span", "bar")
  const inside = element("span", "inside",
    element("span", "top", name, done), title, curve,
    element("span", "bottom", element("span", "status", icon, word), figure))
  let known
  const tile = button({ className: "tile" }, () => open(known.run), inside, bar)

  // Names and titles are users' input: set as text, not as HTML.
  function set(data, [width, height]) {
    if (JSON.stringify(data) === JSON.stringify(known)) return
    known = data
    curve.setAttribute("viewBox", `0 -3 ${width} ${height + 6}`)
    name.textContent = data.name
    title.textContent = title.title = data.title
    word.textContent = data.word
    figure.textContent = data.figure
    figure.title = data.caption
    done.textContent = data.done
    done.classList.toggle("all", data.all)
    line.setAttribute("points", data.curve)
    path.setAttribute("d", STATUS_ICONS[data.status])
    Object.assign(tile.dataset, { status: data.status, run: data.run ?? "" })
    tile.style.setProperty("--progress", data.progress)
    Object.assign(tile, { disabled: !data.run, ariaLabel: data.label, title: data.label })
  }

  return { tile, set }
}

function buildBoard(root) {
  const tiles = new Map()
  let leave = () => {}, open

  function update(url, trigger) {
    open = (run) => trigger("opened", run)
    leave()
    leave = followAnswers(url, (answer) => draw(answer.board))
  }

  function draw({ students, size, curve }) {
    root.style.setProperty("--curve", curve)
    const there = new Set(students.map((student) => student.id))
    for (const [id, { tile }] of tiles) {
      if (!there.has(id)) {
        tile.remove()
        tiles.delete(id)
      }
    }
    for (const student of students) {
      if (!tiles.has(student.id)) tiles.set(student.id, buildTile((run) => open(run)))
      tiles.get(student.id).set(student, size)
    }
    order(students.map((student) => tiles.get(student.id).tile))
    fit()
  }

  function order(wanted) {
    if (wanted.every((tile, place) => root.children[place] === tile)) return
    const before = new Map(wanted.filter((tile) => tile.isConnected)
      .map((tile) => [tile, tile.getBoundingClientRect()]))
    const focused = root.getRootNode().activeElement
    wanted.forEach((tile, place) => {
      if (root.children[place] !== tile) root.insertBefore(tile, root.children[place] ?? null)
    })
    if (focused?.isConnected && root.contains(focused)) focused.focus()
    if (calm.matches) return
    for (const [tile, from] of before) {
      const to = tile.getBoundingClientRect()
      const x = from.left - to.left, y = from.top - to.top
      if (x || y) tile.animate([{ transform: `translate(${x}px, ${y}px)` }, {}],
        { duration: MOVE, easing: "ease-in-out" })
    }
  }

  // The number of columns with the largest tiles that all fit on the screen.
  function fit() {
    const count = tiles.size, width = root.clientWidth
    if (!count || !width) return
    let columns = 2, row = 128
    if (width >= NARROW) {
      const page = root.getRootNode().host?.closest('[data-testid="stMain"]')
      const top = root.getBoundingClientRect().top + (page?.scrollTop ?? 0)
      const height = innerHeight - top - BELOW
      let best = 0
      for (let tried = 1; tried <= count; tried++) {
        const wide = Math.min(LARGEST.width, (width - GAP * (tried - 1)) / tried)
        if (wide < SMALLEST.width) break
        const rows = Math.ceil(count / tried)
        const high = Math.min(LARGEST.height, (height - GAP * (rows - 1)) / rows)
        const size = Math.min(wide / SHAPE, high)
        if (high >= SMALLEST.height && size > best) [best, columns, row] = [size, tried, high]
      }
      if (!best) {
        columns = Math.max(2, Math.floor((width + GAP) / (SMALLEST.width + 30 + GAP)))
        row = SMALLEST.height + 16
      }
    }
    root.style.setProperty("--columns", columns)
    root.style.setProperty("--row", `${Math.floor(row)}px`)
  }

  onResize(root, fit)
  addEventListener("resize", fit)
  onEnd(root, () => {
    leave()
    removeEventListener("resize", fit)
  })
  return update
}

export default mount(buildBoard, ".tiles")
