// Text in which a stretch can be marked, coloured by a unit's state at each epoch.
const EPOCHS_PER_SECOND = calm.matches ? 2 : 8; // while it plays
const SEND_MILLISECONDS = 350; // after the last key or click
const CONTEXT = 14; // characters of a passage before and after it
const LEVELS = 127; // of a byte, for full colour

function buildUnitText(root, setTriggerValue) {
  const find = (name) => root.querySelector(`.${name}`);
  const box = find("text"), reading = find("readout"), bar = find("bar");
  const curve = find("curve"), slider = find("epochs"), list = find("passages");
  const hint = reading.textContent;
  let spec = {}, characters = [], levels = [], cells = [], copies = [], colours = [];
  let caret = 0, anchor = 0, at = 0, timer = 0, sending = 0, dragging = false;

  const toggle = element("button", "main");
  toggle.type = "button";
  toggle.onclick = () => (timer ? pause() : play());
  const epoch = element("strong", "epoch");
  const follows = element("span", "follows");
  bar.append(toggle, epoch, follows);

  function update(data) {
    const before = spec;
    spec = data;
    levels = spec.levels.map(decode);
    colours = tableOf(root, spec);
    if (before.text !== spec.text) write();
    if (!dragging && !sending) [anchor, caret] = [spec.mark[0], spec.mark[1] - 1];
    const same = before.network === spec.network && before.levels.length === levels.length;
    if (!same) at = levels.length - 1;
    slider.max = levels.length - 1;
    for (const part of [bar, curve, slider]) part.hidden = levels.length < 2;
    find("less").textContent = spec.scale[0];
    find("more").textContent = spec.scale[1];
    list.replaceChildren(...spec.passages.map(passage));
    find("where").hidden = !spec.passages.length;
    find("title").textContent = spec.title;
    mark();
    go(at);
    if (before.text !== spec.text) intoBox(spec.mark[0]); // the page stays at its top
  }

  function write() {
    characters = [...spec.text];
    cells = [];
    const words = [];
    let word = null;
    for (const [i, character] of characters.entries()) {
      if (!word) words.push((word = element("span", "word")));
      const cell = element("span", "", character === "\n" ? "↵" : character === " " ? "\u00a0" : character);
      cell.dataset.i = i;
      cells.push(cell);
      word.append(cell);
      if (/\s/.test(character)) word = null;
    }
    box.replaceChildren(...words.flatMap((one) => [one, document.createElement("wbr")]));
  }

  // The line of a passage, with what is around it.
  function passage([start, end]) {
    let first = Math.max(0, start - CONTEXT), last = Math.min(cells.length, end + CONTEXT);
    if (spec.lines) {
      first = start ? characters.lastIndexOf("\n", start - 1) + 1 : 0;
      last = characters.indexOf("\n", end - 1) + 1 || cells.length;
    }
    const line = element("button");
    line.type = "button";
    line.title = "Show it in the text";
    for (let i = first; i < last; i++) {
      const copy = cells[i].cloneNode(true);
      copy.className = i >= start && i < end ? "again" : "";
      line.append(copy);
    }
    line.onclick = () => {
      intoView(start);
      read(start);
    };
    const item = element("li");
    item.append(line);
    return item;
  }

  // Colour the text as it is at an epoch.
  function go(index) {
    at = Math.max(0, Math.min(levels.length - 1, index));
    copies = [...list.querySelectorAll("[data-i]")];
    cells.forEach((cell, i) => paint(cell, levels[at][i]));
    for (const copy of copies) paint(copy, levels[at][copy.dataset.i]);
    if (levels.length > 1) showEpoch();
    if (root.dataset.reading) read(Number(root.dataset.reading));
  }

  function showEpoch() {
    const r = spec.curve[at].toFixed(2).replace("-", "−");
    slider.value = at;
    epoch.textContent = spec.epochs[at] ? `After epoch ${spec.epochs[at]}` : "Before training";
    follows.textContent = `correlation with ${spec.follows}: ${r}`;
    const shown = `${epoch.textContent}, ${follows.textContent}`;
    slider.setAttribute("aria-valuetext", shown);
    curve.setAttribute("aria-label", `${follows.textContent}, after each epoch`);
    root.dataset.epoch = spec.epochs[at];
    drawCurve();
  }

  function paint(cell, level) {
    const [paper, ink] = colours[level + LEVELS];
    cell.style.background = paper;
    cell.style.color = ink;
  }

  function mark() {
    const [start, end] = stretch();
    const again = new Set(spec.passages.flatMap(([from, to]) =>
      Array.from({ length: to - from }, (_, i) => from + i)));
    cells.forEach((cell, i) => {
      cell.className = [
        i >= start && i < end && "marked",
        i === start && "first",
        i === end - 1 && "last",
        again.has(i) && "again",
      ].filter(Boolean).join(" ");
    });
    root.dataset.mark = `${start}-${end}`;
  }

  const stretch = () => [Math.min(anchor, caret), Math.max(anchor, caret) + 1];

  function send(after = SEND_MILLISECONDS) {
    clearTimeout(sending);
    sending = setTimeout(() => {
      sending = 0;
      const value = stretch().join("-");
      if (value !== spec.mark.join("-")) setTriggerValue("mark", value);
    }, after);
  }

  function read(i) {
    root.dataset.reading = i;
    const value = (levels[at][i] / LEVELS) * spec.full;
    const shown = characters[i] === "\n" ? "line break" : `“${characters[i]}”`;
    reading.replaceChildren(
      element("strong", "", `Character ${i + 1}, ${shown}`), ` · ${spec.reads} `,
      element("span", "value", `${value < 0 ? "−" : "+"}${Math.abs(value).toFixed(2)}`),
    );
  }

  function unread() {
    delete root.dataset.reading;
    reading.textContent = hint;
  }

  // Scroll the box, of which the characters' places are measured, to a character.
  function intoBox(i) {
    const { offsetTop: top, offsetHeight: height } = cells[i];
    const seen = top >= box.scrollTop && top + height <= box.scrollTop + box.clientHeight;
    if (!seen) box.scrollTop = top - box.clientHeight / 3;
  }
  function intoView(i) {
    intoBox(i);
    cells[i].scrollIntoView({ block: "nearest" }); // where the page is scrolled past the box
  }

  // By pointer: drag over characters; by touch sideways, since up and down scrolls.
  const under = (event) => {
    const cell = root.getRootNode().elementFromPoint(event.clientX, event.clientY);
    return cell?.dataset?.i !== undefined && box.contains(cell) ? Number(cell.dataset.i) : null;
  };
  box.onpointerdown = (event) => {
    const i = under(event);
    if (i === null || event.button) return;
    box.focus({ preventScroll: true });
    box.setPointerCapture(event.pointerId);
    dragging = true;
    if (!event.shiftKey) anchor = i;
    caret = i;
    mark();
    read(i);
  };
  box.onpointermove = (event) => {
    const i = under(event);
    if (i === null) return;
    read(i);
    if (!dragging || i === caret) return;
    caret = i;
    mark();
  };
  box.onpointerup = () => {
    if (!dragging) return;
    dragging = false;
    send();
  };
  box.onpointercancel = () => {
    dragging = false;
    [anchor, caret] = [spec.mark[0], spec.mark[1] - 1];
    mark();
  };
  box.onpointerleave = () => !dragging && unread();
  box.ondblclick = () => {
    const word = cells[caret].parentElement.querySelectorAll("[data-i]");
    anchor = Number(word[0].dataset.i);
    caret = Number(word[word.length - 1].dataset.i);
    mark();
    send();
  };

  // By keyboard: arrows move, with shift they mark.
  box.onkeydown = (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const to = {
      ArrowLeft: () => caret - 1, ArrowRight: () => caret + 1,
      ArrowUp: () => onLine(-1), ArrowDown: () => onLine(1),
      Home: () => 0, End: () => cells.length - 1,
    }[event.key];
    if (!to) return;
    event.preventDefault();
    event.stopPropagation();
    caret = Math.max(0, Math.min(cells.length - 1, to()));
    if (!event.shiftKey) anchor = caret;
    intoView(caret);
    mark();
    read(caret);
    send(2 * SEND_MILLISECONDS);
  };

  // The character above or below the caret.
  function onLine(turn) {
    const { offsetTop: y, offsetLeft: x } = cells[caret];
    let best = caret, nearest = Infinity, line = null;
    for (let i = caret + turn; cells[i]; i += turn) {
      const cell = cells[i];
      if (cell.offsetTop === y) continue;
      line ??= cell.offsetTop;
      if (cell.offsetTop !== line) break;
      const distance = Math.abs(cell.offsetLeft - x);
      if (distance < nearest) [best, nearest] = [i, distance];
    }
    return best;
  }

  // The curve of the unit's correlation with a property, and what chance gives.
  function drawCurve() {
    const { context, width, theme, ink, faint, grey } = sized(root, curve, 84);
    const left = 26, right = width - 6, top = 8, bottom = 74;
    const x = (i) => left + (i / (levels.length - 1)) * (right - left);
    const y = (r) => bottom - Math.min(1, Math.abs(r)) * (bottom - top);
    context.textAlign = "right";
    for (const value of [0, 0.5, 1]) {
      context.fillStyle = faint;
      context.fillRect(left, y(value), right - left, 1);
      context.fillStyle = grey;
      context.fillText(String(value).replace("0.", "."), left - 5, y(value));
    }
    if (spec.chance !== null) {
      context.fillStyle = faint;
      context.globalAlpha = 0.6;
      context.fillRect(left, y(spec.chance), right - left, y(0) - y(spec.chance));
      context.globalAlpha = 1;
    }
    context.strokeStyle = context.fillStyle = theme("primary-color");
    context.lineWidth = 2.5;
    context.beginPath();
    spec.curve.forEach((r, i) => context.lineTo(x(i), y(r)));
    context.stroke();
    context.fillStyle = ink;
    context.fillRect(x(at) - 0.5, top - 4, 1, bottom - top + 4);
    context.fillStyle = theme("primary-color");
    disc(context, x(at), y(spec.curve[at]), 5);
    if (spec.chance === null) return;
    context.textAlign = "right";
    context.fillStyle = grey;
    context.fillText("chance", right - 4, y(spec.chance) + 8);
  }
  curve.onpointerdown = curve.onpointermove = (event) => {
    if (!event.buttons) return;
    const { left, width } = curve.getBoundingClientRect();
    pause();
    const x = event.clientX - left, room = width - 32;
    go(Math.round(((x - 26) / room) * (levels.length - 1)));
  };

  function play() {
    if (at >= levels.length - 1) go(0);
    timer = setInterval(() => {
      if (at < levels.length - 1) go(at + 1);
      else pause();
    }, 1000 / EPOCHS_PER_SECOND);
    face();
  }
  function pause() {
    clearInterval(timer);
    timer = 0;
    face();
  }
  function face() {
    const [icon, label] = timer ? ["pause", "Pause"] : ["play", "Play the training"];
    toggle.innerHTML = picture(icon);
    toggle.title = label;
    toggle.setAttribute("aria-label", label);
    root.dataset.playing = Boolean(timer);
  }
  slider.oninput = () => {
    pause();
    go(Number(slider.value));
  };
  face();
  const watcher = new ResizeObserver(() => levels.length > 1 && drawCurve());
  watcher.observe(root);

  return {
    update,
    stop() {
      pause();
      clearTimeout(sending);
      watcher.disconnect();
    },
  };
}

