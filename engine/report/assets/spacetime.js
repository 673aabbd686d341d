// Distance over time, colour for the quantity: a travelling spike is a slanted band.
class SpaceTimeChart extends TimeChart {
  constructor(host, picture) {
    super(host, `${picture.title}: distance over time, colour for ${picture.quantity}`, 340, true);
    this.picture = picture;
    const d = picture.distance, inMm = d[d.length - 1] - d[0] >= 10000;
    this.yUnit = inMm ? 1000 : 1;
    this.yTitle = inMm ? 'Distance (mm)' : 'Distance (µm)';
    this.y = { low: d[0], high: d[d.length - 1] };
    this.showArrival = this.showVelocity = true;
    this.image = document.createElement('canvas');
    this.imageKey = '';
    this.levels();
  }
  /// Range of the stored steps, for the colours.
  levels() {
    let low = 32767, high = -32767;
    for (const q of this.picture.q) {
      if (q === MISSING) continue;
      if (q < low) low = q;
      if (q > high) high = q;
    }
    this.low = low;
    this.toColour = high > low ? 255 / (high - low) : 0;
    this.lowText = significant(this.picture.offset + this.picture.scale * low, 3);
    this.highText = significant(this.picture.offset + this.picture.scale * high, 3);
  }

  /// Frames that one pixel column shows, [first, last]: all that fall on it, at least the nearest one.
  framesOf(x, width) {
    const time = this.picture.time, span = view.to - view.from;
    const from = view.from + x / width * span, to = view.from + (x + 1) / width * span;
    if (to < time[0] || from > time[time.length - 1]) return null;
    let first = nearest(time, from), last = nearest(time, to);
    if (time[first] < from && first < last) first++;
    if (time[last] >= to && first < last) last--;
    return [first, last];
  }
  paint(w, h) {
    const key = [w, h, view.from, view.to, theme.dark].join();
    if (key === this.imageKey) return;
    this.imageKey = key;
    this.image.width = w;
    this.image.height = h;
    const ctx = this.image.getContext('2d');
    const pixels = ctx.createImageData(w, h), out = new Uint32Array(pixels.data.buffer);
    const { distance, q } = this.picture, n = distance.length, map = theme.map.voltage;
    const packed = new Uint32Array(256);
    for (let i = 0; i < 256; i++) packed[i] = (255 << 24 | map[3 * i + 2] << 16 | map[3 * i + 1] << 8 | map[3 * i]) >>> 0;
    const column = new Float32Array(n), left = new Uint32Array(h), weight = new Float32Array(h);
    for (let y = 0; y < h; y++) {
      const d = distance[n - 1] - (y + 0.5) / h * (distance[n - 1] - distance[0]);
      let i = nearest(distance, d);
      if (distance[i] > d && i > 0) i--;
      i = Math.min(i, n - 2);
      left[y] = i;
      weight[y] = Math.min(1, Math.max(0, (d - distance[i]) / Math.max(distance[i + 1] - distance[i], 1e-9)));
    }
    for (let x = 0; x < w; x++) {
      const frames = this.framesOf(x, w);
      if (!frames) continue;
      for (let c = 0; c < n; c++) {
        let top = MISSING;
        for (let f = frames[0]; f <= frames[1]; f++) if (q[f * n + c] > top) top = q[f * n + c];
        column[c] = top;
      }
      for (let y = 0; y < h; y++) {
        const a = column[left[y]], b = column[left[y] + 1];
        if (a === MISSING || b === MISSING) continue;
        out[y * w + x] = packed[Math.round((a + weight[y] * (b - a) - this.low) * this.toColour)];
      }
    }
    ctx.putImageData(pixels, 0, 0);
  }

