// A plot over time: axes, zoom, pan and crosshair. All time charts share one visible range and one crosshair.
class TimeChart extends View {
  constructor(host, label, height, showsTime) {
    super(host, label + '. Arrow keys move the crosshair, with shift they pan; plus and minus zoom; 0 shows everything.', height);
    this.showsTime = showsTime;
    this.y = { low: 0, high: 1 };
    this.yTitle = '';
    this.pointers = new Map();
    this.band = null;
    this.hoverY = NaN;
    this.listen();
  }

  get plot() {
    const narrow = this.width < 560;
    const left = narrow ? 46 : 64, right = this.width - (narrow ? 8 : 12), top = 8;
    const bottom = this.height - (this.showsTime ? 40 : 8);
    return { left, right, top, bottom, width: right - left, height: bottom - top };
  }
  xAt(t) { const p = this.plot; return p.left + (t - view.from) / (view.to - view.from) * p.width; }
  timeAt(x) { const p = this.plot; return view.from + (x - p.left) / p.width * (view.to - view.from); }
  yAt(v) { const p = this.plot; return p.bottom - (v - this.y.low) / (this.y.high - this.y.low) * p.height; }
  valueAt(y) { const p = this.plot; return this.y.low + (p.bottom - y) / p.height * (this.y.high - this.y.low); }

  draw(ctx) {
    const p = this.plot;
    this.prepare(p);
    this.drawGrid(ctx, p);
    ctx.save();
    ctx.beginPath();
    ctx.rect(p.left, p.top - 1, p.width, p.height + 2);
    ctx.clip();
    this.drawData(ctx, p);
    this.drawCursor(ctx, p);
    ctx.restore();
    if (this.band) {
      ctx.fillStyle = theme.select;
      ctx.fillRect(Math.min(this.band.from, this.band.to), p.top, Math.abs(this.band.to - this.band.from), p.height);
    }
  }
  prepare() {}

  drawGrid(ctx, p) {
    ctx.font = `12px ${theme.font}`;
    ctx.lineWidth = 1;
    const onPixel = (v) => Math.round(v) + 0.5;
    const unit = this.yUnit || 1;
    const yTicks = ticks(this.y.low / unit, this.y.high / unit, Math.max(2, Math.floor(p.height / 42)));
    const tTicks = ticks(view.from, view.to, Math.max(2, Math.floor(p.width / (this.width < 560 ? 70 : 95))));
    ctx.strokeStyle = theme.faint;
    ctx.beginPath();
    for (const v of yTicks.at) { const y = onPixel(this.yAt(v * unit)); ctx.moveTo(p.left, y); ctx.lineTo(p.right, y); }
    for (const t of tTicks.at) { const x = onPixel(this.xAt(t)); ctx.moveTo(x, p.top); ctx.lineTo(x, p.bottom); }
    ctx.stroke();
    ctx.strokeStyle = theme.rule;
    ctx.beginPath();
    ctx.moveTo(onPixel(p.left), p.top);
    ctx.lineTo(onPixel(p.left), onPixel(p.bottom));
    ctx.lineTo(p.right, onPixel(p.bottom));
    ctx.stroke();
    ctx.fillStyle = theme.soft;
    ctx.textAlign = 'right';
    ctx.textBaseline = 'middle';
    for (const v of yTicks.at) ctx.fillText(fixed(v, yTicks.step), p.left - 7, this.yAt(v * unit));
    if (this.yTitle && this.width >= 560) {
      ctx.save();
      ctx.translate(12, (p.top + p.bottom) / 2);
      ctx.rotate(-Math.PI / 2);
      ctx.textAlign = 'center';
      ctx.fillText(this.yTitle, 0, 0);
      ctx.restore();
    }
    if (!this.showsTime) return;
    ctx.textAlign = 'center';
    ctx.textBaseline = 'top';
    for (const t of tTicks.at) {
      const text = fixed(t, tTicks.step), half = ctx.measureText(text).width / 2;
      ctx.fillText(text, Math.min(Math.max(this.xAt(t), half), this.width - half), p.bottom + 6);
    }
    ctx.fillText('Time (ms)', (p.left + p.right) / 2, p.bottom + 23);
  }

  drawCursor(ctx, p) {
    if (!Number.isFinite(view.cursor)) return;
    const x = this.xAt(view.cursor);
    ctx.strokeStyle = theme.soft;
    ctx.lineWidth = 1;
    ctx.setLineDash([3, 3]);
    ctx.beginPath();
    ctx.moveTo(x, p.top);
    ctx.lineTo(x, p.bottom);
    if (Number.isFinite(this.hoverY)) { ctx.moveTo(p.left, this.hoverY); ctx.lineTo(p.right, this.hoverY); }
    ctx.stroke();
    ctx.setLineDash([]);
  }

  place(event) {
    const box = this.canvas.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  }
  pointAt({ x, y }) {
    const p = this.plot;
    this.hoverY = y >= p.top && y <= p.bottom ? y : NaN;
    this.isStale = true;
    setCursor(this.timeAt(Math.min(p.right, Math.max(p.left, x))));
    refresh('none');
  }
  leave() {
    this.hoverY = NaN;
    this.isStale = true;
    setCursor(NaN);
    refresh('none');
  }

