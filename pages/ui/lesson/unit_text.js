// A text in the colours of a unit, at each epoch.
const EPOCHS_PER_SECOND = 8; // while it plays
const LEVELS = 127; // of a byte, for full colour

function buildUnitText(root, report) {
  const find = (name) => root.querySelector(`.${name}`);
  const box = find("text"), reading = find("readout"), bar = find("bar"), follows = find("follows");
  const hint = reading.textContent;
  let spec = {}, characters = [], levels = [], cells = [], colours = [], at = 0, current = null;
  const player = makePlayer(root, bar, show, {
    name: "Epoch", rate: EPOCHS_PER_SECOND,
    seen: () => levels.length > 1 && spec.watched && report("seen", Date.now()),
    label: (step) => (spec.epochs?.[step] ? `Epoch ${spec.epochs[step]}` : "Before training"),
  });

  function update(data) {
    const before = spec;
    spec = data;
    levels = spec.levels.map(decode);
    colours = tableOf(root, coloursOf(root, spec.negative, spec.positive));
    if (before.text !== spec.text) write();
    find("less").textContent = spec.scale[0];
    find("more").textContent = spec.scale[1];
    find("title").textContent = spec.title;
    for (const part of [bar, follows]) part.hidden = levels.length < 2;
    const same = before.network === spec.network && before.levels.length === levels.length;
    player.restart(levels.length, same ? at : levels.length - 1);
  }

  // Lines break between words only.
  function write() {
    const words = spec.text.split(/(?<=\s)/).map((word) => {
      const made = element("span", "word");
      made.append(...[...word].map((character) => element("span", "", shown(character))));
      return [made, element("wbr")];
    });
    box.replaceChildren(...words.flat());
    characters = [...spec.text];
    cells = [...box.querySelectorAll(".word > span")];
    cells.forEach((cell, i) => (cell.dataset.i = i));
    current = null;
  }

  // Colour the text as it is at an epoch.
  function show(index) {
    at = index;
    if (!levels.length) return;
    cells.forEach((cell, i) => {
      [cell.style.background, cell.style.color] = colours[levels[at][i] + LEVELS];
    });
    if (levels.length > 1) {
      follows.textContent = spec.follows && `Correlation with ${spec.follows}: ${signed(spec.correlations[at])}`;
      root.dataset.epoch = spec.epochs[at];
    }
    read(current);
  }

  function read(i) {
    cells[current]?.classList.remove("current");
    current = i;
    cells[i]?.classList.add("current");
    if (i === null) return reading.replaceChildren(hint);
    const name = characters[i] === "\n" ? "line break" : `“${characters[i]}”`;
    reading.replaceChildren(
      element("strong", "", `Character ${i + 1}, ${name}`), ` · ${spec.reads} `,
      element("span", "value", signed((levels[at][i] / LEVELS) * spec.full)),
    );
  }
  box.onpointermove = box.onpointerdown = ({ target }) => target.dataset.i && read(Number(target.dataset.i));
  box.onpointerleave = () => read(null);
  box.onkeydown = (event) => {
    const move = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!move || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    event.stopPropagation();
    read(Math.max(0, Math.min(cells.length - 1, (current ?? -1) + move)));
    cells[current].scrollIntoView({ block: "nearest" });
  };

  return { update, stop: player.pause };
}

const shown = (character) => ({ "\n": "↵", " ": "\u00a0" })[character] ?? character;
const signed = (value) => `${value < 0 ? "−" : "+"}${Math.abs(value).toFixed(2)}`;
const decode = (text) => Int8Array.from(atob(text), (character) => character.charCodeAt(0));

// Paper and ink for each level from -127 to 127: diverging, and always readable.
function tableOf(root, { paper, below, above }) {
  root.style.setProperty("--negative", `rgb(${below})`);
  root.style.setProperty("--positive", `rgb(${above})`);
  const light = (colour) => {
    const [r, g, b] = colour.map((v) => (v / 255 <= 0.04045 ? v / 3294.6 : ((v / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  return Array.from({ length: 2 * LEVELS + 1 }, (_, i) => {
    const level = (i - LEVELS) / LEVELS;
    const mixed = mix(paper, level < 0 ? below : above, Math.abs(level));
    return [`rgb(${mixed.join()})`, light(mixed) > 0.179 ? "#000" : "#fff"];
  });
}

export default (component) => mount(component, buildUnitText);
