// The ruler above the lanes: bars and beats, drawn only for what is in sight, and the way to anywhere.
import { $ } from './dom.js';
import { barLength, barBeat, playhead, seek } from './transport.js';

const height = 28;

/** Draws the ruler for a window of the timeline. */
export function drawRuler(first, width, pixelsPerBeat, loop) {
  const canvas = $('ruler-canvas');
  const scale = devicePixelRatio || 1;
  canvas.width = Math.round(width * scale);
  canvas.height = height * scale;
  const pen = canvas.getContext('2d');
  pen.scale(scale, scale);
  const style = getComputedStyle(document.documentElement);
  const ink = style.getPropertyValue('--quiet');
  if (loop) {
    pen.fillStyle = style.getPropertyValue('--accent');
    pen.globalAlpha = 0.25;
    pen.fillRect((loop.start_beat - first) * pixelsPerBeat, 0, (loop.end_beat - loop.start_beat) * pixelsPerBeat, height);
    pen.globalAlpha = 1;
  }
  pen.fillStyle = ink;
  pen.font = '11px system-ui, sans-serif';
  const bar = barLength();
  // Numbers stand so far apart that they can be read.
  let step = bar;
  while (step * pixelsPerBeat < 44) step *= 2;
  for (let beat = Math.floor(first / step) * step; beat < first + width / pixelsPerBeat; beat += step) {
    const x = Math.round((beat - first) * pixelsPerBeat);
    pen.fillRect(x, 10, 1, height);
    pen.fillText(barBeat(beat).split(':')[0], x + 3, 12);
  }
  if (pixelsPerBeat < 6) return;
  for (let beat = Math.ceil(first); beat < first + width / pixelsPerBeat; beat += 1) {
    pen.fillRect(Math.round((beat - first) * pixelsPerBeat), 22, 1, 6);
  }
}

/** Where a click on the ruler leads: to the beat that is nearest. */
export function listenToRuler(beatAt) {
  const ruler = $('ruler');
  ruler.onclick = (event) => seek(event.shiftKey ? beatAt(event.clientX) : Math.round(beatAt(event.clientX)));
  ruler.onkeydown = (event) => {
    const step = event.shiftKey ? 0.25 : 1;
    const steps = { ArrowLeft: -step, ArrowRight: step, PageUp: -barLength(), PageDown: barLength() };
    if (event.key === 'Home') seek(0);
    else if (event.key in steps) seek(Math.round((playhead() + steps[event.key]) * 4) / 4);
    else return;
    event.preventDefault();
  };
}

/** What a reader of the screen hears of the playhead. */
export function tellRuler(beat, end) {
  const ruler = $('ruler');
  ruler.setAttribute('aria-valuenow', String(Math.round(beat)));
  ruler.setAttribute('aria-valuemax', String(Math.ceil(end)));
  ruler.setAttribute('aria-valuetext', `bar and beat ${barBeat(beat)}`);
}
