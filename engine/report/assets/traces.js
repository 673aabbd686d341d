// Voltage, gates, currents and stimuli over time.
class TracePanel extends TimeChart {
  constructor(host, panel, isLast) {
    super(host, `${panel.title} over time in ${panel.units}`, panel.stimulus ? 110 : panel.quantity === 'v' ? 280 : 180, isLast);
    if (isLast) this.height += 32;
    this.panel = panel;
    this.shown = panel.lines.map((line) => line.shown);
    this.full = this.range(-Infinity, Infinity);
  }
  stale(what) {
    super.stale(what);
    if (what === 'cursor' || what === 'time') this.readNeeded = true;
  }
  /// Smallest and largest value of the lines that are on, with some air.
  range(from, to) {
    let low = Infinity, high = -Infinity;
    this.panel.lines.forEach((line, k) => {
      if (!this.shown[k]) return;
      const first = Math.max(0, Math.floor((from - line.start) / line.interval));
      const last = Math.min(line.q.length - 1, Math.ceil((to - line.start) / line.interval));
      let a = 32767, b = MISSING;
      for (let i = first; i <= last; i++) {
        const q = line.q[i];
        if (q === MISSING) continue;
        if (q < a) a = q;
        if (q > b) b = q;
      }
      if (a > b) return;
      low = Math.min(low, line.offset + line.scale * a);
      high = Math.max(high, line.offset + line.scale * b);
    });
    if (low > high) return { low: 0, high: 1 };
    const air = high > low ? 0.06 * (high - low) : Math.max(1e-9, Math.abs(low) * 0.05);
    return { low: low - air, high: high + air };
  }
  prepare() { this.y = view.fitHeight ? this.range(view.from, view.to) : this.full; }

  drawData(ctx, p) {
    ctx.lineJoin = 'round';
    ctx.lineWidth = this.panel.lines.length > 24 ? 1 : 1.5;
    this.panel.lines.forEach((line, k) => {
      if (!this.shown[k]) return;
      ctx.strokeStyle = theme.dark ? line.dark : line.light;
      ctx.beginPath();
      this.trace(ctx, line, p);
      ctx.stroke();
    });
  }
  /// Joins the samples; where several fall on one pixel column, its first, smallest, largest and last, so no spike vanishes.
  trace(ctx, line, p) {
    const n = line.q.length, dt = line.interval || 1;
    const first = Math.max(0, Math.floor((view.from - line.start) / dt) - 1);
    const last = Math.min(n - 1, Math.ceil((view.to - line.start) / dt) + 1);
    const perPixel = (last - first) / p.width;
    const x0 = this.xAt(line.start), dx = dt / (view.to - view.from) * p.width;
    const k = p.height / (this.y.high - this.y.low);
    const y0 = p.bottom - (line.offset - this.y.low) * k, dy = -line.scale * k;
    const q = line.q;
    let down = false;
    const to = (i) => {
      if (q[i] === MISSING) { down = false; return; }
      const x = x0 + i * dx, y = y0 + q[i] * dy;
      if (down) ctx.lineTo(x, y); else ctx.moveTo(x, y);
      down = true;
    };
    if (perPixel <= 4) {
      for (let i = first; i <= last; i++) to(i);
      return;
    }
    for (let a = first; a <= last; a += perPixel) {
      const begin = Math.floor(a), end = Math.min(last, Math.floor(a + perPixel) - 1);
      let low = begin, high = begin;
      for (let i = begin + 1; i <= end; i++) {
        if (q[i] < q[low]) low = i;
        if (q[i] > q[high]) high = i;
      }
      to(begin);
      to(Math.min(low, high));
      to(Math.max(low, high));
      to(Math.max(begin, end));
    }
  }

  valueAtCursor(k) {
    const line = this.panel.lines[k];
    const i = Math.round((view.cursor - line.start) / (line.interval || 1));
    return i >= 0 && i < line.q.length ? valueOf(line, i) : NaN;
  }
  drawCursor(ctx, p) {
    super.drawCursor(ctx, p);
    if (!Number.isFinite(view.cursor)) { this.outputs?.forEach((o) => { o.textContent = ''; }); return; }
    const step = Math.max((this.y.high - this.y.low) / 2000, 1e-9);
    this.panel.lines.forEach((line, k) => {
      const value = this.valueAtCursor(k);
      if (this.outputs) this.outputs[k].textContent = this.shown[k] ? fixed(value, 10 ** Math.floor(Math.log10(step) + 1)) : '';
      if (!this.shown[k] || !Number.isFinite(value)) return;
      ctx.fillStyle = theme.dark ? line.dark : line.light;
      ctx.beginPath();
      ctx.arc(this.xAt(view.cursor), this.yAt(value), 3, 0, 7);
      ctx.fill();
    });
  }

  /// One button per line: turns it on and off; a double click leaves only this one.
  legend() {
    const box = make('div', { class: 'legend', role: 'group', 'aria-label': `Lines of ${this.panel.title}` });
    this.outputs = [];
    this.swatches = [];
    const buttons = this.panel.lines.map((line, k) => {
      const swatch = make('i'), output = make('output');
      this.swatches.push(swatch);
      this.outputs.push(output);
      return make('button', {
        type: 'button', 'aria-pressed': String(this.shown[k]), title: `${line.label}: click to hide or show, double click for this line alone`,
        onclick: () => this.show((on, j) => (j === k ? !on : on)),
        ondblclick: () => this.show((on, j) => j === k),
      }, swatch, make('b', {}, line.label), output);
    });
    this.buttons = buttons;
    box.append(...buttons);
    if (buttons.length > 5) {
      const all = make('button', { type: 'button', class: 'all', onclick: () => this.show(() => !this.shown.every(Boolean)) }, 'all or none');
      box.prepend(all);
    }
    return box;
  }
  show(rule) {
    this.shown = this.shown.map((on, k) => rule(on, k));
    this.buttons.forEach((b, k) => b.setAttribute('aria-pressed', String(this.shown[k])));
    this.full = this.range(-Infinity, Infinity);
    this.isStale = true;
    refresh('none');
  }
  draw(ctx) {
    this.swatches?.forEach((s, k) => { s.style.background = theme.dark ? this.panel.lines[k].dark : this.panel.lines[k].light; });
    super.draw(ctx);
  }
}

function showTraces(host) {
  new TimeTools(host, checkbox('Fit height', view.fitHeight, (on) => { view.fitHeight = on; refresh('all'); }));
  data.panels.forEach((panel, i) => {
    const name = make('p', { class: 'panel-name' }, panel.title, make('span', {}, panel.units ? ` (${panel.units})` : ''));
    const box = make('div', { class: 'panel' }, name);
    host.append(box);
    const chart = new TracePanel(box, panel, i + 1 === data.panels.length);
    box.insertBefore(chart.legend(), chart.canvas);
  });
  host.append(make('p', { class: 'help' }, matchMedia('(pointer: coarse)').matches
    ? 'Pinch to zoom, drag sideways to pan, double tap to see everything.'
    : 'Drag to zoom, shift and drag to pan, double click to see everything. Click a chart, then the wheel and the keys + − 0 and arrows work too.'));
}

