// Workflows as graphs: a box for each phase with its tasks, left to right as they depend on each other.
import { attempt, get, post, remove } from './api.js';
import { $, el, keep, setText, svg } from './dom.js';
import { on, reload, source, state } from './state.js';

const MOST = 4;
const path = (flow) => `/api/workflows/${encodeURIComponent(flow.id)}`;

source('workflows', async () => {
  const list = await get(`/api/workflows?limit=${MOST}`);
  state.workflows = await Promise.all(list.workflows.map(async (flow) => {
    const [shown, tasks] = await Promise.all([get(`${path(flow)}/status`), get(`${path(flow)}/tasks`)]);
    return { ...shown.workflow, tasks: tasks.tasks };
  }));
});

/** What an event tells: the workflow, and those of its tasks that are another way now. */
on('workflow', (event) => {
  const at = state.workflows.findIndex((flow) => flow.id === event.workflow?.id);
  if (at < 0 || event.type !== 'changed') return reload('workflows');
  const changed = new Map(event.tasks.map((task) => [task.name, task]));
  const tasks = state.workflows[at].tasks.map((task) => changed.get(task.name) ?? task);
  state.workflows[at] = { ...event.workflow, tasks };
  show();
});

/** How many phases must come before each one; a phase that is named nowhere counts for nothing. */
export function columns(phases) {
  const byID = new Map(phases.map((phase) => [phase.id, phase]));
  const depth = new Map();
  const find = (phase) => {
    if (!depth.has(phase.id)) {
      // The daemon refuses cycles; were there one, it would end here.
      depth.set(phase.id, 0);
      const before = phase.depends_on.map((id) => byID.get(id)).filter(Boolean);
      depth.set(phase.id, before.reduce((most, other) => Math.max(most, find(other) + 1), 0));
    }
    return depth.get(phase.id);
  };
  phases.forEach(find);
  const last = Math.max(-1, ...depth.values());
  return Array.from({ length: last + 1 }, (_, column) => phases.filter((phase) => depth.get(phase.id) === column));
}

const counted = (counts) => Object.entries(counts).filter(([, count]) => count > 0).map(([word, count]) => `${count} ${word}`).join(', ');

function updateTask(row, task) {
  row.dataset.state = task.state;
  const after = task.dependencies.length ? ` ← ${task.dependencies.join(', ')}` : '';
  const progress = task.state === 'running' && task.progress > 0 ? ` ${Math.round(task.progress)} %` : '';
  setText(row, `${task.name}: ${task.state}${progress}${after}`);
  row.title = [task.tool, task.host, task.message, ...(task.error ?? [])].filter(Boolean).join(' · ');
}

function makePhase() {
  return el('li', { class: 'phase' }, el('strong'), el('div', { class: 'quiet' }), el('ul'));
}

function updatePhase(box, phase) {
  box.dataset.phase = phase.id;
  setText(box.children[0], phase.name);
  setText(box.children[1], phase.state + (phase.depends_on.length ? `, after ${phase.depends_on.join(', ')}` : ''));
  keep(box.children[2], phase.tasks, (task) => task.name, () => el('li'), updateTask);
}

const MARGIN = 20;

/** A line from the end of each phase to the beginning of those that wait for it. */
function connect(graph, phases) {
  const lines = graph.lines;
  const boxes = new Map([...graph.querySelectorAll('.phase')].map((box) => [box.dataset.phase, box]));
  const paths = [];
  for (const phase of phases) {
    const to = boxes.get(phase.id);
    for (const from of phase.depends_on.map((id) => boxes.get(id)).filter(Boolean)) {
      const [x, y] = [from.offsetLeft + from.offsetWidth, from.offsetTop + 18];
      const [endX, endY] = [to.offsetLeft, to.offsetTop + 18];
      paths.push(svg('path', { d: `M${x} ${y}C${x + MARGIN} ${y} ${endX - MARGIN} ${endY} ${endX - 2} ${endY}` }));
      paths.push(svg('circle', { cx: endX - 3, cy: endY, r: 3 }));
    }
  }
  lines.setAttribute('width', graph.scrollWidth);
  lines.setAttribute('height', graph.scrollHeight);
  lines.replaceChildren(...paths);
}

function make() {
  const lines = svg('svg', { 'aria-hidden': 'true' });
  const graph = el('div', { class: 'flow', role: 'group', tabindex: '0' }, lines);
  graph.lines = lines;
  const box = el('div', { class: 'workflow' },
    el('div', { class: 'head' }, el('strong'), el('span', { class: 'quiet' }), el('span', { class: 'why' }),
      el('button', { text: 'Cancel', onclick: () => attempt(() => remove(path(box.flow))).then(() => reload('workflows')) }),
      el('button', { text: 'Retry', onclick: () => attempt(() => post(`${path(box.flow)}/retry`)).then(() => reload('workflows')) })),
    graph);
  return box;
}

function update(box, flow) {
  box.flow = flow;
  const [name, text, why, cancel, retry] = box.firstChild.children;
  setText(name, flow.name);
  setText(text, `${flow.state}, ${Math.round(flow.progress)} %: ${counted(flow.counts)}`);
  setText(why, flow.failures.map((failure) => `${failure.task}: ${failure.error[0] ?? 'failed'}`).join('; '));
  cancel.hidden = !['running', 'paused'].includes(flow.state);
  retry.hidden = !['failed', 'cancelled'].includes(flow.state);
  const graph = box.lastChild;
  graph.setAttribute('aria-label', `Phases of ${flow.name}`);
  const phases = flow.phases.map((phase) => ({ ...phase, tasks: flow.tasks.filter((task) => task.phase === phase.id) }));
  let list = graph.lastChild === graph.lines ? null : graph.lastChild;
  if (!list) graph.append(list = el('div', { class: 'columns' }));
  keep(list, columns(phases), (column) => column.map((phase) => phase.id).join(' '), () => el('ol'),
    (column, inIt) => keep(column, inIt, (phase) => phase.id, makePhase, updatePhase));
  connect(graph, phases);
}

function show() {
  $('workflow-section').hidden = state.workflows.length === 0;
  keep($('workflows'), state.workflows, (flow) => flow.id, make, update);
}

on('workflows', show);
// Boxes that become wider or narrower take their lines along.
new ResizeObserver(() => { if (state.workflows.length) show(); }).observe($('workflows'));
