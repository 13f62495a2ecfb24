// Small pictures that move. Each kind has `count` frames of so many `milliseconds`, and
// draws any of them; one that is still shows the last.
const WIDTH = 360, HEIGHT = 150
const HOLD = 1800 // milliseconds of the last frame
const SVG = "http://www.w3.org/2000/svg"
const calm = matchMedia("(prefers-reduced-motion: reduce)")

function shape(parent, tag, attributes = {}, text) {
  const made = document.createElementNS(SVG, tag)
  for (const name in attributes) made.setAttribute(name, attributes[name])
  if (text !== undefined) made.textContent = text
  parent.append(made)
  return made
}

// Squares (rows, columns) below each other, one letter under each column.
function squares(svg, rows, columns, { x, y, width, height }) {
  return Array.from({ length: rows }, (_, row) =>
    Array.from({ length: columns }, (_, column) => {
      const at = { x: x + column * width, y: y + row * height, width: width - 1 }
      return shape(svg, "rect", { ...at, height: height - 1, class: "square empty" })
    }),
  )
}

function letters(svg, word, x, width) {
  return [...word].map((letter, i) => {
    const at = { x: x + (i + 0.5) * width, y: HEIGHT - 4, class: "mono middle" }
    return shape(svg, "text", at, letter)
  })
}

const shortened = (name) => (name.length > 13 ? `${name.slice(0, 12)}…` : name)

function states(svg, { letters: word, epochs }) {
  const units = epochs[0].states.length, width = 17
  const cells = squares(svg, units, word.length, { x: 4, y: 4, width, height: 126 / units })
  letters(svg, word, 4, width)
  const title = shape(svg, "text", { x: 246, y: 18, class: "bold" })
  shape(svg, "text", { x: 246, y: 40, class: "soft" }, "It writes:")
  const names = [62, 84, 106].map((y) => shape(svg, "text", { x: 246, y, class: "mono" }))
  return {
    count: epochs.length, milliseconds: 700,
    draw(frame) {
      const { epoch, states, names: written } = epochs[frame]
      title.textContent = epoch ? `Epoch ${epoch}` : "Before training"
      names.forEach((text, i) => (text.textContent = shortened(written[i])))
      states.forEach((row, i) =>
        row.forEach((value, j) => {
          cells[i][j].setAttribute("class", `square ${value < 0 ? "negative" : "positive"}`)
          cells[i][j].setAttribute("fill-opacity", Math.abs(value) / 100)
        }),
      )
    },
  }
}

function gates(svg, { letters: word, rows }) {
  const symbols = Object.keys(rows), width = 25, x = 30
  const band = 130 / symbols.length
  const cells = symbols.map((symbol, i) => {
    const [, colour] = ROWS[symbol], units = rows[symbol].length
    const y = 2 + i * band, height = (band - 4) / units
    const name = { x: 8, y: y + band / 2 + 2, class: "bold" }
    shape(svg, "text", name, symbol)
    const made = squares(svg, units, word.length, { x, y, width, height })
    for (const cell of made.flat()) {
      cell.setAttribute("class", "square")
      cell.setAttribute("fill", colour)
    }
    return made
  })
  const read = letters(svg, word, x, width)
  return {
    count: word.length, milliseconds: 420,
    draw(frame) {
      read.forEach((text, t) => text.classList.toggle("bold", t === frame))
      read.forEach((text, t) => text.setAttribute("opacity", t <= frame ? 1 : 0.35))
      symbols.forEach((symbol, i) =>
        rows[symbol].forEach((row, unit) =>
          row.forEach((value, t) => {
            const shown = t <= frame ? 0.12 + 0.88 * Math.min(1, Math.abs(value) / 100) : 0.05
            cells[i][unit][t].setAttribute("fill-opacity", shown)
          }),
        ),
      )
    },
  }
}

// A scale of values to pixels from `bottom` up to `top`.
function scale(values, bottom, top) {
  const [low, high] = [Math.min(...values), Math.max(...values)]
  return (value) => bottom - ((value - low) / (high - low || 1)) * (bottom - top)
}

const path = (points) => points.map(([x, y], i) => `${i ? "L" : "M"}${x.toFixed(1)} ${y.toFixed(1)}`).join("")

