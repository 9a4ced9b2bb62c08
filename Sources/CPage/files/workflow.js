// Workflows: their phases from left to right, each with its tasks and how they stand.
import { get } from './api.js';
import { $, el, keep, setText } from './dom.js';
import { on, source, state } from './state.js';

const MOST = 5;

source('workflows', async () => {
  let list;
  try {
    list = (await get('/api/workflows')).workflows ?? [];
  } catch (error) {
    // A daemon without workflows has none.
    if (error.status !== 404) throw error;
    list = [];
  }
  const newest = list.slice(0, MOST);
  state.workflows = await Promise.all(newest.map((flow) =>
    get(`/api/workflows/${encodeURIComponent(flow.id)}/status`).then((status) => ({ ...flow, ...status, ...status.workflow }))));
});

function makeTask() { return el('li', { class: 'task' }); }

function updateTask(row, task) {
  row.dataset.state = task.state ?? task.status ?? '';
  const after = task.depends_on?.length ? ` (after ${task.depends_on.join(', ')})` : '';
  setText(row, `${task.name ?? task.id}: ${task.state ?? task.status ?? 'waiting'}${after}`);
}

function updatePhase(row, phase) {
  const after = phase.depends_on?.length ? ` after ${phase.depends_on.join(', ')}` : '';
  setText(row.children[0], `${phase.name ?? phase.id}`);
  setText(row.children[1], `${phase.state ?? phase.status ?? ''}${after}`);
  keep(row.children[2], phase.tasks ?? [], (task) => task.id ?? task.name, makeTask, updateTask);
}

const makePhase = () => el('li', { class: 'phase' }, el('strong'), el('div', { class: 'quiet' }), el('ul'));

function update(box, flow) {
  setText(box.children[0], `${flow.name ?? flow.id}: ${flow.state ?? flow.status ?? ''}`);
  keep(box.children[1], flow.phases ?? [], (phase) => phase.id ?? phase.name, makePhase, updatePhase);
}

on('workflows', () => {
  $('workflow-section').hidden = state.workflows.length === 0;
  keep($('workflows'), state.workflows, (flow) => flow.id, () => el('div', { class: 'flow' }, el('strong'), el('ol')), update);
});
