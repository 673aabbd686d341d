// Fills the places of the page that wait for a view.
const builders = { traces: showTraces, spacetime: showSpaceTime, shape: showShape, raster: showRaster, fi: showFI };
for (const host of document.querySelectorAll('[data-view]')) {
  builders[host.dataset.view](host, Number(host.dataset.index));
}
darkQuery.addEventListener('change', () => { for (const v of views) v.legendAgain?.(); });
refresh('all');
document.documentElement.dataset.ready = 'yes';
