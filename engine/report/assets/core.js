// Reads the data of the page; small tools that every view uses.
const data = JSON.parse(document.getElementById('data').textContent);

function bytes(text) {
  const raw = atob(text);
  const out = new Uint8Array(raw.length);
  for (let i = 0; i < raw.length; i++) out[i] = raw.charCodeAt(i);
  return out;
}
const numbers = (Kind, text) => new Kind(bytes(text).buffer);

const MISSING = -32768;
const valueOf = (series, i) => (series.q[i] === MISSING ? NaN : series.offset + series.scale * series.q[i]);

for (const panel of data.panels) {
  for (const line of panel.lines) line.q = numbers(Int16Array, line.q);
}
for (const s of data.space_times) {
  for (const name of ['distance', 'time', 'arrival']) s[name] = numbers(Float32Array, s[name]);
  s.q = numbers(Int16Array, s.q);
}
for (const s of data.shapes) {
  s.nodes = numbers(Int16Array, s.nodes);
  for (const name of ['chains', 'element', 'section']) s[name] = numbers(Uint32Array, s[name]);
  for (const name of ['distance', 'arrival', 'time']) s[name] = numbers(Float32Array, s[name]);
  for (const name of ['type', 'frames']) s[name] = bytes(s[name]);
}
for (const r of data.rasters) {
  r.time = numbers(Float32Array, r.time);
  r.cell = numbers(Uint32Array, r.cell);
  r.site = numbers(Uint16Array, r.site);
}
for (const f of data.f_i_curves) {
  f.amplitude = numbers(Float64Array, f.amplitude);
  f.rate = numbers(Float64Array, f.rate);
}
for (const name of Object.keys(data.maps)) data.maps[name] = bytes(data.maps[name]);

// Light or dark paper.
const darkQuery = matchMedia('(prefers-color-scheme: dark)');
const theme = { dark: false, map: {} };
function readTheme() {
  theme.dark = darkQuery.matches;
  const style = getComputedStyle(document.documentElement);
  for (const name of ['ink', 'soft', 'faint', 'rule', 'card', 'accent', 'select']) {
    theme[name] = style.getPropertyValue('--' + name).trim();
  }
  for (const name of ['voltage', 'arrival', 'type']) theme.map[name] = data.maps[name + (theme.dark ? '_dark' : '_light')];
  theme.font = getComputedStyle(document.body).fontFamily;
}
readTheme();
const colourAt = (map, i) => `rgb(${map[3 * i]},${map[3 * i + 1]},${map[3 * i + 2]})`;
/// Red, green and blue of "#rrggbb".
const channels = (hex) => [1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16));

// Time shown by all views together, and the time the crosshair points at (NaN: nowhere).
const view = { from: data.start, to: data.stop, cursor: NaN, fitHeight: false };
const views = [];
let frameAsked = false;
/// Draws every view that is out of date in the next animation frame. what: 'all', 'time' or 'cursor'.
function refresh(what, except) {
  for (const v of views) if (v !== except) v.stale(what);
  if (frameAsked) return;
  frameAsked = true;
  requestAnimationFrame(() => {
    frameAsked = false;
    for (const v of views) v.drawIfStale();
  });
}
darkQuery.addEventListener('change', () => { readTheme(); refresh('all'); });

function setView(from, to) {
  const full = data.stop - data.start;
  const span = Math.min(full, Math.max(to - from, full * 1e-6));
  view.from = Math.min(Math.max(from, data.start), data.stop - span);
  view.to = view.from + span;
  refresh('time');
}
function zoomTime(factor, about) {
  setView(about + (view.from - about) * factor, about + (view.to - about) * factor);
}
const isZoomed = () => view.to - view.from < (data.stop - data.start) * 0.999999;
function setCursor(time) {
  const next = Number.isFinite(time) ? Math.min(data.stop, Math.max(data.start, time)) : NaN;
  if (Object.is(next, view.cursor)) return;
  view.cursor = next;
  refresh('cursor');
}

