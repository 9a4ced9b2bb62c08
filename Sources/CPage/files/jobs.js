// What hosts were asked for: how far it is, and how to end it or ask again.
import { attempt, post, tool } from './api.js';
import { $, el, keep, setText } from './dom.js';
import { on, reload, state } from './state.js';

const cancel = (job) => attempt(() => tool('job_cancel', { job: [job.id] })).then(() => reload('jobs', 'regions'));
const retry = (job) => attempt(() => post(`/api/tasks/${encodeURIComponent(job.id)}/retry`)).then(() => reload('jobs', 'regions'));

const canRetry = (job) => job.is_final && job.state !== 'succeeded';

function press(event) {
  const row = event.currentTarget;
  if (event.target !== row || event.ctrlKey || event.metaKey || event.altKey) return;
  const key = event.key.toLowerCase();
  if ((key === 'c' || key === 'delete') && !row.job.is_final) cancel(row.job);
  else if (key === 'r' && canRetry(row.job)) retry(row.job);
  else if (event.key === 'ArrowDown') row.nextElementSibling?.focus();
  else if (event.key === 'ArrowUp') row.previousElementSibling?.focus();
  else return;
  event.preventDefault();
}

function make() {
  const row = el('li', { tabindex: '0', onkeydown: press },
    el('span', { class: 'name' }), el('span', { class: 'text quiet' }), el('progress', { max: '100', 'aria-label': 'progress' }),
    el('span', { class: 'why' }),
    el('button', { text: 'Cancel', onclick: () => cancel(row.job) }), el('button', { text: 'Retry', onclick: () => retry(row.job) }));
  return row;
}

function update(row, job) {
  row.job = job;
  const [name, text, progress, why, cancelling, retrying] = row.children;
  setText(name, job.tool);
  const where = job.host ? ` on ${job.host}` : job.position ? `, place ${job.position} of the queue` : '';
  const left = job.ends_in > 0 ? `, ${Math.ceil(job.ends_in)} s left` : '';
  setText(text, `${job.state}${where}${left}${job.message ? ` · ${job.message}` : ''}`);
  progress.hidden = job.is_final;
  progress.value = job.progress ?? 0;
  setText(why, job.state === 'failed' ? (job.error ?? []).join(': ') : '');
  cancelling.hidden = job.is_final;
  retrying.hidden = !canRetry(job);
  cancelling.setAttribute('aria-label', `Cancel ${job.tool}`);
  retrying.setAttribute('aria-label', `Retry ${job.tool}`);
  row.dataset.job = job.id;
  row.dataset.state = job.state;
  row.setAttribute('aria-keyshortcuts', job.is_final ? (canRetry(job) ? 'r' : '') : 'c Delete');
}

let waiting = 0;

function show() {
  const jobs = [...state.jobs.values()];
  const live = jobs.filter((job) => !job.is_final).length;
  setText($('jobs-note'), live ? `${live} under way; C or Delete cancels the one chosen, R asks again` : jobs.length ? 'none under way' : 'none yet');
  // What is under way stands first.
  jobs.sort((a, b) => Number(a.is_final) - Number(b.is_final));
  keep($('jobs'), jobs, (job) => job.id, make, update);
}

// Progress of many jobs comes in many events; a person reads four lists a second at most.
on('jobs', () => { waiting ||= setTimeout(() => { waiting = 0; show(); }, 250); });
