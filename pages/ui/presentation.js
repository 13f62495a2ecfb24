// One block of the page at a time, in large type. It hides the others by an attribute
// and takes nothing out of the page, which Streamlit may draw anew at any time.
const NAME = "present" // of the parameter in the address
const JOINED = 0.9 // share of the screen that neighbours fill together
const SMALL = 0.2 // what is lower than this joins what is before it, or after it
const CHART_FONT = 18 // pixels
const CHART_MARGIN = 1.4 // times as wide, for the larger font
const NARROW = 640 // pixels of a screen on which charts stay as they are
const TICK = 1.8 * CHART_FONT // pixels from one label of a logarithmic axis to the next
const CAPTION = "[data-testid=stCaptionContainer]"
const HEADINGS = "h1, h2, h3, h4, h5"
const OVERLAYS = "[role=dialog], [role=listbox], [role=menu]" // they have the keys

// The blocks of the page from the top: lists of neighbouring elements. What is higher
// than the screen is taken apart: columns, which are then as wide as the page,
// containers, the open tab.
function blocksOf(root, screen) {
  const blocks = []
  let block = [], total = 0

  function close() {
    if (block.length) blocks.push(block)
    block = []
    total = 0
  }

  function add(element, height) {
    const begins = element.querySelector(HEADINGS)
    const fits = total + height <= JOINED * screen || (total > screen && height < SMALL * screen)
    if (total > SMALL * screen && (begins || !fits)) {
      const last = block.at(-1) // controls, or a sentence about what follows
      const leads = block.length > 1 && !begins && !last.querySelector(CAPTION)
      const moved = leads && last.offsetHeight < SMALL * screen ? [block.pop()] : []
      close()
      for (const element of moved) add(element, element.offsetHeight)
    }
    block.push(element)
    total += height
  }

  function divide(container) {
    for (const element of container.children) {
      const height = element.getBoundingClientRect().height
      if (!height || element.classList.contains("st-key-presentation")) continue
      const parts = height > screen ? partsOf(element) : []
      if (!parts.length) add(element, height)
      for (const part of parts) {
        if (parts.length > 1 || total > SMALL * screen) close()
        divide(part)
      }
      if (parts.length > 1) close()
    }
  }

  divide(root)
  close()
  return blocks
}

function partsOf(element) {
  if (element.matches(".stTabs")) {
    const panels = [...element.querySelectorAll(":scope > div > [data-testid=stTabPanel] > .stVerticalBlock")]
    return panels.filter((panel) => panel.offsetHeight)
  }
  const columns = element.querySelectorAll(":scope > .stHorizontalBlock > .stColumn > .stVerticalBlock")
  for (const column of columns) column.parentElement.setAttribute("data-presentation", "column")
  return columns.length ? [...columns] : [...element.querySelectorAll(":scope > .stVerticalBlock")]
}

