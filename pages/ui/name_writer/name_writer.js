// The LSTM of the writing task, computed here: it reads the beginning of a name, gives the
// chances of the next letter, and goes on with letters drawn by these chances.
import { calm, element, mount, onResize, textButton } from "../components/dom.js"
import { makePlayer } from "../components/player.js"
import { computeStep, total } from "../lesson/arithmetic.js"
import { coloursOf, disc, heatmap, sharp, trace } from "../lesson/canvas.js"
import { readSnapshots } from "../lesson/scrubber/snapshot_file.js"

const START = "\n" // before a name, and after it
const LONGEST = 12 // letters of a name
const NAMES_PER_EPOCH = 50 * 32 // steps * batch of the example
const OTHERS = 4 // further names
const SHOWN = 6 // next letters in the list
const SHARPNESS = 1 / 0.8 // of the chances that letters are drawn by: temperature 0.8
const AXIS = 18 // pixels below the memory
const EXAMPLE = "maria", FEWEST = 3 // letters of a name for the loss
const TURNED = "a" // letter whose score the weight adds to, if the name has it
const TURNS = 4 // largest change of this weight
const FLAT = 0.02 // gradient at the lowest point of the loss
const EDGE = 8 // pixels around the curve

// A generator of numbers from 0 to 1: the same seed gives the same numbers in every epoch,
// so that names change by training alone. Mulberry32, by Tommy Ettinger, public domain.
function numbersFrom(seed) {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0
    let mixed = Math.imul(seed ^ (seed >>> 15), 1 | seed)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}

// The weights of a frame as lists of rows; a bias as a list of numbers.
function weightsOf({ parts }) {
  return Object.fromEntries(Object.entries(parts).map(([name, { values, shape: [rows, columns] }]) => [
    name, Array.from({ length: rows }, (_, i) =>
      columns === 1 ? values[i] : Array.from(values.subarray(i * columns, (i + 1) * columns))),
  ]))
}

function makeNetwork({ characters, equations }, weights) {
  const zero = weights.bf.map(() => 0)
  const token = (letter) => [...characters].map((each) => Number(each === letter))

  // The values of a step: states `h` and `c`, chances `yt_pred` of each character.
  function step(letter, { h, c } = { h: zero, c: zero }) {
    return computeStep(equations, { ...weights, xt: token(letter), h_prev: h, c_prev: c })
  }
  function read(text) {
    const steps = []
    for (const letter of START + text) steps.push(step(letter, steps.at(-1)))
    return steps
  }
  // Continue what has been read, until the end of the name.
  function write(last, room, random) {
    let text = ""
    while (text.length < room) {
      const weighed = last.yt_pred.map((chance) => chance ** SHARPNESS)
      let left = random() * total(weighed)
      const drawn = [...characters][weighed.findIndex((weight) => (left -= weight) <= 0)] ?? START
      if (drawn === START) break
      text += drawn
      last = step(drawn, last)
    }
    return text
  }
  return { read, write }
}

