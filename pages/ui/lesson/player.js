// Buttons and keys to play, step and set the speed; the same for every animation.
const ICONS = {
  restart: "M6 5h3v14H6zM19 5v14L9 12z",
  back: "M16 5v14L7 12z",
  play: "M8 5v14l11-7z",
  pause: "M7 5h4v14H7zM13 5h4v14h-4z",
  next: "M8 5v14l9-7z",
};
const MILLISECONDS = 1000; // a step lasts, at speed 1
const calm = matchMedia("(prefers-reduced-motion: reduce)");

function element(tag, className, text) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

function picture(name) {
  return `<svg viewBox="0 0 24 24" aria-hidden="true"><path d="${ICONS[name]}"/></svg>`;
}

// `root` takes the keys, `bar` holds the buttons, `show(step)` draws a step.
function makePlayer(root, bar, show) {
  let at = 0, count = 1, timer = 0, speed = 1;

  const button = (icon, label, act) => {
    const made = element("button");
    made.type = "button";
    made.innerHTML = picture(icon);
    made.title = label;
    made.setAttribute("aria-label", label);
    made.onclick = act;
    bar.append(made);
    return made;
  };
  button("restart", "To the first step (Home)", () => jump(0));
  button("back", "One step back (left arrow)", () => jump(at - 1));
  const toggle = button("play", "Play (space)", () => (timer ? pause() : play()));
  toggle.classList.add("main");
  button("next", "One step on (right arrow)", () => jump(at + 1));

  const slider = element("input", "steps");
  slider.type = "range";
  slider.min = 0;
  slider.setAttribute("aria-label", "Step");
  slider.oninput = () => jump(Number(slider.value));
  const counter = element("span", "counter");
  const speeds = element("select");
  speeds.setAttribute("aria-label", "Speed");
  for (const factor of [0.5, 1, 2, 4]) {
    speeds.append(new Option(`${factor}×`, factor, factor === 1, factor === 1));
  }
  speeds.onchange = () => {
    speed = Number(speeds.value);
    if (timer) play();
  };
  bar.append(slider, counter, speeds);

  function go(step) {
    at = Math.max(0, Math.min(count - 1, step));
    slider.value = at;
    counter.textContent = `${at + 1} / ${count}`;
    root.dataset.step = at;
    root.style.setProperty("--beat", `${MILLISECONDS / speed}ms`);
    show(at);
  }
  function jump(step) {
    pause();
    go(step);
  }
  function face(icon, label) {
    toggle.innerHTML = picture(icon);
    toggle.title = label;
    toggle.setAttribute("aria-label", label);
    root.dataset.playing = icon === "pause";
  }
  function play() {
    clearInterval(timer);
    if (at >= count - 1) go(0);
    timer = setInterval(() => {
      if (at < count - 1) go(at + 1);
      else pause();
    }, MILLISECONDS / speed);
    face("pause", "Pause (space)");
  }
  function pause() {
    clearInterval(timer);
    timer = 0;
    face("play", "Play (space)");
  }

  root.tabIndex = 0;
  root.onkeydown = (event) => {
    const typing = event.target.matches("input:not([type=range]), select");
    if (typing || event.ctrlKey || event.altKey || event.metaKey) return;
    const onButton = event.target.matches("button, summary");
    const moves = {
      ArrowRight: () => jump(at + 1),
      ArrowLeft: () => jump(at - 1),
      Home: () => jump(0),
      End: () => jump(count - 1),
      " ": () => (timer ? pause() : play()),
    };
    if (!(event.key in moves) || (onButton && event.key === " ")) return;
    event.preventDefault();
    event.stopPropagation();
    moves[event.key]();
  };

  return {
    restart(steps, step) {
      pause();
      count = steps;
      slider.max = steps - 1;
      go(step);
    },
    go, jump, pause,
    get at() { return at; },
  };
}

// One view an element: built at its first data, then updated with the next ones.
// Streamlit also calls what `mount` returns where newer data arrive before it has
// returned. The element is still on the page then, and so is its view.
const views = new WeakMap();
function mount({ data, parentElement, setTriggerValue }, build) {
  const root = parentElement.querySelector(".lesson");
  if (!views.has(root)) views.set(root, build(root, setTriggerValue));
  const view = views.get(root);
  view.update(data);
  return () => {
    if (root.isConnected) return;
    view.stop();
    views.delete(root);
  };
}

function isDark(root) {
  const probe = getComputedStyle(root).getPropertyValue("--st-background-color");
  const context = document.createElement("canvas").getContext("2d");
  context.fillStyle = probe.trim() || "#fff";
  const hex = parseInt(context.fillStyle.slice(1), 16);
  return (hex >> 16) + ((hex >> 8) & 255) + (hex & 255) < 384;
}
