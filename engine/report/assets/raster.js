// Spikes of a population: one row per cell, and the mean rate below.
class RasterChart extends TimeChart {
  constructor(host, raster) {
    super(host, `Spikes of ${raster.title}: cell over time`, Math.min(460, Math.max(200, 60 + raster.n_cells * 3)), true);
    this.raster = raster;
    this.yTitle = 'Cell';
    this.y = { low: -0.5, high: raster.n_cells - 0.5 };
  }
  colourOf(site) {
    if (this.raster.sites.length < 2) return theme.ink;
    const hues = [255, 40, 150, 330, 95, 205];
    return `oklch(${theme.dark ? 0.76 : 0.5} 0.15 ${hues[site % hues.length]})`;
  }
  drawData(ctx, p) {
    const { time, cell, site, sites } = this.raster;
    const half = Math.min(8, Math.max(0.6, 0.4 * p.height / this.raster.n_cells));
    ctx.lineWidth = this.raster.n_cells > 200 ? 1 : 1.4;
    for (let k = 0; k < Math.max(1, sites.length); k++) {
      ctx.strokeStyle = this.colourOf(k);
      ctx.beginPath();
      for (let i = 0; i < time.length; i++) {
        if (site[i] !== k || time[i] < view.from || time[i] > view.to) continue;
        const x = this.xAt(time[i]), y = this.yAt(cell[i]);
        ctx.moveTo(x, y - half);
        ctx.lineTo(x, y + half);
      }
      ctx.stroke();
    }
  }
  drawCursor(ctx, p) {
    super.drawCursor(ctx, p);
    if (!this.read) return;
    const near = this.nearestSpike(p);
    if (near < 0) { this.read.textContent = ''; return; }
    const { time, cell, site, sites } = this.raster;
    ctx.strokeStyle = theme.accent;
    ctx.lineWidth = 2;
    ctx.beginPath();
    ctx.arc(this.xAt(time[near]), this.yAt(cell[near]), 6, 0, 7);
    ctx.stroke();
    this.read.textContent = `Cell ${cell[near]}${sites[site[near]] ? ', ' + sites[site[near]] : ''}: spike at ${fixed(time[near], 0.001)} ms`;
  }
  nearestSpike(p) {
    if (!Number.isFinite(this.hoverY) || !Number.isFinite(view.cursor)) return -1;
    const { time, cell } = this.raster, x = this.xAt(view.cursor);
    let best = -1, least = 30 * 30;
    for (let i = 0; i < time.length; i++) {
      const dx = this.xAt(time[i]) - x, dy = this.yAt(cell[i]) - this.hoverY;
      if (dx * dx + dy * dy < least) { least = dx * dx + dy * dy; best = i; }
    }
    return best;
  }
}

function showRaster(host, index) {
  const raster = data.rasters[index];
  new TimeTools(host);
  const chart = new RasterChart(host, raster);
  chart.read = make('p', { class: 'read', 'aria-live': 'polite' });
  if (raster.sites.length > 1) {
    const row = make('div', { class: 'legend' });
    raster.sites.forEach((name, k) => {
      const dot = make('i');
      dot.style.background = chart.colourOf(k);
      row.append(make('span', { class: 'site' }, dot, ' ' + name));
    });
    host.append(row);
  }
  host.append(chart.read);
}

// The firing-rate curve is one SVG for screen and paper; the script adds the readout.
function showFI(figure, index) {
  const curve = data.f_i_curves[index], svg = figure.querySelector('svg');
  const circles = [...figure.querySelectorAll('circle')];
  const read = make('p', { class: 'read', 'aria-live': 'polite' });
  svg.after(read);
  let at = -1;
  const show = (next) => {
    if (at >= 0) circles[at].classList.remove('on');
    at = Math.min(circles.length - 1, next);
    if (at < 0) { read.textContent = ''; return; }
    circles[at].classList.add('on');
    const i = Number(circles[at].dataset.i);
    read.textContent = `${significant(curve.amplitude[i], 6)} nA: ${significant(curve.rate[i], 6)} Hz`;
  };
  svg.setAttribute('tabindex', '0');
  svg.addEventListener('pointermove', (e) => {
    const box = svg.getBoundingClientRect(), x = (e.clientX - box.left) / box.width * svg.viewBox.baseVal.width;
    let best = 0;
    circles.forEach((c, i) => { if (Math.abs(c.cx.baseVal.value - x) < Math.abs(circles[best].cx.baseVal.value - x)) best = i; });
    show(circles.length ? best : -1);
  });
  svg.addEventListener('pointerleave', () => show(-1));
  svg.addEventListener('keydown', (e) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[e.key];
    if (!step) return;
    show(Math.max(0, at + step));
    e.preventDefault();
  });
}