// `inside`, `turn`, `turned`, `loss`, `slope` and `curve` are of the first station of the path.
function buildNames(root, { bar, typed, refused, name, others, chances, memory, story,
  inside, turn, turned, loss, slope, curve }) {
  let file, weights, colours, url, watched, tell, lossAt, steps = [], letters = "", seed = 1

  const player = makePlayer(root, bar, show, {
    name: "Epoch", rate: 2, label: (at) => `Epoch ${file.frames[at].epoch} of ${file.head.total}`,
    seen: () => note("seen"),
  })
  function note(event) {
    if (!watched?.includes(event)) return
    watched = watched.filter((each) => each !== event)
    tell(event, true)
  }
  textButton(bar, null, "Another name", "Draws other letters by the same chances", () => {
    seed += 1
    show(player.at)
  })
  typed.oninput = () => {
    const known = typed.value.toLowerCase(), unknown = new Set()
    typed.value = [...known].filter((each) =>
      file.head.characters.includes(each) || !unknown.add(each)).join("")
    refused.textContent = unknown.size
      ? `It knows the letters a to z only, so “${[...unknown].join("")}” is left out.` : ""
    show(player.at)
    if (typed.value.length >= FEWEST) note("typed")
  }
  turn.onkeydown = (event) => event.stopPropagation() // the player has arrows, too
  turn.oninput = () => {
    show(player.at)
    if (Math.abs(lossAt(Number(turn.value)).slope) < FLAT) note("turned")
  }
  onResize(root, () => file && draw())

  async function update(data, setTriggerValue) {
    watched = data.watched
    tell = setTriggerValue
    if (data.url !== url) {
      url = data.url
      const answer = await fetch(url)
      if (!answer.ok) return (story.textContent = "The network could not be loaded. Reload the page.")
      file = readSnapshots(new Uint8Array(await answer.arrayBuffer()))
      weights = file.frames.map(weightsOf)
      player.resize(file.frames.length, file.frames.length - 1)
      if (!calm.matches && !watched) player.play()
    }
    if (file && inside.hidden === Boolean(watched)) {
      inside.hidden = !watched
      if (watched) {
        typed.value ||= EXAMPLE
        player.jump(0)
      } else turn.value = 0
    }
    colours = coloursOf(root, data.negative, data.positive)
    if (file) draw()
  }

  function show(at) {
    if (!file) return
    const letter = turnedLetter()
    const by = weights[at].by.map((bias, i) =>
      bias + Number(file.head.characters[i] === letter) * Number(turn.value))
    const network = makeNetwork(file.head, { ...weights[at], by })
    const { epoch } = file.frames[at], random = numbersFrom(seed)
    const read = network.read(typed.value), room = LONGEST - typed.value.length
    const names = Array.from({ length: OTHERS + 1 }, () => network.write(read.at(-1), room, random))
    letters = typed.value + names[0]
    steps = network.read(letters)
    name.replaceChildren(typed.value, element("span", "", names[0]))
    others.textContent = `or ${names.slice(1).map((each) => typed.value + each || "…").join(", ")}`
    story.textContent = epoch === 0
      ? "Untrained: all letters are about equally likely, so it writes noise."
      : `Trained for ${epoch} epoch${epoch === 1 ? "" : "s"}. It has read ${(epoch * NAMES_PER_EPOCH).toLocaleString("en")} names, picked at random from 7,000.`
    list(read.at(-1).yt_pred)
    if (!inside.hidden) measure(at)
    draw()
  }

  // The loss has no lowest point if the name lacks the letter.
  const turnedLetter = () => typed.value.includes(TURNED) ? TURNED : typed.value.at(-1) ?? TURNED
  // Loss of the typed letters, and its slope, with the weight turned by `by`. It is added to
  // one score only, so the chances follow from those at 0: no step is computed again.
  function measure(at) {
    const text = [...typed.value], which = turnedLetter(), a = file.head.characters.indexOf(which)
    turned.textContent = which
    const read = makeNetwork(file.head, weights[at]).read(typed.value)
    const chance = (t, by, letter) => {
      const p = read[t].yt_pred, grown = p[a] * Math.exp(by)
      return (letter === which ? grown : p[file.head.characters.indexOf(letter)]) / (1 - p[a] + grown)
    }
    const mean = (each) => total(text.map(each)) / text.length
    lossAt = (by) => ({
      chances: text.map((letter, t) => chance(t, by, letter)),
      loss: mean((letter, t) => -Math.log(chance(t, by, letter))),
      slope: mean((letter, t) => chance(t, by, which) - Number(letter === which)),
    })
    const now = lossAt(Number(turn.value))
    loss.textContent = text.length
      ? `Loss ${now.loss.toFixed(2)}: the chances of your letters were ${text.map((letter, t) =>
          `${letter} ${(100 * now.chances[t]).toFixed(0)}%`).join(", ")}.`
      : "Type a name: the loss says how surprised the network is by its letters."
    slope.textContent = !text.length ? "" : `Gradient ${now.slope.toFixed(2).replace("-", "−")}: ${
      Math.abs(now.slope) < FLAT ? "a small turn changes the loss hardly at all."
        : `a small turn up makes the loss ${now.slope > 0 ? "rise, so training turns this weight down."
          : "fall, so training turns this weight up."}`}`
  }

  // The loss against the turned weight, with a dot and the slope there.
  function drawCurve() {
    const { context, width, height } = sharp(curve, colours.font)
    if (!typed.value) return
    const turns = Array.from({ length: 41 }, (_, i) => (i / 20 - 1) * TURNS), at = Number(turn.value)
    const losses = turns.map((by) => lossAt(by).loss), most = Math.max(...losses), least = Math.min(...losses)
    const x = (by) => EDGE + ((by / TURNS + 1) / 2) * (width - 2 * EDGE)
    const y = (loss) => height - AXIS - ((loss - least) / (most - least)) * (height - AXIS - EDGE)
    const line = (points, colour) => {
      context.strokeStyle = colour
      context.lineWidth = 2
      trace(context, points.map(([by, loss]) => [x(by), y(loss)]))
    }
    const now = lossAt(at)
    line(turns.map((by, i) => [by, losses[i]]), colours.ink)
    line([-0.8, 0.8].map((by) => [at + by, now.loss + by * now.slope]), colours.theme("primary-color"))
    context.fillStyle = colours.theme("primary-color")
    disc(context, x(at), y(now.loss), 5)
    curve.ariaLabel = `Loss ${now.loss.toFixed(2)}, gradient ${now.slope.toFixed(2)}; the lowest loss is ${least.toFixed(2)}`
  }

  function list(shares) {
    const ranked = [...file.head.characters].map((letter, i) => ({ letter, share: shares[i] }))
      .sort((a, b) => b.share - a.share).slice(0, SHOWN)
    chances.replaceChildren(...ranked.map(({ letter, share }) => {
      const made = element("li", {}, element("b", {}, letter === START ? "end" : letter),
        element("i", { style: `width: ${share * 60}%` }), `${(share * 100).toFixed(share < 0.1 ? 1 : 0)}%`)
      Object.assign(made.dataset, { letter, chance: share })
      return made
    }))
  }

  // A row a unit, a column a letter; what has been typed is framed.
  function draw() {
    if (!colours) return
    if (!inside.hidden) drawCurve()
    const { context, width, height } = sharp(memory, colours.font)
    const units = steps[0]?.h.length ?? 0, shown = steps.slice(1), w = width / LONGEST
    const known = typed.value.length
    memory.ariaLabel = `The ${units} numbers of its memory after each letter of “${letters}”`
    if (!shown.length) return
    const values = Array.from({ length: units }, (_, unit) => shown.map(({ h }) => h[unit])).flat()
    heatmap(context, values, [units, shown.length], 1, colours.around, [0, 0, shown.length * w, height - AXIS])
    Array.from(letters, (letter, t) => {
      context.fillStyle = t < known ? colours.ink : colours.theme("primary-color")
      context.fillText(letter, (t + 0.5) * w, height - AXIS / 2)
    })
    context.strokeStyle = colours.ink
    context.lineWidth = 1.5
    if (known) context.strokeRect(0.75, 0.75, known * w - 1.5, height - AXIS - 1.5)
  }

  return update
}

export default mount(buildNames)