function prices(svg, data) {
  const count = data.prices.length
  const x = (day) => 4 + (day * (WIDTH - 12)) / (count - 1)
  const y = scale([...data.low_95, ...data.high_95], HEIGHT - 6, 24)
  const bands = [["95", 0.14], ["80", 0.24]].map(([level, opacity]) => {
    const made = shape(svg, "path", { fill: COLOURS.model, "fill-opacity": opacity })
    return [made, data[`low_${level}`], data[`high_${level}`]]
  })
  const line = shape(svg, "path", { class: "line ink" })
  const dot = shape(svg, "circle", { r: 3, class: "dot" })
  const date = shape(svg, "text", { x: 4, y: 14, class: "bold" })
  const inside = shape(svg, "text", { x: WIDTH - 4, y: 14, class: "end" })
  return {
    count, milliseconds: 90,
    draw(frame) {
      const ahead = Math.min(frame + 2, count) // the interval is known a day before
      for (const [made, low, high] of bands) {
        const up = high.slice(0, ahead).map((value, day) => [x(day), y(value)])
        const down = low.slice(0, ahead).map((value, day) => [x(day), y(value)])
        made.setAttribute("d", `${path([...up, ...down.reverse()])}Z`)
      }
      const known = data.prices.slice(0, frame + 1)
      line.setAttribute("d", path(known.map((value, day) => [x(day), y(value)])))
      dot.setAttribute("cx", x(frame))
      dot.setAttribute("cy", y(known[frame]))
      const right = known.filter((p, day) => data.low_80[day] <= p && p <= data.high_80[day])
      date.textContent = `${data.name}, ${data.days[frame]}`
      inside.textContent = `in the 80% interval: ${right.length} of ${known.length}`
    },
  }
}

function emoji(svg, { sentences, names, drawings }) {
  const text = shape(svg, "text", { x: 4, y: 24 })
  text.style.fontSize = "17px"
  const width = 46, floor = 112, tallest = 66
  const bars = names.map((name, i) => {
    const x = 4 + i * width
    const icon = shape(svg, "svg", { x: x + 7, y: floor + 6, width: 26, height: 26, viewBox: "0 0 100 100" })
    icon.innerHTML = drawings[name]
    return shape(svg, "rect", { x, width: width - 6, rx: 2, fill: COLOURS.model })
  })
  const large = shape(svg, "svg", { x: 252, y: 40, width: 92, height: 92, viewBox: "0 0 100 100" })
  const faces = names.map((name) => {
    const face = shape(large, "g")
    face.innerHTML = drawings[name]
    return face
  })
  const doubt = shape(svg, "text", { x: 344, y: 56, class: "bold" }, "?")
  doubt.style.fontSize = "26px"
  const frames = sentences.flatMap(({ words, answers, sure }, s) =>
    words.flatMap((word, w) => {
      const before = words.slice(0, w).join(" ") + (w ? " " : "")
      const typed = [...word].map((_, n) => ({
        text: before + word.slice(0, n + 1),
        answer: w ? answers[w - 1] : null, sure: w > 0 && sure[w - 1],
      }))
      const whole = { text: before + word, answer: answers[w], sure: sure[w] }
      const stay = w < words.length - 1 ? 4 : s < sentences.length - 1 ? 14 : 1
      return [...typed, ...Array(stay).fill(whole)]
    }),
  )
  return {
    count: frames.length, milliseconds: 110,
    draw(frame) {
      const { text: typed, answer, sure } = frames[frame]
      text.textContent = frame < frames.length - 1 ? `${typed}|` : typed
      const best = answer ? answer.indexOf(Math.max(...answer)) : -1
      names.forEach((_, i) => {
        const height = answer ? Math.max(1.5, (answer[i] / 100) * tallest) : 1.5
        bars[i].setAttribute("y", floor - height)
        bars[i].setAttribute("height", height)
        bars[i].setAttribute("fill-opacity", i === best ? 1 : 0.35)
        faces[i].setAttribute("class", `face ${i === best ? "shown" : ""} ${sure ? "" : "unsure"}`)
      })
      doubt.setAttribute("opacity", best >= 0 && !sure ? 1 : 0)
    },
  }
}

