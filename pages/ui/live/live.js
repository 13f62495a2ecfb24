// A live part of a page: it polls the server for changes and draws the answers. The next
// request follows the last answer. The page reruns only when its widgets have to change.
import { publish } from "../components/answers.js"
import { element, mount, onEnd, table } from "../components/dom.js"

const SLOWEST = 15_000 // milliseconds between two requests without an answer
const PAUSE = 2 // after an answer, in multiples of its time for response and drawing
const RERUN_AGAIN = 5_000 // milliseconds after which a lost request for a rerun is repeated
const RERUN_AGAIN_PROCESS = 1_000 // the same, after a restart of the web process
// Faster polling while a change is expected, such as the first epoch, for a short time.
const EAGER = 60, EAGER_FOR = 3_000
const LINK = 1_000 // milliseconds after a click on a link in which a rerun would cancel it
const NO_ANSWER = "The server does not answer. This part goes on when it is back."

// A cell of a table: a text, or a name with the colour of its curve and an optional link.
function contentOf(cell) {
  if (typeof cell === "string") return cell
  const { text, colour, link } = cell
  const square = element("i", { className: "live-square", style: `background: ${colour}` })
  return [square, link ? element("a", { href: link, target: "_blank" }, text) : text]
}

let loading, plotly
function loadPlotly(url) {
  loading ??= new Promise((done, failed) => {
    const onload = () => done((plotly = window["Plotly"]))
    const onerror = () => {
      loading = undefined // the next figure tries again
      failed(new Error("Plotly did not load"))
    }
    document.head.append(element("script", { src: url, onload, onerror }))
  })
  return loading
}

// Creates and updates each kind of block.
const KINDS = {
  text() {
    const made = element("p", "live-text")
    return { made, set({ text, tone }) {
      made.textContent = text
      made.dataset.tone = tone ?? ""
    } }
  },
  table() {
    const made = element("table", "live-table")
    return { made, set({ rows, alt, titled }) {
      const names = Object.keys(rows[0] ?? {})
      const cells = rows.map((row) => names.map((name) => contentOf(row[name])))
      made.ariaLabel = alt
      made.replaceChildren(...(titled ? [element("caption", "", alt)] : []), ...table(names, cells).children)
    } }
  },
  figure({ key }, part) {
    // Not the role "img", which hides Plotly's button from screen readers
    const made = element("div", { className: `live-figure st-key-${key}`, role: "figure" })
    return {
      made,
      async set({ figure, alt, half }) {
        made.classList.toggle("live-half", half)
        made.ariaLabel = alt
        made.style.height = `${figure.layout.height ?? 330}px`
        const Plotly = await loadPlotly(part.plotly)
        if (!made.isConnected) return
        const config = {
          responsive: true,
          displaylogo: false,
          modeBarButtons: [["toImage"]],
          toImageButtonOptions: { format: "svg", filename: key, width: null, height: null },
        }
        await Plotly.react(made, figure.data, { ...figure.layout, autosize: true }, config)
        made.removeAllListeners?.("plotly_click")
        made.on("plotly_click", ({ points }) => part.choose(points[0]))
      },
      remove: () => plotly?.purge(made),
    }
  },
}

let linkClicked = -Infinity // time of the latest click on a link
document.addEventListener("click", (event) => {
  if (event.composedPath().some((each) => each instanceof HTMLAnchorElement)) linkClicked = performance.now()
}, true)