function makePresentation() {
  const root = document.documentElement
  const screen = () => document.querySelector("[data-testid=stMain]")
  const page = () => document.querySelector(".stMainBlockContainer > .stVerticalBlock")
  const before = new WeakMap() // by chart: its layout
  let controls = null, blocks = [], at = 0, path = "", waiting = 0

  const on = () => root.hasAttribute("data-presenting")
  const wanted = () => new URLSearchParams(location.search).get(NAME) === "true"

  function writeAddress(present) {
    const url = new URL(location)
    if (wanted() === present) return
    if (present) url.searchParams.set(NAME, "true")
    else url.searchParams.delete(NAME)
    history.replaceState(history.state, "", url)
  }

  function unmark() {
    for (const element of document.querySelectorAll("[data-presentation]"))
      element.removeAttribute("data-presentation")
  }

  // Find the blocks of the page as it is now, and show the one that was shown.
  function apply() {
    if (!on() || !page() || !controls) return
    const anchor = blocks[at]?.find((element) => element.isConnected)
    unmark()
    blocks = blocksOf(page(), screen().clientHeight)
    if (path !== location.pathname) at = 0
    else if (anchor) {
      const found = blocks.findIndex((block) => block.includes(anchor))
      if (found >= 0) at = found
    }
    path = location.pathname
    at = Math.max(0, Math.min(at, blocks.length - 1))
    mark()
    writeAddress(true)
    const { back, next, place } = controls
    const text = `${blocks.length ? at + 1 : 0} of ${blocks.length}`
    if (place.textContent !== text) place.textContent = text
    back.disabled = at === 0
    next.disabled = at >= blocks.length - 1
    enlargeCharts()
  }

  function mark() {
    const shown = new Set(blocks[at])
    const within = new Set()
    for (const element of shown)
      for (let e = element.parentElement; e && e !== page(); e = e.parentElement) within.add(e)
    for (const element of blocks.flat()) {
      if (shown.has(element)) continue
      let off = element // or the whole of what was taken apart, if none of it is shown
      while (off.parentElement !== page() && !within.has(off.parentElement)) off = off.parentElement
      off.setAttribute("data-presentation", "off")
    }
  }

  function enlargeCharts() {
    for (const chart of document.querySelectorAll(".js-plotly-plot")) {
      const { font, margin } = chart.layout ?? {}
      if (on() && innerWidth > NARROW && margin && chart.offsetHeight && font?.size !== CHART_FONT) {
        const wider = Object.fromEntries(
          Object.entries(margin).map(([side, size]) => [side, CHART_MARGIN * size]))
        const room = chart.offsetHeight - (wider.t ?? 0) - (wider.b ?? 0)
        const ticks = {}, usual = {}
        for (const [name, axis] of Object.entries(chart.layout)) {
          if (!name.startsWith("yaxis") || axis.type !== "log" || !(axis.dtick > 0) || !axis.range) continue
          const [low, high] = axis.range, [bottom, top] = axis.domain ?? [0, 1]
          const least = Math.ceil((high - low) * TICK / (room * (top - bottom)))
          ticks[`${name}.dtick`] = Math.max(axis.dtick, least) // powers of ten
          usual[`${name}.dtick`] = axis.dtick
        }
        before.set(chart, { "font.size": font?.size ?? null, margin, ...usual })
        window.Plotly.relayout(chart, { "font.size": CHART_FONT, margin: wider, ...ticks })
      } else if (!on() && before.has(chart)) {
        window.Plotly.relayout(chart, before.get(chart))
        before.delete(chart)
      }
    }
  }

  function go(to) {
    if (to < 0 || to >= blocks.length) return
    at = to
    apply()
    screen().scrollTo(0, 0)
    dispatchEvent(new Event("resize")) // charts that were hidden take their width
  }

  // A block that is higher than the screen is read to its end first.
  function turn(direction) {
    const { scrollTop, clientHeight, scrollHeight } = screen()
    const left = direction > 0 ? scrollHeight - clientHeight - scrollTop : scrollTop
    if (left > 8) screen().scrollBy(0, 0.85 * direction * clientHeight)
    else go(at + direction)
  }

  function enter() {
    root.setAttribute("data-presenting", "")
    sessionStorage.setItem(NAME, "true")
    path = location.pathname
    at = 0
    apply()
    screen()?.scrollTo(0, 0)
    dispatchEvent(new Event("resize"))
    controls.next.focus()
  }

  function leave() {
    root.removeAttribute("data-presenting")
    sessionStorage.removeItem(NAME)
    writeAddress(false)
    unmark()
    enlargeCharts()
    dispatchEvent(new Event("resize"))
    blocks[at]?.[0]?.scrollIntoView()
    blocks = []
    controls.open.focus({ preventScroll: true })
  }

  document.addEventListener("keydown", (event) => {
    if (!on() || event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey) return
    if (document.querySelector(OVERLAYS)) return
    const focused = event.composedPath().find((e) => e.tabIndex >= 0)
    const busy = focused && focused !== screen() && !focused.closest?.(".presentation")
    const keys = {
      PageDown: () => turn(1), PageUp: () => turn(-1), Escape: leave,
      ...(busy ? {} : { ArrowRight: () => go(at + 1), ArrowLeft: () => go(at - 1) }),
    }
    if (!(event.key in keys)) return
    event.preventDefault()
    keys[event.key]()
  })
  new MutationObserver(() => {
    waiting ||= on() && requestAnimationFrame(() => {
      waiting = 0
      apply()
    })
  }).observe(document.body, { childList: true, subtree: true })
  addEventListener("resize", (event) => event.isTrusted && apply())

  return {
    use(found) {
      controls = found
      controls.open.onclick = enter
      controls.back.onclick = () => go(at - 1)
      controls.next.onclick = () => go(at + 1)
      controls.leave.onclick = leave
      if (on()) apply()
      else if (wanted() || sessionStorage.getItem(NAME)) enter()
    },
  }
}

export default function ({ parentElement }) {
  const find = (name) => parentElement.querySelector(`.${name}`)
  window.presentation ??= makePresentation()
  const [open, back, place, next, leave] = ["open", "back", "place", "next", "leave"].map(find)
  window.presentation.use({ open, back, place, next, leave })
}
