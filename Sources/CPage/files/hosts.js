// The machines that make things.
import { attempt, post } from './api.js';
import { $, el, keep, setText } from './dom.js';
import { on, reload, state } from './state.js';

function describe(host) {
  const words = [host.kind, `${host.used} of ${host.slots_now} slots`];
  if (host.up === false) words.push('down');
  if (host.up === true) words.push('up');
  if (host.draining) words.push('draining');
  if (host.breaker !== 'closed') words.push(`breaker ${host.breaker}`);
  if (host.busy_for > 0) words.push(`busy for ${Math.ceil(host.busy_for)} s`);
  if (host.gpu_load != null) words.push(`GPU ${Math.round(host.gpu_load * 100)} %`);
  if (host.note) words.push(host.note);
  return words.join(' · ');
}

function make(first) {
  const path = `/api/hosts/${encodeURIComponent(first.name)}/probe`;
  return el('li', {}, el('span', { class: 'name' }), el('span', { class: 'text quiet' }),
    el('button', { text: 'Probe', onclick: () => attempt(() => post(path), `${first.name} was asked.`).then(() => reload('hosts')) }));
}

function update(row, host) {
  setText(row.children[0], host.name);
  setText(row.children[1], describe(host));
  row.children[2].setAttribute('aria-label', `Probe ${host.name}`);
}

on('hosts', () => keep($('hosts'), state.hosts, (host) => host.name, make, update));
