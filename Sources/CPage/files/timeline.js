// The timeline: a lane a track, the regions in it, and the playhead above all of them.
import { $, drawWith, el, keep, redraw, setText } from './dom.js';
import { isHeld, placeRegions, whenMoved } from './regions.js';
import { drawRuler, listenToRuler, tellRuler } from './ruler.js';
import { on, state } from './state.js';
import { isRolling, playhead, showPosition } from './transport.js';

const scroll = $('scroll');
const lanes = $('lanes');
let pixelsPerBeat = matchMedia('(max-width: 600px)').matches ? 14 : 24;

/** The lane for what has no track yet. */
const NOWHERE = '';

function laneNames() {
  const names = state.tracks.map((track) => track.name);
  if (state.latent.some((latent) => !names.includes(latent.track))) names.push(NOWHERE);
  return names;
}

function endBeat() {
  let end = 32;
  for (const region of [...state.regions, ...state.latent]) end = Math.max(end, region.beat + region.length_beats);
  return end + 16;
}

function lay() {
  const width = endBeat() * pixelsPerBeat;
  lanes.style.width = `${Math.max(width, scroll.clientWidth)}px`;
  keep(lanes, laneNames(), (name) => `lane ${name}`,
    (name) => el('div', { class: 'lane', role: 'group', 'data-track': name }, el('span', { class: 'name' })),
    (lane, name) => {
      setText(lane.firstChild, name || 'no track yet');
      lane.setAttribute('aria-label', name ? `Track ${name}` : 'Regions without a track');
    });
  const byTrack = new Map([...lanes.children].map((lane) => [lane.dataset.track, lane]));
  placeRegions(byTrack, pixelsPerBeat);
  const more = state.total - state.regions.length;
  setText($('timeline-note'), state.regions.length + state.latent.length === 0
    ? 'Nothing is on it yet: garden region add, or garden generate.'
    : more > 0 ? `${state.regions.length} of ${state.total} regions are shown` : `${state.total} region${state.total === 1 ? '' : 's'}`);
  rule();
}

function rule() {
  drawRuler(scroll.scrollLeft / pixelsPerBeat, scroll.clientWidth, pixelsPerBeat, state.status?.transport.loop);
  tellRuler(playhead(), endBeat());
}

function zoom(factor) {
  // What is in the middle stays there.
  const middle = (scroll.scrollLeft + scroll.clientWidth / 2) / pixelsPerBeat;
  pixelsPerBeat = Math.min(200, Math.max(1, pixelsPerBeat * factor));
  lay();
  scroll.scrollLeft = middle * pixelsPerBeat - scroll.clientWidth / 2;
  rule();
  draw();
}

let lastX = -1;
let width = scroll.clientWidth;
let lastTold = 0;

function draw() {
  const beat = playhead();
  const x = Math.round(beat * pixelsPerBeat * 2) / 2;
  if (x !== lastX) {
    lastX = x;
    // What is read is read before anything is written: else all would be laid out once more.
    follow(x);
    $('playhead').style.transform = `translateX(${x}px)`;
    showPosition();
  }
  if (performance.now() - lastTold > 1000) {
    lastTold = performance.now();
    tellRuler(beat, endBeat());
  }
}

function follow(x) {
  if (!isRolling() || !$('follow').checked || isHeld()) return;
  const left = scroll.scrollLeft;
  if (x >= left && x < left + width - 20) return;
  scroll.scrollLeft = Math.max(0, x - 40);
}

/** As long as it rolls each picture asks for the next. */
drawWith(() => {
  if (!isRolling()) return;
  draw();
  redraw();
});

on('mixer', lay);
on('regions', lay);
on('status', () => { rule(); });
on('place', () => { draw(); rule(); });
on('rolling', redraw);
document.addEventListener('visibilitychange', redraw);
scroll.addEventListener('scroll', () => requestAnimationFrame(rule), { passive: true });
new ResizeObserver(() => { width = scroll.clientWidth; lay(); }).observe(scroll);
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => lay());
$('zoom-in').onclick = () => zoom(1.5);
$('zoom-out').onclick = () => zoom(1 / 1.5);
whenMoved(lay);
listenToRuler((clientX) => (clientX - scroll.getBoundingClientRect().left + scroll.scrollLeft) / pixelsPerBeat);
