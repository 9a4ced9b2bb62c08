// The regions in their lanes: those that play, and those that wait for what a job makes.
import { attempt, tool } from './api.js';
import { draw, signature } from './drawing.js';
import { $, el, keep, setText } from './dom.js';
import { act, canDecide, describe, keysOf } from './latents.js';
import { on, reload, state } from './state.js';
import { round } from './transport.js';

let lanes = new Map();
let pixelsPerBeat = 24;
let moved = () => {};
/** Called when a region was put elsewhere, before the daemon has said so. */
export function whenMoved(act) { moved = act; }

const BODY = 44;
const isDark = matchMedia('(prefers-color-scheme: dark)');
const items = new WeakMap();

/** Puts every region in its lane. */
export function placeRegions(byTrack, scale) {
  lanes = byTrack;
  pixelsPerBeat = scale;
  const all = new Map([...lanes.keys()].map((name) => [name, []]));
  const place = (item) => (all.get(item.track) ?? all.get(''))?.push(item);
  state.regions.forEach(place);
  for (const latent of state.latent) place({ ...latent, isLatent: true });
  // An element that is put elsewhere in the document loses the focus.
  const chosen = document.activeElement?.dataset.region;
  for (const [name, lane] of lanes) {
    const regions = all.get(name).sort((a, b) => a.beat - b.beat);
    keep(layer(lane), regions, (item) => item.id, make, update);
  }
  if (chosen && document.activeElement?.dataset.region !== chosen) find(chosen)?.focus({ preventScroll: true });
}

const find = (id) => document.querySelector(`.region[data-region="${CSS.escape(id)}"]`);

function layer(lane) {
  if (!lane.layer) {
    lane.layer = el('div');
    lane.append(lane.layer);
  }
  return lane.layer;
}

function make() {
  const body = el('div', { role: 'button', tabindex: '0' },
    el('canvas', { 'aria-hidden': 'true' }), el('span', { class: 'label' }),
    el('i', { class: 'progress', 'aria-hidden': 'true' }));
  body.addEventListener('pointerdown', take);
  body.addEventListener('keydown', press);
  sight.observe(body);
  return body;
}

function update(body, item) {
  items.set(body, item);
  // Nobody knows yet how long some that wait will be; there is room for their name.
  const width = Math.max(item.isLatent ? 70 : 4, item.length_beats * pixelsPerBeat);
  body.className = ['region', item.isLatent ? `latent ${item.status}` : item.kind, item.mute ? 'muted' : ''].join(' ').trim();
  body.style.left = `${item.beat * pixelsPerBeat}px`;
  body.style.width = `${width}px`;
  body.dataset.region = item.id;
  setText(body.children[1], item.isLatent ? describe(item) : item.name);
  body.setAttribute('aria-label', item.isLatent
    ? `${item.name ?? item.tool ?? 'region'}, ${describe(item)}, at ${item.position}`
    : `${item.name}, ${item.kind}, ${item.position} to ${item.end}${item.mute ? ', muted' : ''}`);
  body.setAttribute('aria-keyshortcuts', keysOf(item));
  body.children[2].hidden = !item.isLatent;
  body.children[2].style.transform = `scaleX(${item.progress ?? 0})`;
  if (body.isInSight) picture(body);
}

on('progress', (job) => {
  for (const latent of state.latent) {
    if (latent.job !== job.id) continue;
    const body = find(latent.id);
    if (body) update(body, { ...latent, isLatent: true });
  }
});

// Only what is in sight is drawn.
const sight = new IntersectionObserver((entries) => {
  for (const entry of entries) {
    entry.target.isInSight = entry.isIntersecting;
    if (entry.isIntersecting) picture(entry.target);
  }
}, { root: $('scroll'), rootMargin: '200px' });

function picture(body) {
  const item = items.get(body);
  if (!item || item.isLatent) return;
  const width = parseFloat(body.style.width);
  const wanted = signature(item, width, BODY, isDark.matches);
  if (body.drawn === wanted) return;
  body.drawn = wanted;
  draw(body.children[0], item, width, BODY, 60 / (state.status?.transport.tempo_bpm ?? 120))
    .catch(() => { body.drawn = ''; });
}

// Moving.

let isDragging = false;
/** Whether a person holds a region: what is under the pointer stays there meanwhile. */
export const isHeld = () => isDragging;

const grid = (event) => (event.shiftKey ? 0.25 : 1);

async function move(item, beat, track) {
  const target = state.regions.find((region) => region.id === item.id) ?? state.latent.find((latent) => latent.id === item.id);
  if (!target) return;
  const parameters = { region: item.id, at: String(round(beat)) };
  if (track && track !== item.track) parameters.track = track;
  // Shown at once, and as it was if the daemon refuses.
  target.beat = beat;
  if (parameters.track) target.track = track;
  moved();
  const isDone = await attempt(() => tool('region_mv', parameters));
  if (!isDone) reload('regions');
}

function take(event) {
  const body = event.currentTarget;
  const item = items.get(body);
  // A finger scrolls, unless the region was chosen before.
  if (event.button !== 0 || (event.pointerType === 'touch' && document.activeElement !== body)) return;
  body.setPointerCapture(event.pointerId);
  const from = { x: event.clientX, y: event.clientY };
  isDragging = true;
  let beat = item.beat, track = item.track, isMoved = false;
  const drag = (move) => {
    const [dx, dy] = [move.clientX - from.x, move.clientY - from.y];
    if (!isMoved && Math.hypot(dx, dy) < 4) return;
    isMoved = true;
    body.classList.add('dragged');
    const step = grid(move);
    beat = Math.max(0, Math.round((item.beat + dx / pixelsPerBeat) / step) * step);
    const under = document.elementsFromPoint(move.clientX, move.clientY).map((hit) => hit.closest('.lane')).find(Boolean);
    if (under?.dataset.track) track = under.dataset.track;
    const home = lanes.get(item.track)?.offsetTop ?? 0;
    const top = (lanes.get(track)?.offsetTop ?? home) - home;
    body.style.transform = `translate(${(beat - item.beat) * pixelsPerBeat}px, ${top}px)`;
  };
  const end = (last) => {
    body.removeEventListener('pointermove', drag);
    body.removeEventListener('pointerup', end);
    body.removeEventListener('pointercancel', end);
    body.classList.remove('dragged');
    body.style.transform = '';
    isDragging = false;
    if (isMoved && last.type === 'pointerup' && (beat !== item.beat || track !== item.track)) move(item, beat, track);
  };
  body.addEventListener('pointermove', drag);
  body.addEventListener('pointerup', end);
  body.addEventListener('pointercancel', end);
}

function press(event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const item = items.get(event.currentTarget);
  if (canDecide(item) && act(item, event.key)) return event.preventDefault();
  const names = [...lanes.keys()].filter(Boolean);
  const at = names.indexOf(item.track);
  switch (event.key) {
    case 'ArrowLeft': move(item, Math.max(0, item.beat - grid(event))); break;
    case 'ArrowRight': move(item, item.beat + grid(event)); break;
    case 'ArrowUp': if (at > 0) move(item, item.beat, names[at - 1]); break;
    case 'ArrowDown': if (at >= 0 && at + 1 < names.length) move(item, item.beat, names[at + 1]); break;
    default: return;
  }
  event.preventDefault();
}
