// Two buttons on each chart that save it as a file. The browser does it by itself: with
// Plotly, which Streamlit has loaded by the time there is a chart.
const SCALE = 3 // pixels of the PNG for one on the page
const FONT = "Arial, Helvetica, sans-serif" // a file does not bring the page's own

const SAVE = {
  SVG: async (svg) => new Blob([svg.text], { type: "image/svg+xml" }),
  PNG: async (svg) => {
    const image = new Image()
    image.src = `data:image/svg+xml,${encodeURIComponent(svg.text)}`
    await image.decode()
    const canvas = document.createElement("canvas")
    canvas.width = SCALE * svg.width
    canvas.height = SCALE * svg.height
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height)
    return new Promise((resolve) => canvas.toBlob(resolve, "image/png"))
  },
}

export default function ({ data }) {
  document.querySelector(".st-key-figure_files").style.display = "none"
  const rgb = (hex) => [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16)).join(", ")
  const [dark, light] = data.map((hex) => `rgb(${rgb(hex)})`)

  // As the chart is now, zoomed as it is, but with dark text on white: for paper.
  async function drawn(chart) {
    const plot = chart.querySelector(".js-plotly-plot")
    const { width, height } = plot.getBoundingClientRect()
    const layout = { ...plot.layout, font: { ...plot.layout.font, family: FONT } }
    const figure = { data: plot.data, layout }
    const url = await window.Plotly.toImage(figure, { format: "svg", width, height })
    const text = decodeURIComponent(url.slice(url.indexOf(",") + 1)).replaceAll(dark, light)
    const root = new DOMParser().parseFromString(text, "image/svg+xml").documentElement
    const part = (name) => document.createElementNS(root.namespaceURI, name)
    const [title, paper] = ["title", "rect"].map(part)
    title.textContent = chart.getAttribute("aria-label")
    for (const name of ["width", "height"]) paper.setAttribute(name, "100%")
    paper.setAttribute("fill", "white")
    root.prepend(title, paper)
    return { text: new XMLSerializer().serializeToString(root), width, height }
  }

  async function save(chart, kind) {
    const link = document.createElement("a")
    link.href = URL.createObjectURL(await SAVE[kind](await drawn(chart)))
    const key = chart.closest("[class*=st-key-]").className.match(/st-key-(\S+)/)[1]
    link.download = `${key}.${kind.toLowerCase()}`
    link.click()
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000)
  }

  function addButtons() {
    for (const chart of document.querySelectorAll(".stPlotlyChart")) {
      if (chart.querySelector(":scope > .figure-files")) continue
      const group = document.createElement("div")
      group.className = "figure-files"
      for (const kind in SAVE) {
        const button = document.createElement("button")
        button.type = "button"
        button.textContent = kind
        button.title = `Save this figure as ${kind}`
        button.onclick = () => save(chart, kind)
        group.append(button)
      }
      chart.append(group)
    }
  }

  // Where nothing can hover, a chart that is touched shows its buttons.
  function show(event) {
    const touched = event.composedPath()
    for (const group of document.querySelectorAll(".figure-files")) {
      group.classList.toggle("shown", touched.includes(group.parentElement))
    }
  }

  let waiting = 0
  const observer = new MutationObserver(() => {
    waiting ||= requestAnimationFrame(() => {
      waiting = 0
      addButtons()
    })
  })
  observer.observe(document.body, { childList: true, subtree: true })
  document.addEventListener("pointerdown", show)
  addButtons()
  return () => {
    observer.disconnect()
    cancelAnimationFrame(waiting)
    document.removeEventListener("pointerdown", show)
  }
}
