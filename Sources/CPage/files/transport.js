// Where the music is, and the buttons that move it.
import { attempt, tool } from './api.js';
import { $, setText } from './dom.js';
import { on, state, tell } from './state.js';

/** The last place that we were told of, and when: between two of them the page goes on by itself. */
const place = { beat: 0, bar: 1, inBar: 0, at: 0, bpm: 120, isRolling: false, beatsPerBar: 4, unit: 1, loop: null };

const now = () => performance.now();

/** `5:2:480`: bar, beat, and ticks, of which a quarter note has 960. */
function parse(position) {
  const found = /^(-?\d+):(\d+)(?::(\d+))?$/.exec(position ?? '');
  return found ? { bar: Number(found[1]), beat: Number(found[2]), ticks: Number(found[3] ?? 0) } : null;
}

/** The playhead now, in quarter notes from 0. */
export function playhead() {
  if (!place.isRolling) return place.beat;
  // Without news for long the daemon may be away: the page does not invent music.
  const passed = Math.min(now() - place.at, 1000);
  let beat = place.beat + passed / 60000 * place.bpm;
  const loop = place.loop;
  if (loop && place.beat < loop.end_beat && beat >= loop.end_beat && loop.end_beat > loop.start_beat) {
    beat = loop.start_beat + (beat - loop.end_beat) % (loop.end_beat - loop.start_beat);
  }
  return beat;
}

export const isRolling = () => place.isRolling;

/** Bar and beat of a place near the last one told: its bar's signature is taken to hold on. */
export function barBeat(beat) {
  const beats = Math.floor((beat - place.beat) / place.unit + place.inBar + 0.002);
  const bar = place.bar + Math.floor(beats / place.beatsPerBar);
  const inBar = ((beats % place.beatsPerBar) + place.beatsPerBar) % place.beatsPerBar;
  return `${bar}:${inBar + 1}`;
}

/** Quarter notes of a bar, as the signature is at the playhead. */
export const barLength = () => place.beatsPerBar * place.unit;

function take(beat, position) {
  const guess = playhead();
  const found = parse(position);
  if (!found) return;
  // News travels unevenly: a small difference is made up little by little, so that the playhead does not tremble.
  const early = place.isRolling && Math.abs(beat - guess) < 0.15 ? (guess - beat) * 0.8 : 0;
  place.bar = found.bar;
  place.inBar = found.beat - 1 + found.ticks / (960 * place.unit) + early / place.unit;
  place.beat = beat + early;
  place.at = now();
}

on('status', () => {
  const transport = state.status.transport;
  const [beats, unit] = transport.signature.split('/').map(Number);
  place.beatsPerBar = beats || 4;
  place.unit = 4 / (unit || 4);
  place.bpm = transport.tempo_bpm;
  place.loop = transport.loop;
  roll(transport.state === 'rolling');
  take(transport.beat, transport.position);
  if (document.activeElement !== $('tempo')) $('tempo').value = String(Math.round(transport.tempo_bpm * 100) / 100);
  $('loop').setAttribute('aria-pressed', String(Boolean(transport.loop)));
  showPosition();
  tell('place');
});

on('transport', (event) => {
  if (event.type === 'rolling') roll(true);
  if (event.type === 'paused' || event.type === 'stopped') roll(false);
  take(event.beat, event.position);
  if (event.type !== 'position') { showPosition(); tell('place'); }
});

on('lost', () => { roll(false); tell('place'); });

function roll(isOn) {
  if (place.isRolling !== isOn) {
    place.beat = playhead();
    place.at = now();
    place.isRolling = isOn;
    tell('rolling');
  }
  // One element for each word, so that nothing moves under the finger.
  const words = isOn ? ['❚❚', 'Pause'] : ['▶', 'Play'];
  const [sign, word] = $('play').childNodes;
  setText(sign, words[0]);
  word.textContent = ` ${words[1]}`;
  document.title = isOn ? '▶ Garden' : 'Garden';
}

export function showPosition() { setText($('position'), barBeat(playhead())); }

const toggle = () => attempt(() => tool(place.isRolling ? 'pause' : 'play'));

$('play').onclick = toggle;
$('stop').onclick = () => attempt(() => tool('stop'));
$('panic').onclick = () => attempt(() => tool('panic'), 'Everything is silent.');
$('loop').onclick = () => attempt(async () => {
  if (place.loop) return tool('loop', { off: true });
  try {
    return await tool('loop', { on: true });
  } catch (error) {
    // There was none before: the four bars that the playhead is in.
    if (!error.status || error.status >= 500) throw error;
    const length = 4 * barLength();
    const start = Math.floor(playhead() / length) * length;
    return tool('loop', { start: String(start), end: String(start + length) });
  }
});
$('tempo').onchange = () => attempt(() => tool('tempo', { bpm: Number($('tempo').value) }));

/** Moves the playhead to a quarter note. */
export const seek = (beat) => attempt(() => tool('seek', { position: String(round(Math.max(0, beat))) }));

/** As text without an exponent or a long tail. */
export const round = (beat) => Math.round(beat * 1000) / 1000;

document.addEventListener('keydown', (event) => {
  if (event.key !== ' ' || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest('input, textarea, select, button, [role=button]')) return;
  event.preventDefault();
  toggle();
});
