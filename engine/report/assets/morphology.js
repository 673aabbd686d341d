// The tree in three dimensions: turned by dragging, coloured by the quantity over time, by arrival or by section type.
const TYPE_NAMES = ['undefined', 'soma', 'axon', 'dendrite', 'apical dendrite', 'custom'];
const N_COLOURS = 64, N_SLABS = 48;

/// Pixels drawn by hand: ten thousand tapered lines take a few milliseconds, many times less than as paths of the canvas.
class Raster {
  constructor(width, height, [r, g, b]) {
    this.width = width;
    this.height = height;
    this.image = new ImageData(width, height);
    new Uint32Array(this.image.data.buffer).fill((255 << 24 | b << 16 | g << 8 | r) >>> 0);
  }
  /// A line with round ends whose half width goes from ra to rb, smoothed at its rim.
  tapered(xa, ya, ra, xb, yb, rb, red, green, blue) {
    const { width, height } = this, out = this.image.data;
    const dx = xb - xa, dy = yb - ya, length = Math.hypot(dx, dy) || 1e-6, ux = dx / length, uy = dy / length;
    const reach = Math.max(ra, rb) + 0.5;
    const x0 = Math.max(0, Math.floor(Math.min(xa, xb) - reach)), x1 = Math.min(width - 1, Math.ceil(Math.max(xa, xb) + reach));
    const y0 = Math.max(0, Math.floor(Math.min(ya, yb) - reach)), y1 = Math.min(height - 1, Math.ceil(Math.max(ya, yb) + reach));
    const steep = Math.abs(uy) > 0.02, half = steep ? reach / Math.abs(uy) : 0;
    for (let y = y0; y <= y1; y++) {
      const py = y + 0.5 - ya;
      let from = x0, to = x1;
      if (steep) {  // only the part of the row that the line can touch
        const middle = xa - 0.5 + py * ux / uy;
        from = Math.max(from, Math.floor(middle - half));
        to = Math.min(to, Math.ceil(middle + half));
      }
      for (let x = from; x <= to; x++) {
        const px = x + 0.5 - xa, along = px * ux + py * uy;
        const s = along < 0 ? 0 : along > length ? length : along;
        const ex = px - s * ux, ey = py - s * uy;
        const cover = ra + (rb - ra) * s / length + 0.5 - Math.sqrt(ex * ex + ey * ey);
        if (cover <= 0) continue;
        const i = 4 * (y * width + x), w = cover > 1 ? 1 : cover;
        out[i] += (red - out[i]) * w;
        out[i + 1] += (green - out[i + 1]) * w;
        out[i + 2] += (blue - out[i + 2]) * w;
      }
    }
  }
}

class ShapeView extends View {
  constructor(host, shape) {
    super(host, `${shape.title}: drag to turn, pinch or plus and minus to zoom, arrow keys turn`, 480);
    this.shape = shape;
    this.canvas.classList.add('turn');
    this.yaw = this.pitch = 0;
    this.zoom = 1;
    this.shift = { x: 0, y: 0 };
    this.trueWidths = false;
    this.frame = 0;
    this.hover = null;
    this.pointers = new Map();
    this.load();
    this.canvas.addEventListener('pointerdown', (e) => this.press(e));
    this.canvas.addEventListener('pointermove', (e) => this.move(e));
    for (const name of ['pointerup', 'pointercancel']) {
      this.canvas.addEventListener(name, (e) => { this.pointers.delete(e.pointerId); this.again(); });
    }
    this.canvas.addEventListener('pointerleave', () => { this.hover = null; this.again(); });
    this.canvas.addEventListener('wheel', (e) => {
      if (!(e.ctrlKey || e.metaKey || document.activeElement === this.canvas)) return;
      e.preventDefault();
      this.zoomBy(Math.exp(-Math.min(240, Math.max(-240, e.deltaY)) * 0.0022));
    }, { passive: false });
    this.canvas.addEventListener('dblclick', () => this.turnTo(0, 0, true));
    this.canvas.addEventListener('keydown', (e) => this.key(e));
  }
  again() { this.isStale = true; refresh('none'); }

