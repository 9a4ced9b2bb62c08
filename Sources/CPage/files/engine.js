// How the renderer fares: its load, and what came too late.
import { say } from './api.js';
import { $, setText } from './dom.js';
import { on, reload, state } from './state.js';

on('status', () => {
  const audio = state.status.audio;
  const place = $('engine');
  if (!audio) return setText(place, 'no device');
  const load = `DSP ${Math.round(audio.load * 100)} %`;
  const xruns = `${audio.xruns} xrun${audio.xruns === 1 ? '' : 's'}`;
  setText(place, `${audio.driver} · ${load} · ${xruns}`);
  place.title = `${audio.device}, ${audio.sample_rate} Hz, blocks of ${audio.period}; worst load ${Math.round(audio.worst_load * 100)} %, `
    + `${audio.late_blocks} late blocks`;
  place.classList.toggle('bad', audio.load > 0.8 || !audio.alive);
});

on('warning', (event) => say(event.message));

// Nothing tells of the load by itself.
setInterval(() => { if (!document.hidden && !$('app').hidden) reload('status'); }, 2000);
