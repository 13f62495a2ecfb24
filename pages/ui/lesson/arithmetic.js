// The cells of core/rnn, lstm, gru, mingru in JavaScript, for one example: a vector is a list
// of numbers, a matrix a list of rows. The names are those of the Python functions.
const sigmoid = (z) => 0.5 * (1 + Math.tanh(0.5 * z));

function softmax(z) {
  const top = Math.max(...z);
  const e = z.map((score) => Math.exp(score - top));
  const sum = e.reduce((one, other) => one + other, 0);
  return e.map((one) => one / sum);
}

// Each weight times its input; a row's sum is that of the matrix product.
const products = (W, v) => W.map((row) => row.map((weight, k) => weight * v[k]));
const sums = (rows) => rows.map((row) => row.reduce((one, other) => one + other, 0));
const add = (...vectors) =>
  vectors[0].map((_, k) => vectors.reduce((total, vector) => total + vector[k], 0));
const times = (one, other) => one.map((value, k) => value * other[k]);

function rnnCell({ xt, h_prev, Wax, Waa, Wya, ba, by }) {
  const ax = products(Wax, xt), aa = products(Waa, h_prev);
  const from_x = sums(ax), from_a = sums(aa);
  const z = add(from_a, from_x, ba);
  const h_next = z.map(Math.tanh);
  const ya = products(Wya, h_next);
  const score = add(sums(ya), by);
  return { ax, aa, from_x, from_a, z, h_next, ya, score, yt_pred: softmax(score) };
}

function lstmCell({ xt, h_prev, c_prev, Wy, by, ...weights }) {
  const concat = [...h_prev, ...xt];
  const gates = {};
  for (const [gate, squash] of Object.entries({
    f: sigmoid, i: sigmoid, c: Math.tanh, o: sigmoid,
  })) {
    gates["p" + gate] = products(weights["W" + gate], concat);
    gates["z" + gate] = add(sums(gates["p" + gate]), weights["b" + gate]);
    gates[gate === "c" ? "cct" : gate + "t"] = gates["z" + gate].map(squash);
  }
  const kept = times(gates.ft, c_prev), written = times(gates.it, gates.cct);
  const c_next = add(kept, written);
  const squashed = c_next.map(Math.tanh);
  const h_next = times(gates.ot, squashed);
  const ya = products(Wy, h_next);
  const score = add(sums(ya), by);
  return {
    ...gates, kept, written, c_next, squashed, h_next, ya, score,
    yt_pred: softmax(score),
  };
}

// One gate: the products, the sum before σ, and its value.
function sigmoidGate(gate, W, b, inputs) {
  const terms = products(W, inputs);
  const z = add(sums(terms), b);
  return { ["p" + gate]: terms, ["z" + gate]: z, [gate + "t"]: z.map(sigmoid) };
}

function output(h_next, Wy, by) {
  const ya = products(Wy, h_next);
  const score = add(sums(ya), by);
  return { h_next, ya, score, yt_pred: softmax(score) };
}

function gruCell({ xt, h_prev, Wz, Wr, Wca, Wcx, bz, br, bca, bc, Wy, by }) {
  const concat = [...h_prev, ...xt];
  const update = sigmoidGate("z", Wz, bz, concat), reset = sigmoidGate("r", Wr, br, concat);
  const ps = products(Wca, h_prev), pc = products(Wcx, xt);
  const st = add(sums(ps), bca);
  const let_in = times(reset.rt, st), from_x = sums(pc);
  const zc = add(from_x, bc, let_in);
  const cct = zc.map(Math.tanh);
  const kept = times(update.zt, h_prev);
  const written = times(update.zt.map((z) => 1 - z), cct);
  return {
    ...update, ...reset, ps, pc, st, let_in, from_x, zc, cct, kept, written,
    ...output(add(kept, written), Wy, by),
  };
}

function mingruCell({ xt, h_prev, Wz, Wc, bz, bc, Wy, by }) {
  const update = sigmoidGate("z", Wz, bz, xt);
  const pc = products(Wc, xt);
  const cct = add(sums(pc), bc);
  const kept = times(update.zt.map((z) => 1 - z), h_prev);
  const written = times(update.zt, cct);
  return { ...update, pc, cct, kept, written, ...output(add(kept, written), Wy, by) };
}

const CELLS = { rnn: rnnCell, lstm: lstmCell, gru: gruCell, mingru: mingruCell };