  load() {
    const s = this.shape, n = s.nodes.length / 4;
    this.n = n;
    this.xyz = new Float32Array(3 * n);
    this.radius = new Float32Array(n);
    const low = [Infinity, Infinity, Infinity], high = [-Infinity, -Infinity, -Infinity];
    for (let i = 0; i < n; i++) {
      this.radius[i] = s.nodes[4 * i + 3] * s.radius_step;
      for (let k = 0; k < 3; k++) {
        const v = s.middle + s.nodes[4 * i + k] * s.step;
        this.xyz[3 * i + k] = v;
        low[k] = Math.min(low[k], v - this.radius[i]);
        high[k] = Math.max(high[k], v + this.radius[i]);
      }
    }
    this.centre = low.map((v, k) => (v + high[k]) / 2);
    this.extent = low.map((v, k) => high[k] - v);
    this.px = new Float32Array(n);
    this.py = new Float32Array(n);
    this.depth = new Float32Array(n);
    this.colour = new Uint8Array(s.section.length);
    const known = [...s.arrival].filter((t) => !Number.isNaN(t));
    this.first = known.reduce((a, b) => Math.min(a, b), Infinity);
    this.last = known.reduce((a, b) => Math.max(a, b), -Infinity);
    this.modes = [];
    if (s.time.length > 1) this.modes.push('value');
    if (known.length) this.modes.push('arrival');
    this.modes.push('type');
    this.mode = this.modes[0];
  }
  /// A flat cable gets a low picture, a tall tree a high one.
  resize() {
    const width = this.canvas.clientWidth;
    if (width && width !== this.width) {
      const tall = Math.max(this.extent[1], 0.35 * Math.hypot(this.extent[0], this.extent[2]) * (this.extent[2] > 0.2 * this.extent[0] ? 1 : 0));
      this.height = Math.round(Math.min(Math.max(560, 0.5 * width), Math.max(170, width * tall / Math.max(this.extent[0], 1e-9) + 80)));
      if (width < 560) this.height = Math.min(this.height, 420);
    }
    super.resize();
  }
  get scale() {
    const w = this.width - 40, h = this.height - 60;
    const wide = Math.max(this.extent[0], 1e-6), high = Math.max(this.extent[1], 1e-6);
    return Math.min(w / wide, h / high) * this.zoom;
  }

  project() {
    const k = this.scale, [cx, cy, cz] = this.centre;
    this.scaleNow = k;
    const a = Math.cos(this.yaw) * k, b = Math.sin(this.yaw) * k, c = Math.cos(this.pitch), d = Math.sin(this.pitch);
    const x0 = this.width / 2 + this.shift.x, y0 = (this.height - 20) / 2 + this.shift.y;
    const p = this.xyz;
    for (let i = 0; i < this.n; i++) {
      const x = p[3 * i] - cx, y = (p[3 * i + 1] - cy) * k, z = p[3 * i + 2] - cz;
      const turned = a * z - b * x;
      this.px[i] = x0 + a * x + b * z;
      this.py[i] = y0 - (c * y - d * turned);
      this.depth[i] = d * y + c * turned;
    }
  }
  /// Colour of each element, 0 .. N_COLOURS - 1; 255 for an element without a value.
  paintElements() {
    const s = this.shape, n = s.section.length;
    if (this.mode === 'type') {
      for (let e = 0; e < n; e++) this.colour[e] = Math.min(s.type[e], 5);
    } else if (this.mode === 'arrival') {
      const k = (N_COLOURS - 1) / Math.max(this.last - this.first, 1e-9);
      for (let e = 0; e < n; e++) this.colour[e] = Number.isNaN(s.arrival[e]) ? 255 : Math.round((s.arrival[e] - this.first) * k);
    } else {
      const at = this.frame * n;
      for (let e = 0; e < n; e++) this.colour[e] = s.frames[at + e] ? ((s.frames[at + e] - 1) * N_COLOURS / 255) | 0 : 255;
    }
  }
  /// Red, green and blue of every colour index; 255 stands for "no value".
  palette() {
    const out = new Uint8Array(3 * 256);
    if (this.mode === 'type') out.set(theme.map.type);
    else {
      const map = theme.map[this.mode === 'arrival' ? 'arrival' : 'voltage'];
      for (let k = 0; k < N_COLOURS; k++) {
        const i = Math.round(k * 255 / (N_COLOURS - 1));
        for (let c = 0; c < 3; c++) out[3 * k + c] = map[3 * i + c];
      }
    }
    out.set(channels(theme.rule), 3 * 255);
    return out;
  }

