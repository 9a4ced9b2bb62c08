// Elements are made here and nowhere else, and text only ever becomes a text node: a name that looks like markup is a name.

/** An element with attributes (`on…` are listeners, `text` its text) and children. */
export function el(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (name === 'text') element.textContent = value;
    else if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? '' : value);
  }
  element.append(...children);
  return element;
}

/** The same of a drawing. */
export function svg(tag, attributes = {}) {
  const element = document.createElementNS('http://www.w3.org/2000/svg', tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  return element;
}

export const $ = (id) => document.getElementById(id);

/** Sets text only where it differs: an equal one would still be laid out anew. */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/**
 * Makes a container's children those of `items`, by their keys. Elements that stay keep their place in the document, with
 * the focus and whatever a person is about to do there.
 */
export function keep(container, items, key, make, update) {
  const old = new Map();
  for (const child of container.children) if (child.dataset.key) old.set(child.dataset.key, child);
  let before = null;
  for (const item of items) {
    const name = String(key(item));
    let child = old.get(name);
    if (child) old.delete(name);
    else {
      child = make(item);
      child.dataset.key = name;
    }
    update(child, item);
    const place = before ? before.nextElementSibling : container.firstElementChild;
    if (place !== child) container.insertBefore(child, place);
    before = child;
  }
  // What has gone must not take the focus along to nowhere.
  for (const child of old.values()) {
    if (child.contains(document.activeElement)) {
      const next = child.nextElementSibling || child.previousElementSibling;
      const target = next && (next.matches('[tabindex]') ? next : next.querySelector('button, [tabindex]'));
      child.remove();
      target?.focus();
    } else child.remove();
  }
}

// Twenty pictures a second at most, in which everything that moves moves at once, and none while nobody looks: what draws
// the screen costs more than what moves on it.
const PICTURE = 50;
const drawers = [];
let isAsked = false;
let last = 0;

/** Has something drawn with each picture. */
export const drawWith = (drawer) => drawers.push(drawer);

/** Asks for a picture, as soon as there may be one. */
export function redraw() {
  if (isAsked || document.hidden) return;
  isAsked = true;
  setTimeout(() => requestAnimationFrame(() => {
    isAsked = false;
    last = performance.now();
    for (const drawer of drawers) drawer();
  }), Math.max(0, PICTURE - (performance.now() - last)));
}