function music(svg, { seconds, notes }) {
  const pitches = notes.map((note) => note[2])
  const [low, high] = [Math.min(...pitches), Math.max(...pitches)]
  const row = (HEIGHT - 36) / (high - low + 1)
  const x = (time) => 4 + (time * (WIDTH - 8)) / seconds
  const shapes = notes.map(([start, length, pitch, own]) =>
    shape(svg, "rect", {
      class: "note", fill: own ? COLOURS.model : COLOURS.other,
      x: x(start), y: 32 + (high - pitch) * row, rx: 1.5,
      width: Math.max(2, x(length) - 5), height: Math.max(2.5, row - 0.5),
    }),
  )
  const head = shape(svg, "line", { class: "head", y1: 30, y2: HEIGHT - 2 })
  const milliseconds = 60, count = Math.ceil((seconds * 1000) / milliseconds)
  return {
    count, milliseconds,
    draw(frame) {
      const last = frame === count - 1
      const now = (frame * milliseconds) / 1000
      notes.forEach(([start, length], i) =>
        shapes[i].classList.toggle("lit", last || (start <= now && now < start + length)),
      )
      head.setAttribute("x1", x(now))
      head.setAttribute("x2", x(now))
      head.setAttribute("opacity", last ? 0 : 1)
    },
  }
}

const runs = (svg, data) => curves(svg, data, (frame) => `Validation loss, epoch ${frame + 1}`)
const became = (svg, data) => curves(svg, data, (frame) => `Influence ${frame} steps back, log scale`)

function curves(svg, { curves }, titleOf) {
  const count = curves[0].values.length
  const y = scale(curves.flatMap(({ values }) => values), HEIGHT - 10, 12)
  const x = (epoch) => 4 + (epoch * 280) / (count - 1)
  const lines = curves.map(({ name, values, colour }) => {
    const line = shape(svg, "path", { class: "line", stroke: colour })
    const dot = shape(svg, "circle", { r: 3, fill: colour })
    return { line, dot, values }
  })
  spread(curves.map(({ values }) => y(values.at(-1))), 16).forEach((y, i) => {
    shape(svg, "circle", { cx: 300, cy: y, r: 4, fill: curves[i].colour })
    shape(svg, "text", { x: 310, y: y + 4, class: "bold" }, curves[i].name)
  })
  const title = shape(svg, "text", { x: 284, y: 14, class: "end soft" })
  return {
    count, milliseconds: 110,
    draw(frame) {
      title.textContent = titleOf(frame)
      lines.forEach(({ line, dot, values }) => {
        const points = values.slice(0, frame + 1).map((value, epoch) => [x(epoch), y(value)])
        line.setAttribute("d", path(points))
        dot.setAttribute("cx", points.at(-1)[0])
        dot.setAttribute("cy", points.at(-1)[1])
      })
    },
  }
}

// Heights at least so far apart, in the given order of height.
function spread(heights, gap) {
  const order = heights.map((_, i) => i).sort((a, b) => heights[a] - heights[b])
  const placed = [...heights]
  order.forEach((i, n) => {
    if (n) placed[i] = Math.max(placed[i], placed[order[n - 1]] + gap)
  })
  const over = Math.max(0, Math.max(...placed) - (HEIGHT - 8))
  return placed.map((height) => height - over)
}

function classes(svg, { curves }) {
  const width = 116, height = 71
  const tiles = curves.map(({ name, values }, i) => {
    const left = 2 + (i % 3) * (width + 4), top = 1 + Math.floor(i / 3) * (height + 5)
    shape(svg, "rect", { class: "tile", x: left, y: top, width, height, rx: 5 })
    shape(svg, "text", { x: left + 7, y: top + 16 }, name)
    const y = scale(values, top + height - 8, top + 26)
    const line = shape(svg, "path", { class: "line", stroke: COLOURS.model })
    const points = values.map((value, n) => [
      left + 8 + (n * (width - 16)) / (values.length - 1), y(value),
    ])
    return { line, points, later: i * 5 }
  })
  return {
    count: Math.max(...tiles.map(({ points, later }) => points.length + later)),
    milliseconds: 110,
    draw(frame) {
      for (const { line, points, later } of tiles)
        line.setAttribute("d", path(points.slice(0, Math.max(0, frame + 1 - later))))
    },
  }
}