function buildPart(root) {
  const line = element("p", "live-line"), blocks = element("div", "live-blocks")
  const progress = { className: "live-bar", role: "progressbar", ariaLabel: "Progress" }
  const bar = element("div", progress, element("i")), switches = element("div", "live-switches")
  const note = element("p", { className: "live-note", role: "status" })
  root.replaceChildren(line, bar, switches, blocks, note)

  const drawn = new Map() // block's key -> its element and setter
  const on = new Set() // names of the switches that are on
  const part = { plotly: "", choose(_point) {} }
  let data, trigger // of the latest run of the page
  let version, page // of the latest answer
  let timer, request, failures = 0, stopped = false, rerunReason, rerunAt = 0, eagerSince

  function show(answer) {
    version = answer.version
    page = answer.page
    const { text = "", share = null } = answer
    line.textContent = text
    line.hidden = !text
    bar.hidden = share === null
    const percent = 100 * (share ?? 0)
    bar.firstChild.style.width = `${percent}%`
    Object.assign(bar, { ariaValueNow: Math.round(percent), ariaValueText: text })
    root.dataset.epoch = answer.epoch ?? ""
    root.dataset.status = answer.status ?? ""
    eagerSince = answer.soon ? eagerSince ?? performance.now() : undefined
    const there = new Set(), drawing = []
    ;(answer.blocks ?? []).forEach((block, place) => {
      const key = `${block.kind} ${block.key ?? place}`
      if (!KINDS[block.kind]) return // for another component
      there.add(key)
      if (!drawn.has(key)) drawn.set(key, KINDS[block.kind](block, part))
      const { made, set } = drawn.get(key)
      const present = blocks.children[there.size - 1] ?? null
      if (present !== made) blocks.insertBefore(made, present)
      drawing.push(set(block))
    })
    for (const [key, { made, remove }] of drawn) {
      if (there.has(key)) continue
      remove?.()
      made.remove()
      drawn.delete(key)
    }
    publish(data.url, answer)
    checkPage()
    return Promise.allSettled(drawing) // a figure fails if its script did not load
  }

  function checkPage() {
    if (data.page !== null && data.page !== page) rerunPage(page)
  }

  // Streamlit connects to the new process without a request until a widget changes, and
  // the click that changes it would be lost.
  function checkProcess(process) {
    if (process && process !== data.process) rerunPage(process, RERUN_AGAIN_PROCESS)
  }

  function rerunPage(why, again = RERUN_AGAIN) {
    const now = performance.now()
    if (now - linkClicked < LINK) return // the next answer tries again
    if (rerunReason === why && now - rerunAt < again) return
    rerunReason = why
    rerunAt = now
    trigger("changed", `${why} ${Math.round(now)}`)
  }

  function address() {
    const query = new URLSearchParams(data.query)
    for (const name of on) query.set(name, "true")
    if (version) query.set("version", version)
    return `${data.url}?${query}`
  }

  async function poll() {
    clearTimeout(timer)
    if (stopped || isStill() || document.hidden) return // until the tab is visible again
    const began = performance.now()
    request?.abort()
    request = new AbortController()
    const { signal } = request
    try {
      const response = await fetch(address(), { cache: "no-store", signal })
      const wait = 1000 * Number(response.headers.get("Retry-After") ?? 0)
      if (response.status === 200) await show(await response.json())
      if (response.status === 204) checkPage()
      if (response.ok) checkProcess(response.headers.get("X-Process"))
      if (response.status === 404) {
        rerunPage("gone")
        return pollAfter(RERUN_AGAIN)
      }
      if (response.status >= 500) throw new Error((await response.json()).text ?? "")
      failures = 0
      note.textContent = ""
      const took = performance.now() - began
      pollAfter(Math.max(interval(), PAUSE * took, wait))
    } catch (error) {
      if (signal.aborted) return
      failures += 1
      note.textContent = (error instanceof TypeError || !error.message) ? NO_ANSWER : error.message
      pollAfter(Math.min(SLOWEST, 1000 * 2 ** (failures - 1)))
    }
  }

  function interval() {
    return performance.now() - eagerSince < EAGER_FOR ? EAGER : data.milliseconds
  }

  function pollAfter(milliseconds) {
    clearTimeout(timer)
    if (!stopped && !isStill()) timer = setTimeout(poll, milliseconds * (0.9 + 0.2 * Math.random()))
  }

  function drawSwitches() {
    if (switches.childElementCount === data.switches.length) return
    on.clear()
    switches.replaceChildren(...data.switches.map(({ name, key, label, help }) => {
      const remembered = `live ${name}` // for the next part with this switch
      const checked = sessionStorage.getItem(remembered) === "true"
      const box = element("input", { type: "checkbox", role: "switch", checked })
      if (box.checked) on.add(name)
      box.onchange = () => {
        sessionStorage.setItem(remembered, box.checked)
        if (box.checked) on.add(name)
        else on.delete(name)
        poll()
      }
      return element("label", { className: `live-switch st-key-${key}`, title: help }, box, label)
    }))
  }

  const isStill = () => data.milliseconds === null
  const wake = () => document.hidden || poll()
  document.addEventListener("visibilitychange", wake)
  onEnd(root, () => {
    stopped = true
    clearTimeout(timer)
    request?.abort()
    document.removeEventListener("visibilitychange", wake)
    for (const { remove } of drawn.values()) remove?.()
  })

  return (given, setTriggerValue) => {
    const otherAddress = given.url !== data?.url || JSON.stringify(given.query) !== JSON.stringify(data.query)
    if (given.url !== data?.url) eagerSince = rerunReason = undefined
    data = given
    trigger = setTriggerValue
    root.dataset.process = given.process
    part.plotly = given.plotly
    part.choose = ({ data: { name }, customdata = null }) =>
      data.chooses && trigger("chosen", { trace: name, customdata })
    drawSwitches()
    // A first figure that waited for its script would delay the next answer as well.
    if (isStill() || data.query.ink) requestIdleCallback?.(() => loadPlotly(part.plotly).catch(() => {}))
    if (given.first && !on.size) show(JSON.parse(given.first))
    else if (otherAddress) version = undefined
    request?.abort() // its answer would be older than this run of the page
    pollAfter(on.size || eagerSince !== undefined ? 0 : interval())
  }
}

export default mount(buildPart, ".live")