  /// Edges worth drawing: neighbours of one colour that are shorter than a pixel are joined. Fills this.edges with pairs of nodes.
  collect() {
    const { chains, element } = this.shape, edges = [], colours = [];
    const { px, py, width, height } = this;
    for (let c = 0; c + 1 < chains.length; c++) {
      let from = chains[c];
      for (let i = chains[c]; i + 1 < chains[c + 1]; i++) {
        const colour = this.colour[element[i]], to = i + 1, isEnd = to + 1 === chains[c + 1];
        const dx = px[to] - px[from], dy = py[to] - py[from];
        if (!isEnd && dx * dx + dy * dy < 1.2 && this.colour[element[to]] === colour) continue;
        const lowX = Math.min(px[from], px[to]), highX = Math.max(px[from], px[to]);
        if (highX > -40 && lowX < width + 40 && Math.max(py[from], py[to]) > -40 && Math.min(py[from], py[to]) < height + 40) {
          edges.push(from, to);
          colours.push(colour);
        }
        from = to;
      }
    }
    this.edges = edges;
    return colours;
  }
  /// Far edges first.
  byDepth(colours) {
    const { edges, depth } = this;
    let near = -Infinity, far = Infinity;
    for (let i = 0; i < this.n; i++) { if (depth[i] > near) near = depth[i]; if (depth[i] < far) far = depth[i]; }
    const perDepth = (N_SLABS - 1) / Math.max(near - far, 1e-9), start = new Uint32Array(N_SLABS + 1), order = new Uint32Array(colours.length);
    const slab = (k) => Math.floor((depth[edges[2 * k]] - far) * perDepth);
    for (let k = 0; k < colours.length; k++) start[slab(k) + 1]++;
    for (let s = 0; s < N_SLABS; s++) start[s + 1] += start[s];
    for (let k = 0; k < colours.length; k++) order[start[slab(k)]++] = k;
    return order;
  }
  draw(ctx) {
    this.project();
    this.paintElements();
    const colours = this.collect(), { edges, px, py } = this;
    const ratio = window.devicePixelRatio || 1, raster = new Raster(this.canvas.width, this.canvas.height, channels(theme.card));
    const palette = this.palette();
    for (const k of this.byDepth(colours)) {
      const a = edges[2 * k], b = edges[2 * k + 1], c = 3 * colours[k];
      raster.tapered(px[a] * ratio, py[a] * ratio, this.halfWidth(a) * ratio, px[b] * ratio, py[b] * ratio, this.halfWidth(b) * ratio,
        palette[c], palette[c + 1], palette[c + 2]);
    }
    ctx.putImageData(raster.image, 0, 0);
    this.drawScaleBar(ctx);
    this.drawHover(ctx);
    if (this.after) this.after();
  }
  halfWidth(i) { return Math.max(this.radius[i] * this.scaleNow, this.trueWidths ? 0.15 : 0.75); }

  drawScaleBar(ctx) {
    const wanted = Math.min(160, this.width / 3) / this.scale, power = 10 ** Math.floor(Math.log10(wanted)), part = wanted / power;
    const um = (part >= 5 ? 5 : part >= 2 ? 2 : 1) * power, y = this.height - 14;
    ctx.fillStyle = theme.ink;
    ctx.fillRect(4, y - 1, um * this.scale, 2.5);
    ctx.font = `12px ${theme.font}`;
    ctx.textAlign = 'left';
    ctx.textBaseline = 'middle';
    ctx.fillText(um >= 1000 ? `${significant(um / 1000)} mm` : `${significant(um)} µm`, 10 + um * this.scale, y);
  }
  drawHover(ctx) {
    if (!this.read) return;
    const e = this.hover ? this.elementAt(this.hover) : -1;
    if (e < 0) { this.read.textContent = ''; return; }
    const s = this.shape, parts = [s.sections[s.section[e]], `${lengthText(s.distance[e])} from the soma`];
    if (s.time.length > 1 && s.frames[this.frame * s.section.length + e]) {
      const value = s.low + (s.frames[this.frame * s.section.length + e] - 1) / 254 * (s.high - s.low);
      parts.push(`${fixed(value, (s.high - s.low) / 254)} ${s.units}`);
    }
    if (s.arrival.length && !Number.isNaN(s.arrival[e])) parts.push(`arrival ${fixed(s.arrival[e], 0.001)} ms`);
    parts.push(`diameter ${significant(2 * this.radius[this.hoverNode], 3)} µm`);
    this.read.textContent = parts.join(' · ');
    ctx.strokeStyle = theme.accent;
    ctx.lineWidth = 2;
    ctx.beginPath();
    ctx.arc(this.hoverX, this.hoverY, Math.max(6, this.halfWidth(this.hoverNode) + 3), 0, 7);
    ctx.stroke();
  }
  elementAt({ x, y }) {
    let best = -1, least = 18 * 18;
    const { chains, element } = this.shape, { px, py } = this;
    for (let c = 0; c + 1 < chains.length; c++) {
      for (let i = chains[c]; i + 1 < chains[c + 1]; i++) {
        const dx = px[i + 1] - px[i], dy = py[i + 1] - py[i];
        const t = Math.min(1, Math.max(0, ((x - px[i]) * dx + (y - py[i]) * dy) / Math.max(dx * dx + dy * dy, 1e-9)));
        const ex = px[i] + t * dx, ey = py[i] + t * dy;
        const far = Math.max(0, Math.hypot(ex - x, ey - y) - this.halfWidth(i)) ** 2;
        if (far < least) { least = far; best = element[i]; this.hoverNode = i; this.hoverX = ex; this.hoverY = ey; }
      }
    }
    return best;
  }

