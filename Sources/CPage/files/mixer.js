// A strip for each track and bus, and one for the main output. Levels come twenty times a second.
import { attempt, tool } from './api.js';
import { $, drawWith, el, keep, redraw, setText } from './dom.js';
import { on, state } from './state.js';

const MASTER = 'master';
const [LOWEST, HIGHEST] = [-60, 12];

function strips() {
  const master = state.status ? [{ kind: MASTER, name: MASTER, gain_db: state.status.master.gain_db }] : [];
  return [...state.tracks.map((track) => ({ kind: 'track', ...track })), ...state.buses.map((bus) => ({ kind: 'bus', ...bus })),
    ...master];
}

function change(strip, what) {
  const isBus = strip.kind === 'bus';
  return attempt(() => tool(isBus ? 'bus_set' : 'track_set', { [isBus ? 'bus' : 'track']: strip.name, ...what }));
}

/** A slider that tells its value while it is moved, at most ten times a second, and where it was left. */
function slider(label, range, read, send) {
  const input = el('input', { type: 'range', ...range });
  let timer = 0;
  const flush = () => { clearTimeout(timer); timer = 0; send(Number(input.value)); };
  input.addEventListener('input', () => { input.isHeld = true; timer ||= setTimeout(flush, 100); });
  input.addEventListener('change', () => { input.isHeld = false; flush(); });
  input.take = (strip) => { if (!input.isHeld) input.value = String(read(strip)); };
  return [el('label', {}, label, input), input];
}

function toggle(letter, word, name) {
  const button = el('button', { text: letter, title: word });
  button.onclick = () => change(button.strip, { [name]: button.getAttribute('aria-pressed') !== 'true' });
  button.take = (strip) => {
    button.strip = strip;
    button.setAttribute('aria-pressed', String(Boolean(strip[name])));
    button.setAttribute('aria-label', `${word} ${strip.name}`);
  };
  return button;
}

function make(first) {
  const row = el('li', { class: 'strip' });
  const [gain, gainInput] = slider('Gain', { min: LOWEST, max: HIGHEST, step: 0.5 },
    (strip) => Math.max(LOWEST, Math.min(HIGHEST, strip.gain_db)), (value) => change(row.strip, { gain: value }));
  row.append(el('span', { class: 'name' }), gain);
  row.parts = [gainInput];
  gainInput.nameOf = 'Gain of';
  if (first.kind !== MASTER) {
    const [pan, panInput] = slider('Pan', { min: -1, max: 1, step: 0.05 }, (strip) => strip.pan,
      (value) => change(row.strip, { pan: value }));
    panInput.nameOf = 'Pan of';
    const buttons = [toggle('M', 'Mute', 'mute'), toggle('S', 'Solo', 'solo')];
    row.append(pan, el('div', { class: 'buttons' }, ...buttons));
    row.parts.push(panInput, ...buttons);
  }
  row.meter = el('div', { class: 'meter', 'aria-hidden': 'true' }, el('i'));
  row.append(row.meter);
  return row;
}

function update(row, strip) {
  row.strip = strip;
  setText(row.firstChild, strip.kind === 'bus' ? `${strip.name} (bus)` : strip.name);
  for (const part of row.parts) {
    part.take(strip);
    if (part.nameOf) part.setAttribute('aria-label', `${part.nameOf} ${strip.name}`);
  }
}

const rows = new Map();

function show() {
  const list = $('mixer');
  keep(list, strips(), (strip) => `${strip.kind} ${strip.name}`, make, update);
  rows.clear();
  for (const row of list.children) rows.set(row.dataset.key, row);
}

on('mixer', show);
on('status', () => { if (!rows.has(`${MASTER} ${MASTER}`)) show(); });

/** −60 dB … 0 dB as 0 … 1, in steps that can be seen: what does not move is not drawn. */
export function fraction(decibels) {
  return Math.round(Math.max(0, Math.min(1, 1 + decibels / 60)) * 100) / 100;
}

/** Shows a level; nothing is drawn anew where it has not moved. */
export function level(meter, decibels) {
  const length = fraction(decibels);
  if (meter.length !== length) {
    meter.length = length;
    meter.firstChild.style.transform = `scaleX(${length})`;
  }
  const isHot = decibels >= -1;
  if (meter.isHot !== isHot) {
    meter.isHot = isHot;
    meter.classList.toggle('hot', isHot);
  }
}

let toldLoudness = 0;
/** Levels that have come and are not shown yet. */
let levels = null;

/** The strips of a report: kind, and what was measured. */
const measured = (meters) => [...meters.tracks.map((track) => ['track', track]), ...meters.buses.map((bus) => ['bus', bus]),
  [MASTER, { name: MASTER, ...meters.master }]];

const rowOf = (kind, strip) => rows.get(`${kind} ${strip.name}`);

on('meter', (meters) => {
  levels = meters;
  // A picture in which nothing has moved costs as much as any other.
  if (measured(meters).some(([kind, strip]) => rowOf(kind, strip)?.meter.length !== fraction(strip.peak_db))) redraw();
});

drawWith(() => {
  if (!levels) return;
  const meters = levels;
  levels = null;
  for (const [kind, strip] of measured(meters)) {
    const row = rowOf(kind, strip);
    if (row) level(row.meter, strip.peak_db);
  }
  if (performance.now() - toldLoudness < 1000) return;
  toldLoudness = performance.now();
  const loudness = meters.loudness?.short_term_lufs;
  setText($('loudness'), loudness == null ? '' : `${loudness.toFixed(1)} LUFS`);
});