const KINDS = { rnn: states, lstm: gates, gru: gates, stock: prices, emoji, music, runs, classes, became }

// One picture: it moves while it is seen and nobody has paused the pictures.
function preview(root) {
  const svg = root.querySelector("svg"), listen = root.querySelector(".listen")
  let drawn = "", film = null, frame = 0, timer = 0, seen = false, playing = null

  const moves = () => film && seen && !document.hidden && !calm.matches && !window.picturesPaused

  function step() {
    clearTimeout(timer)
    if (!film) return
    if (playing) frame = Math.floor((playing.time() * 1000) / film.milliseconds)
    if (playing && frame >= film.count) stopSound()
    frame = Math.min(frame, film.count - 1)
    film.draw(frame)
    if (!moves() && !playing) return
    const last = frame === film.count - 1
    const wait = last ? HOLD : film.milliseconds
    if (!playing) frame = last ? 0 : frame + 1
    timer = setTimeout(step, wait)
  }

  function still() {
    if (film && calm.matches) frame = film.count - 1
    step()
  }

  function stopSound() {
    playing?.stop()
    playing = null
    listen.textContent = "▶ Listen"
  }

  function startSound(notes) {
    playing = sound(notes)
    listen.textContent = "■ Stop"
    step()
  }

  const observer = new IntersectionObserver(([entry]) => {
    seen = entry.isIntersecting
    still()
  })
  observer.observe(svg)
  for (const change of ["visibilitychange", "pictures-paused"]) document.addEventListener(change, still)
  calm.addEventListener("change", still)

  return {
    update({ kind, label, ...data }) {
      const state = JSON.stringify([kind, data])
      const dark = isDark(root)
      root.style.setProperty("--negative", COLOURS.negative[Number(dark)])
      root.style.setProperty("--positive", COLOURS.positive[Number(dark)])
      svg.setAttribute("aria-label", label)
      if (state === drawn) return
      drawn = state
      svg.replaceChildren()
      film = KINDS[kind](svg, data)
      listen.hidden = kind !== "music"
      listen.onclick = () => (playing ? stopSound() : startSound(data.notes))
      frame = 0
      still()
    },
    end() {
      clearTimeout(timer)
      stopSound()
      film = null
      observer.disconnect()
      for (const change of ["visibilitychange", "pictures-paused"]) document.removeEventListener(change, still)
      calm.removeEventListener("change", still)
    },
  }
}

// The notes as plain tones: the page of the model has the instruments.
function sound(notes) {
  const audio = new AudioContext(), begin = audio.currentTime + 0.1
  const all = audio.createGain()
  all.gain.value = 0.12
  all.connect(audio.destination)
  for (const [start, length, pitch, own] of notes) {
    const tone = audio.createOscillator(), loud = audio.createGain()
    tone.type = "triangle"
    tone.frequency.value = 440 * 2 ** ((pitch - 69) / 12)
    const from = begin + start, to = from + Math.max(length, 0.12)
    loud.gain.setValueAtTime(0, from)
    loud.gain.linearRampToValueAtTime(own ? 1 : 0.4, from + 0.012)
    loud.gain.exponentialRampToValueAtTime(0.02, to)
    tone.connect(loud).connect(all)
    tone.start(from)
    tone.stop(to)
  }
  return { time: () => Math.max(0, audio.currentTime - begin), stop: () => audio.close() }
}

function isDark(root) {
  const context = document.createElement("canvas").getContext("2d")
  context.fillStyle = getComputedStyle(root).getPropertyValue("--st-background-color").trim() || "#fff"
  const hex = parseInt(context.fillStyle.slice(1), 16)
  return (hex >> 16) + ((hex >> 8) & 255) + (hex & 255) < 384
}

const views = new WeakMap()
export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".preview")
  if (!views.has(root)) views.set(root, preview(root))
  views.get(root).update(data)
  return () => {
    if (root.isConnected) return // newer data came before this call had ended
    views.get(root)?.end()
    views.delete(root)
  }
}