/// Index of the entry of an ascending array that is closest to x.
function nearest(sorted, x) {
  let low = 0, high = sorted.length - 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (sorted[middle] <= x) low = middle; else high = middle;
  }
  return x - sorted[low] <= sorted[high] - x ? low : high;
}

function ticks(low, high, wanted) {
  if (!(high > low)) return { step: 1, at: [low] };
  const raw = (high - low) / Math.max(wanted, 1);
  const power = 10 ** Math.floor(Math.log10(raw));
  const part = raw / power;
  const first = part <= 1 ? 1 : part <= 2 ? 2 : part <= 5 ? 5 : 10;
  // A step so wide that only one tick falls into the range tells nothing: take the next smaller one.
  for (const nice of [10, 5, 2, 1, 0.5]) {
    const step = nice * power;
    const at = [];
    for (let i = Math.ceil(low / step - 1e-9); i <= Math.floor(high / step + 1e-9); i++) at.push(i * step);
    if (nice <= first && (at.length >= 2 || nice === 0.5)) return { step, at };
  }
  return { step: raw, at: [low] };
}
/// As many decimals as a step of this size needs.
function fixed(value, step) {
  if (!Number.isFinite(value)) return '–';
  const decimals = Math.min(9, Math.max(0, Math.ceil(-Math.log10(step) - 1e-9)));
  return value.toFixed(decimals).replace(/^-(0\.?0*)$/, '$1').replace('-', '−');
}
function significant(value, digits = 4) {
  if (!Number.isFinite(value)) return '–';
  if (value !== 0 && (Math.abs(value) < 1e-4 || Math.abs(value) >= 1e7)) {
    return value.toExponential(digits - 1).replace(/-/g, '−').replace('e+', 'e');
  }
  return String(Number(value.toPrecision(digits))).replace('-', '−');
}
/// A time with enough decimals for the visible range.
const timeText = (t, pixels) => fixed(t, (view.to - view.from) / Math.max(pixels, 1)) + ' ms';
const lengthText = (um) => (um >= 10000 ? significant(um / 1000) + ' mm' : significant(um) + ' µm');

function make(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith('on')) element.addEventListener(key.slice(2), value);
    else if (value !== false) element.setAttribute(key, value === true ? '' : value);
  }
  element.append(...children);
  return element;
}
const button = (text, label, action) => make('button', { type: 'button', 'aria-label': label, title: label, onclick: action }, text);
function checkbox(text, checked, action) {
  const box = make('input', { type: 'checkbox', checked, onchange: () => action(box.checked) });
  return make('label', {}, box, text);
}

/// A canvas that follows the width of its host and draws only when something it shows has changed.
class View {
  constructor(host, label, height) {
    this.height = height;
    this.canvas = make('canvas', { tabindex: '0', role: 'img', 'aria-label': label });
    host.append(this.canvas);
    this.ctx = this.canvas.getContext('2d');
    this.isStale = true;
    this.width = 0;
    views.push(this);
    new ResizeObserver(() => this.resize()).observe(this.canvas);
  }
  resize() {
    const width = this.canvas.clientWidth;
    if (width === this.width || width === 0) return;
    this.width = width;
    this.stale('all');
    refresh('none');
  }
  stale(what) { if (what !== 'none') this.isStale = true; }
  drawIfStale() {
    if (!this.isStale || !this.width) return;
    this.isStale = false;
    const ratio = window.devicePixelRatio || 1;
    const w = Math.round(this.width * ratio), h = Math.round(this.height * ratio);
    if (this.canvas.width !== w || this.canvas.height !== h) {
      this.canvas.width = w;
      this.canvas.height = h;
      this.canvas.style.height = this.height + 'px';
    }
    this.ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
    this.ctx.clearRect(0, 0, this.width, this.height);
    this.draw(this.ctx);
  }
}