  place(e) { const box = this.canvas.getBoundingClientRect(); return { x: e.clientX - box.left, y: e.clientY - box.top }; }
  press(e) {
    this.pointers.set(e.pointerId, this.place(e));
    this.canvas.focus({ preventScroll: true });
    try { this.canvas.setPointerCapture(e.pointerId); } catch { /* the pointer is gone already */ }
    if (e.pointerType === 'mouse') e.preventDefault();
    else { this.hover = this.place(e); this.again(); }
  }
  move(e) {
    const at = this.place(e), before = this.pointers.get(e.pointerId);
    if (!before) { this.hover = at; this.again(); return; }
    const dx = at.x - before.x, dy = at.y - before.y;
    if (this.pointers.size === 2) {
      const other = [...this.pointers].find(([id]) => id !== e.pointerId)[1];
      const was = Math.hypot(before.x - other.x, before.y - other.y), is = Math.hypot(at.x - other.x, at.y - other.y);
      if (was > 4 && is > 4) this.zoomBy(is / was);
      this.shift.x += dx / 2;
      this.shift.y += dy / 2;
    } else if (e.shiftKey || (e.buttons & 4)) {
      this.shift.x += dx;
      this.shift.y += dy;
    } else {
      this.yaw += dx * 0.008;
      this.pitch = Math.min(1.5708, Math.max(-1.5708, this.pitch + dy * 0.008));
    }
    this.hover = null;
    this.pointers.set(e.pointerId, at);
    this.again();
  }
  zoomBy(factor) {
    const next = Math.min(400, Math.max(0.3, this.zoom * factor)), real = next / this.zoom;
    this.zoom = next;
    this.shift.x *= real;
    this.shift.y *= real;
    this.again();
  }
  turnTo(yaw, pitch, reset) {
    this.yaw = yaw;
    this.pitch = pitch;
    if (reset) { this.zoom = 1; this.shift = { x: 0, y: 0 }; }
    this.again();
  }
  key(e) {
    const turn = { ArrowLeft: [-0.12, 0], ArrowRight: [0.12, 0], ArrowUp: [0, -0.12], ArrowDown: [0, 0.12] }[e.key];
    if (turn && e.shiftKey) { this.shift.x += turn[0] * 200; this.shift.y += turn[1] * 200; this.again(); }
    else if (turn) { this.yaw += turn[0]; this.pitch = Math.min(1.5708, Math.max(-1.5708, this.pitch + turn[1])); this.again(); }
    else if (e.key === '+' || e.key === '=') this.zoomBy(1.25);
    else if (e.key === '-') this.zoomBy(0.8);
    else if (e.key === '0' || e.key === 'Home') this.turnTo(0, 0, true);
    else if (e.key === ' ' && this.toggle) this.toggle();
    else return;
    e.preventDefault();
  }
  stale(what) {
    if (what === 'cursor' && this.mode === 'value' && Number.isFinite(view.cursor) && this.shape.time.length) {
      const frame = nearest(this.shape.time, view.cursor);
      if (frame !== this.frame) { this.frame = frame; this.isStale = true; }
    } else if (what === 'all') this.isStale = true;
  }
}