function decode(text) {
  return Int8Array.from(atob(text), (character) => character.charCodeAt(0));
}

// Paper and ink for each level from -127 to 127: diverging, and always readable.
function tableOf(root, spec) {
  const context = document.createElement("canvas").getContext("2d");
  const rgb = (colour) => {
    context.fillStyle = colour;
    return [1, 3, 5].map((i) => parseInt(context.fillStyle.slice(i, i + 2), 16));
  };
  const style = getComputedStyle(root);
  const paper = rgb(style.getPropertyValue("--st-background-color").trim());
  const dark = isDark(root) ? 1 : 0;
  const ends = [rgb(spec.negative[dark]), rgb(spec.positive[dark])];
  root.style.setProperty("--negative", spec.negative[dark]);
  root.style.setProperty("--positive", spec.positive[dark]);
  const light = (colour) => {
    const [r, g, b] = colour.map((v) => (v / 255 <= 0.04045 ? v / 3294.6 : ((v / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  return Array.from({ length: 2 * LEVELS + 1 }, (_, i) => {
    const level = (i - LEVELS) / LEVELS;
    const end = ends[level < 0 ? 0 : 1];
    const mixed = paper.map((v, k) => Math.round(v + (end[k] - v) * Math.abs(level)));
    return [`rgb(${mixed.join()})`, light(mixed) > 0.179 ? "#000" : "#fff"];
  });
}

export default (component) => mount(component, buildUnitText);
