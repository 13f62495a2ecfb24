// Elements, buttons, and one view for each element of the page.
const SVG = "http://www.w3.org/2000/svg"
export const ICONS = {
  restart: "M6 5h3v14H6zM19 5v14L9 12z",
  back: "M15.5 5 8.5 12l7 7 1.8-1.8L12.1 12l5.2-5.2z",
  play: "M8 5v14l11-7z",
  pause: "M7 5h4v14H7zM13 5h4v14h-4z",
  next: "M8.5 5l7 7-7 7-1.8-1.8L11.9 12 6.7 6.8z",
  print: "M6 3h12v5H6zM4 9h16a2 2 0 0 1 2 2v6h-4v4H6v-4H2v-6a2 2 0 0 1 2-2zm4 6v4h8v-4z",
  record: "M12 5a7 7 0 1 0 0 14 7 7 0 0 0 0-14z",
  stop: "M6 6h12v12H6z",
  loop: "M7 7h10v3l4-4-4-4v3H5v6h2zM17 17H7v-3l-4 4 4 4v-3h12v-6h-2z",
  count: "M4 4h2v16H4zM9 4h2v16H9zM14 6v12l6-6z",
  metronome: "M9 3h6l1.2 5-1.5 2.2L13.3 5h-2.6L8 17h8l-.8-3.3 1.5-2.2L19 21H5zM11 15l7-10 1.3 1-6.5 9z",
}
export const calm = matchMedia("(prefers-reduced-motion: reduce)")

// A new element, with a class or with properties, and with what it contains.
export function element(tag, given = {}, ...children) {
  const properties = typeof given === "string" ? { className: given } : given
  const made = Object.assign(document.createElement(tag), properties)
  made.append(...children)
  return made
}

export const button = (properties, act, ...children) =>
  element("button", { type: "button", onclick: act, ...properties }, ...children)

// A table; a cell has a text, or a list of elements.
export function table(names, rows) {
  const row = (tag, cells) =>
    element("tr", {}, ...cells.map((cell) => element(tag, {}, ...[cell].flat())))
  return element("table", {}, element("thead", {}, row("th", names)),
    element("tbody", {}, ...rows.map((cells) => row("td", cells))))
}

// A square in the colour of what is named beside it.
export const chip = (colour, kind = "") =>
  element("span", { className: `chip ${kind}`.trim(), style: `--chip: ${colour}` })

export function shape(tag, attributes = {}, ...children) {
  const made = document.createElementNS(SVG, tag)
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value)
  made.append(...children)
  return made
}

function picture(name) {
  return `<svg viewBox="0 0 24 24" aria-hidden="true"><path d="${ICONS[name]}"/></svg>`
}

// A button of a bar with an icon; `face` changes it.
export function iconButton(bar, icon, title, act) {
  const made = button({}, act)
  const face = (icon, title) =>
    Object.assign(made, { innerHTML: picture(icon), title, ariaLabel: title })
  face(icon, title)
  bar.append(made)
  return { made, face }
}

// A button of a bar with a label, and an icon or none.
export function textButton(bar, icon, label, help, act) {
  const text = element("span", "", label)
  const made = button({ innerHTML: icon ? picture(icon) : "", title: help }, act, text)
  bar.append(made)
  return { made, text }
}

// Call the handler of `keysOf(event)` for a key without modifiers, and stop the event.
export function onKeys(target, keysOf) {
  target.onkeydown = (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return
    const act = keysOf(event)?.[event.key]
    if (!act) return
    event.preventDefault()
    event.stopPropagation()
    act()
  }
}

export const select = (ariaLabel, numbers, chosen, wordsOf) => element("select", { ariaLabel },
  ...numbers.map((number) => new Option(wordsOf(number), number, number === chosen, number === chosen)))

export function speedSelect(factors, change) {
  const made = select("Speed", factors, 1, (factor) => `${factor}×`)
  made.onchange = () => change(Number(made.value))
  return made
}

// The component of one view for each element: `build(root, parts, trigger, setState)` has
// what the root contains by its classes, and returns the function that draws data.
// Streamlit also calls what the component returns where newer data arrive before it has
// returned. The element is still on the page then, and so is its view.
const views = new WeakMap(), ends = new WeakMap()
export const mount = (build, selector = ".lesson") => (component) => {
  const { data, parentElement, setTriggerValue, setStateValue } = component
  const root = parentElement.querySelector(selector)
  if (!views.has(root)) {
    ends.set(root, [])
    const parts = [...root.querySelectorAll("[class]")].reverse()
      .flatMap((part) => [...part.classList].map((name) => [name, part]))
    views.set(root, build(root, Object.fromEntries(parts), setTriggerValue, setStateValue))
  }
  views.get(root)(data, setTriggerValue)
  return () => {
    if (root.isConnected) return
    for (const end of ends.get(root)) end()
    views.delete(root)
  }
}

// Call a function when the view of an element ends.
export const onEnd = (root, act) => ends.get(root).push(act)

export function onResize(root, act, box = root) {
  const watcher = new ResizeObserver(act)
  watcher.observe(box)
  onEnd(root, () => watcher.disconnect())
}
