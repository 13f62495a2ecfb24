// The epoch scrubber: a slider over the snapshots of a run, without the server.

const EPOCHS_PER_SECOND = calm.matches ? 2 : 12 // while it plays
const VANISHED = -12 // power of ten below which gradients are not shown
const IDLE_MILLISECONDS = 400 // after the last move, before redrawing stops

function buildScrubber(root) {
  const find = (name) => root.querySelector(`.${name}`)
  const bar = find("bar"), slider = find("epochs"), curve = find("curve")
  const views = find("views"), reading = find("readout")
  let file, frames = [], at = 0, playing = false, colours, panels = []
  let lastMove = 0, request = 0, range = {}

  const hint = reading.textContent
  const view = {
    get frame() { return frames[at] },
    get colours() { return colours },
    get range() { return range },
    read(text) { reading.textContent = text || hint },
    redraw: draw,
  }

  const toggle = element("button", "main")
  toggle.type = "button"
  toggle.onclick = () => (playing ? pause() : play())
  const counter = element("strong", "epoch")
  const losses = element("span", "losses")
  bar.append(toggle, counter, losses)
  drawToggle()

  function update(bytes) {
    const last = at >= frames.length - 1
    const before = file
    file = addFrames(file, readSnapshots(bytes))
    frames = file.frames
    slider.max = frames.length - 1
    for (const key of ["influence", "gradient by step"]) {
      const [low, high] = rangeOf(frames, key)
      range[key] = [Math.max(low, VANISHED), high]
    }
    if (!before || before.head.name !== file.head.name) build()
    colours = coloursOf(root)
    root.style.setProperty("--scale", colours.scale)
    root.style.setProperty("--most", isDark(root) ? "45%" : "75%") // letters stay readable
    go(last ? frames.length - 1 : Math.min(at, frames.length - 1))
  }

  function build() {
    panels = makePanels(file.head, view)
    const groups = Map.groupBy(panels, (panel) => panel.group)
    views.replaceChildren(...[...groups].map(([title, members]) => {
      const section = element("section", members[0].kind)
      const heading = element("h4", "", title)
      if (members[0].scale) heading.append(legend(members))
      const grid = element("div", "panels")
      grid.append(...members.map((panel) => panel.made))
      section.append(heading, grid)
      return section
    }))
  }

  // Show a frame, its epoch and its losses.
  function go(index) {
    at = Math.max(0, Math.min(frames.length - 1, index))
    const { epoch, losses: values } = frames[at]
    const { cells, total, probe, loss } = file.head
    slider.value = at
    counter.textContent = `Epoch ${epoch} of ${total}`
    const found = values?.map((value, i) => `${probe ? loss : cells[i].title} ${Number(value.toPrecision(3))}`)
    losses.textContent = found ? (probe ? "" : "test error: ") + found.join(", ") : "before training"
    slider.setAttribute("aria-valuetext", `${counter.textContent}, ${losses.textContent}`)
    root.dataset.epoch = epoch
    draw()
  }

  function draw() {
    drawCurve()
    for (const panel of panels) panel.draw(frames[at])
  }

  function drawCurve() {
    const { context, width, height } = sharp(curve)
    const known = frames.flatMap((f) => f.losses ?? []).filter((v) => v > 0).map(Math.log)
    if (!known.length) return
    const [low, high] = [Math.min(...known), Math.max(...known)]
    const x = (i) => 8 + (i / Math.max(1, frames.length - 1)) * (width - 16)
    const y = (v) => 5 + ((high - Math.log(v)) / (high - low || 1)) * (height - 10)
    context.lineWidth = 2
    file.head.cells.forEach(({ name }, line) => {
      context.strokeStyle = context.fillStyle = PALETTE.networks[name]
      context.beginPath()
      frames.forEach((f, i) => f.losses?.[line] > 0 && context.lineTo(x(i), y(f.losses[line])))
      context.stroke()
      const value = frames[at].losses?.[line]
      if (!(value > 0)) return
      context.beginPath()
      context.arc(x(at), y(value), 4.5, 0, 7)
      context.fill()
    })
    context.fillStyle = colours.faint
    context.fillRect(x(at) - 0.5, 0, 1, height)
  }

  // While the slider moves or it plays, draw in every frame of the screen.
  function move(index) {
    lastMove = performance.now()
    at = Math.max(0, Math.min(frames.length - 1, index))
    if (!request) request = requestAnimationFrame(tick)
  }

  let startTime = 0, startIndex = 0
  function tick(now) {
    if (playing) {
      at = Math.min(frames.length - 1, startIndex + Math.floor(((now - startTime) / 1000) * EPOCHS_PER_SECOND))
      if (at === frames.length - 1) pause()
      else lastMove = performance.now()
    }
    go(at)
    const idle = !playing && performance.now() - lastMove > IDLE_MILLISECONDS
    request = idle ? 0 : requestAnimationFrame(tick)
  }

  function play() {
    if (at >= frames.length - 1) at = 0
    playing = true
    startTime = performance.now()
    startIndex = at
    drawToggle()
    move(at)
  }

  function pause() {
    playing = false
    drawToggle()
  }

  function drawToggle() {
    const [icon, label] = playing ? ["pause", "Pause (space)"] : ["play", "Play (space)"]
    toggle.innerHTML = picture(icon)
    toggle.title = label
    toggle.setAttribute("aria-label", label)
    root.dataset.playing = playing
  }

  slider.oninput = () => {
    pause()
    move(Number(slider.value))
  }
  root.tabIndex = -1
  root.onkeydown = (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return
    const step = (index) => () => {
      pause()
      move(index)
    }
    const keys = {
      ArrowRight: step(at + 1), ArrowLeft: step(at - 1), ArrowUp: step(at + 1),
      ArrowDown: step(at - 1), PageUp: step(at + 10), PageDown: step(at - 10),
      Home: step(0), End: step(frames.length - 1), " ": () => (playing ? pause() : play()),
    }
    if (!keys[event.key] || (event.target.matches("button") && event.key === " ")) return
    event.preventDefault()
    event.stopPropagation()
    keys[event.key]()
  }
  const watcher = new ResizeObserver(() => frames.length && draw())
  watcher.observe(root)

  return {
    update,
    stop() {
      pause()
      cancelAnimationFrame(request)
      watcher.disconnect()
    },
  }
}