  listen() {
    const c = this.canvas;
    c.addEventListener('pointerdown', (e) => this.press(e));
    c.addEventListener('pointermove', (e) => this.move(e));
    c.addEventListener('pointerup', (e) => this.release(e));
    c.addEventListener('pointercancel', (e) => { this.pointers.delete(e.pointerId); this.band = null; refresh('none'); });
    c.addEventListener('pointerleave', (e) => { if (e.pointerType === 'mouse' && !this.pointers.size) this.leave(); });
    c.addEventListener('dblclick', () => setView(data.start, data.stop));
    c.addEventListener('wheel', (e) => this.wheel(e), { passive: false });
    c.addEventListener('keydown', (e) => this.key(e));
  }
  press(e) {
    if (e.pointerType === 'mouse' && e.button > 1) return;
    const at = this.place(e);
    this.pointers.set(e.pointerId, at);
    this.canvas.focus({ preventScroll: true });
    try { this.canvas.setPointerCapture(e.pointerId); } catch { /* the pointer is gone already */ }
    const pans = e.shiftKey || e.button === 1 || e.pointerType !== 'mouse';
    this.band = this.pointers.size > 1 || pans ? null : { from: at.x, to: at.x };
    this.pointAt(at);
    if (e.pointerType === 'mouse') e.preventDefault();
  }
  move(e) {
    const at = this.place(e), before = this.pointers.get(e.pointerId);
    if (!before) { if (e.pointerType === 'mouse') this.pointAt(at); return; }
    const perPixel = (view.to - view.from) / this.plot.width;
    if (this.pointers.size === 2) {
      const [id] = [...this.pointers.keys()].filter((k) => k !== e.pointerId);
      const other = this.pointers.get(id);
      const was = Math.abs(before.x - other.x), is = Math.abs(at.x - other.x);
      if (was > 4 && is > 4) {
        const fixedTime = this.timeAt(other.x), span = (view.to - view.from) * was / is;
        const from = fixedTime - (other.x - this.plot.left) / this.plot.width * span;
        setView(from, from + span);
      }
    } else if (this.band) {
      this.band.to = Math.min(this.plot.right, Math.max(this.plot.left, at.x));
    } else if (isZoomed()) {
      setView(view.from - (at.x - before.x) * perPixel, view.to - (at.x - before.x) * perPixel);
    }
    this.pointers.set(e.pointerId, at);
    this.pointAt(at);
  }
  release(e) {
    this.pointers.delete(e.pointerId);
    const band = this.band;
    this.band = null;
    this.isStale = true;
    refresh('none');
    if (band && Math.abs(band.to - band.from) > 5) {
      setView(this.timeAt(Math.min(band.from, band.to)), this.timeAt(Math.max(band.from, band.to)));
    }
  }
  wheel(e) {
    // The page keeps scrolling unless the chart was clicked or a modifier says that zoom is meant.
    if (!(e.ctrlKey || e.metaKey || document.activeElement === this.canvas)) return;
    e.preventDefault();
    if (Math.abs(e.deltaX) > Math.abs(e.deltaY)) {
      const shift = e.deltaX * (view.to - view.from) / this.plot.width;
      setView(view.from + shift, view.to + shift);
    } else {
      zoomTime(Math.exp(Math.min(240, Math.max(-240, e.deltaY)) * 0.0022), this.timeAt(this.place(e).x));
    }
  }
  key(e) {
    const span = view.to - view.from;
    const about = Number.isFinite(view.cursor) ? view.cursor : (view.from + view.to) / 2;
    const sign = e.key === 'ArrowRight' ? 1 : -1;
    if (e.key === 'ArrowLeft' || e.key === 'ArrowRight') {
      if (e.shiftKey) setView(view.from + sign * span * 0.2, view.to + sign * span * 0.2);
      else setCursor(about + sign * span / this.plot.width * 2);
    } else if (e.key === '+' || e.key === '=') zoomTime(0.7, about);
    else if (e.key === '-') zoomTime(1 / 0.7, about);
    else if (e.key === '0' || e.key === 'Home') setView(data.start, data.stop);
    else if (e.key === 'Escape') this.leave();
    else return;
    e.preventDefault();
  }
}

/// The time around the first spike that travels, or null when that is most of the time there is.
function firstSpike() {
  let first = Infinity, last = -Infinity;
  for (const s of [...data.space_times, ...data.shapes]) {
    for (const t of s.arrival) {
      if (t < first) first = t;
      if (t > last) last = t;
    }
  }
  const span = last - first, from = first - 0.3 * span - 1, to = last + 0.8 * span + 3;
  return to > from && to - from < 0.6 * (data.stop - data.start) ? [from, to] : null;
}

/// Buttons that zoom, and the time of the crosshair. Extra controls go in between.
class TimeTools {
  constructor(host, ...extra) {
    this.now = make('span', { class: 'now' });
    const middle = () => (Number.isFinite(view.cursor) ? view.cursor : (view.from + view.to) / 2);
    this.reset = button('Show all', 'Show the whole time', () => setView(data.start, data.stop));
    const spike = firstSpike();
    if (spike) extra.unshift(make('button', { type: 'button', onclick: () => setView(...spike) }, 'First spike'));
    host.append(make('div', { class: 'tools' }, button('+', 'Zoom in', () => zoomTime(0.6, middle())),
      button('−', 'Zoom out', () => zoomTime(1 / 0.6, middle())), this.reset, ...extra, make('span', { class: 'gap' }), this.now));
    this.isStale = true;
    views.push(this);
  }
  stale(what) { if (what !== 'none') this.isStale = true; }
  drawIfStale() {
    if (!this.isStale) return;
    this.isStale = false;
    this.reset.disabled = !isZoomed();
    this.now.textContent = Number.isFinite(view.cursor)
      ? timeText(view.cursor, 800) : `${timeText(view.from, 800)} to ${timeText(view.to, 800)}`;
  }
}

