// Elements, buttons, and one view for each element of the page.
const SVG = "http://www.w3.org/2000/svg"
export const ICONS = {
  restart: "M6 5h3v14H6zM19 5v14L9 12z",
  back: "M16 5v14L7 12z",
  play: "M8 5v14l11-7z",
  pause: "M7 5h4v14H7zM13 5h4v14h-4z",
  next: "M8 5v14l9-7z",
}
export const calm = matchMedia("(prefers-reduced-motion: reduce)")

export function element(tag, className = "", ...children) {
  const made = document.createElement(tag)
  if (className) made.className = className
  made.append(...children)
  return made
}

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
  const made = element("button")
  made.type = "button"
  made.onclick = act
  const face = (icon, title) => {
    made.innerHTML = picture(icon)
    made.title = title
    made.setAttribute("aria-label", title)
  }
  face(icon, title)
  bar.append(made)
  return { made, face }
}

// A button of a bar with a label, and an icon or none.
export function textButton(bar, icon, label, help, act) {
  const made = element("button"), text = element("span", "", label)
  made.type = "button"
  if (icon) made.innerHTML = picture(icon)
  made.append(text)
  made.title = help
  made.onclick = act
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

export function speedSelect(factors, change) {
  const made = element("select")
  made.setAttribute("aria-label", "Speed")
  for (const factor of factors) made.append(new Option(`${factor}×`, factor, factor === 1, factor === 1))
  made.onchange = () => change(Number(made.value))
  return made
}

// The component of one view for each element: `build` returns the function that draws data.
// Streamlit also calls what the component returns where newer data arrive before it has
// returned. The element is still on the page then, and so is its view.
const views = new WeakMap(), ends = new WeakMap()
export const mount = (build, selector = ".lesson") => (component) => {
  const { data, parentElement, setTriggerValue, setStateValue } = component
  const root = parentElement.querySelector(selector)
  if (!views.has(root)) {
    ends.set(root, [])
    views.set(root, build(root, setTriggerValue, setStateValue))
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

export function isDark(root) {
  const probe = getComputedStyle(root).getPropertyValue("--st-background-color")
  const context = document.createElement("canvas").getContext("2d")
  context.fillStyle = probe.trim() || "#fff"
  const hex = parseInt(context.fillStyle.slice(1), 16)
  return (hex >> 16) + ((hex >> 8) & 255) + (hex & 255) < 384
}