  drawData(ctx, p) {
    const ratio = window.devicePixelRatio || 1;
    this.paint(Math.max(2, Math.round(p.width * ratio)), Math.max(2, Math.round(p.height * ratio)));
    ctx.drawImage(this.image, p.left, p.top, p.width, p.height);
    const s = this.picture, ink = theme.dark ? '#ffffff' : '#14171b';
    if (this.showArrival) {
      ctx.strokeStyle = ink;
      ctx.globalAlpha = 0.75;
      ctx.lineWidth = 1.25;
      ctx.beginPath();
      let down = false;
      for (let i = 0; i < s.arrival.length; i++) {
        if (Number.isNaN(s.arrival[i])) { down = false; continue; }
        const x = this.xAt(s.arrival[i]), y = this.yAt(s.distance[i]);
        if (down) ctx.lineTo(x, y); else ctx.moveTo(x, y);
        down = true;
      }
      ctx.stroke();
      ctx.globalAlpha = 1;
    }
    if (this.showVelocity && s.velocity) this.drawVelocity(ctx, p, ink);
  }
  drawVelocity(ctx, p, ink) {
    const s = this.picture, travel = (this.y.high - this.y.low) / s.velocity * 1e-3;
    const shift = (view.to - view.from) * 0.012;  // beside the arrivals, so that both can be seen
    const x0 = this.xAt(s.fit_start - shift), x1 = this.xAt(s.fit_start + travel - shift);
    ctx.strokeStyle = ink;
    ctx.lineWidth = 1.5;
    ctx.setLineDash([7, 5]);
    ctx.beginPath();
    ctx.moveTo(x0, p.bottom);
    ctx.lineTo(x1, p.top);
    ctx.stroke();
    ctx.setLineDash([]);
    const text = `${significant(Math.abs(s.velocity))} m/s`;
    ctx.font = `600 13px ${theme.font}`;
    const width = ctx.measureText(text).width, x = Math.min(p.right - width - 16, Math.max(p.left + 8, (x0 + x1) / 2 - width - 22));
    const y = (p.top + p.bottom) / 2;
    if (x1 < p.left || x0 > p.right) return;
    ctx.fillStyle = theme.card;
    ctx.globalAlpha = 0.88;
    ctx.beginPath();
    ctx.roundRect(x, y - 12, width + 12, 24, 5);
    ctx.fill();
    ctx.globalAlpha = 1;
    ctx.fillStyle = theme.ink;
    ctx.textAlign = 'left';
    ctx.textBaseline = 'middle';
    ctx.fillText(text, x + 6, y);
  }

  drawCursor(ctx, p) {
    super.drawCursor(ctx, p);
    if (!this.read) return;
    const s = this.picture;
    if (!Number.isFinite(view.cursor) || !Number.isFinite(this.hoverY)) {
      this.read.textContent = `Threshold of the arrival line: ${significant(s.threshold)} ${s.units}`;
      return;
    }
    const column = nearest(s.distance, this.valueAt(this.hoverY)), frame = nearest(s.time, view.cursor);
    const value = valueOf(s, frame * s.distance.length + column), arrival = s.arrival[column];
    this.read.textContent = `${lengthText(s.distance[column])} · ${timeText(view.cursor, 800)} · ` +
      `${fixed(value, 0.1)} ${s.units}` + (Number.isNaN(arrival) ? '' : ` · arrival ${fixed(arrival, 0.001)} ms`);
  }
}

function showSpaceTime(host, index) {
  const picture = data.space_times[index];
  const boxes = [];
  let chart = null;
  const again = () => { chart.isStale = true; refresh('none'); };
  if (picture.arrival.some((t) => !Number.isNaN(t))) boxes.push(checkbox('Arrival', true, (on) => { chart.showArrival = on; again(); }));
  if (picture.velocity) boxes.push(checkbox('Velocity', true, (on) => { chart.showVelocity = on; again(); }));
  new TimeTools(host, ...boxes);
  chart = new SpaceTimeChart(host, picture);
  const row = make('div', { class: 'map-row' }, make('span', { class: 'bar-label' }, `${chart.lowText} ${picture.units}`),
    make('span', { class: 'map voltage' }), make('span', { class: 'bar-label' }, `${chart.highText} ${picture.units}`));
  chart.read = make('p', { class: 'read', 'aria-live': 'polite' });
  host.append(row, chart.read, make('p', { class: 'help' }, picture.path + '.'));
}