/// Slider and play button. Playing moves the crosshair of the whole page.
function movieControls(chart) {
  const { time } = chart.shape;
  const slider = make('input', { type: 'range', min: '0', max: String(time.length - 1), value: '0', 'aria-label': 'Time' });
  const output = make('output');
  let playing = false, began = 0, startFrame = 0;
  const show = (frame) => {
    chart.frame = frame;
    chart.again();
    setCursor(time[frame]);
  };
  const play = button('▶', 'Play', () => chart.toggle());
  const step = (now) => {
    if (!playing) return;
    const seconds = Math.min(12, Math.max(4, time.length / 30));
    const frame = startFrame + Math.floor((now - began) / 1000 / seconds * time.length);
    if (frame >= time.length) { show(time.length - 1); chart.toggle(); return; }
    if (frame !== chart.frame) show(frame);
    requestAnimationFrame(step);
  };
  chart.toggle = () => {
    playing = !playing;
    play.textContent = playing ? '❚❚' : '▶';
    play.setAttribute('aria-label', playing ? 'Pause' : 'Play');
    if (!playing) return;
    startFrame = chart.frame >= time.length - 1 ? 0 : chart.frame;
    began = performance.now();
    requestAnimationFrame(step);
  };
  slider.addEventListener('input', () => show(Number(slider.value)));
  chart.after = () => {
    slider.value = String(chart.frame);
    output.textContent = fixed(time[chart.frame], (data.stop - data.start) / 2000) + ' ms';
    slider.setAttribute('aria-valuetext', output.textContent);
  };
  return make('div', { class: 'movie' }, play, slider, output);
}

function showShape(host, index) {
  const shape = data.shapes[index], tools = make('div', { class: 'tools' });
  host.append(tools);
  const chart = new ShapeView(host, shape), legend = make('div', { class: 'map-row' });
  const names = { value: shape.quantity === 'v' ? 'Voltage' : shape.quantity, arrival: 'Arrival', type: 'Section type' };
  const movie = shape.time.length > 1 ? movieControls(chart) : null;
  const choose = (mode) => {
    chart.mode = mode;
    for (const b of buttons) b.setAttribute('aria-pressed', String(b.dataset.mode === mode));
    if (movie) movie.style.display = mode === 'value' ? '' : 'none';
    legend.replaceChildren(...shapeLegend(chart, mode));
    chart.again();
  };
  const buttons = chart.modes.map((mode) => make('button', { type: 'button', 'data-mode': mode, 'aria-pressed': 'false', onclick: () => choose(mode) }, names[mode]));
  chart.legendAgain = () => choose(chart.mode);
  tools.append(...(buttons.length > 1 ? buttons : []), make('span', { class: 'gap' }),
    button('Front', 'Look along z', () => chart.turnTo(0, 0, true)), button('Side', 'Look along x', () => chart.turnTo(Math.PI / 2, 0, true)),
    button('Top', 'Look along y', () => chart.turnTo(0, Math.PI / 2, true)),
    checkbox('True widths', false, (on) => { chart.trueWidths = on; chart.again(); }));
  if (movie) host.append(movie);
  host.append(legend);
  chart.read = make('p', { class: 'read', 'aria-live': 'polite' });
  const help = matchMedia('(pointer: coarse)').matches ? 'Drag sideways to turn, pinch to zoom.' : 'Drag to turn, shift and drag to move; click, then the wheel zooms.';
  host.append(chart.read, make('p', { class: 'help' }, `${shape.source}. ${help} Thin branches are drawn at least 1.5 pixels wide unless "True widths" is on.`));
  choose(chart.mode);
  if (chart.mode === 'value') {  // open on a frame that shows something: where the fastest half has been reached
    const known = [...shape.arrival].filter((t) => !Number.isNaN(t)).sort((a, b) => a - b);
    if (known.length) chart.frame = nearest(shape.time, known[known.length >> 1]);
  }
}
function shapeLegend(chart, mode) {
  const s = chart.shape, text = (t) => make('span', { class: 'bar-label' }, t);
  if (mode === 'value') return [text(`${significant(s.low, 3)} ${s.units}`), make('span', { class: 'map voltage' }), text(`${significant(s.high, 3)} ${s.units}`)];
  if (mode === 'arrival') {
    return [text(`${fixed(chart.first, 0.01)} ms`), make('span', { class: 'map arrival' }), text(`${fixed(chart.last, 0.01)} ms`),
      text(`· first rise above ${significant(s.threshold)} ${s.units}; grey: never`)];
  }
  return [...new Set([...s.type].map((t) => Math.min(t, 5)))].sort().map((t) => {
    const dot = make('i');
    dot.style.background = colourAt(theme.map.type, t);
    return make('span', { class: 'site' }, dot, ' ' + TYPE_NAMES[t]);
  });
}

