/** An element. Attributes by name, listeners as onclick and so on; children are elements or texts, and a text is never HTML. */
export function h(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith('on')) {
      element.addEventListener(key.slice(2), value);
    } else if (value === true) {
      element.setAttribute(key, '');
    } else if (value !== false && value != null) {
      element.setAttribute(key, value);
    }
  }
  element.append(...children.filter(child => child != null));
  return element;
}

export const byId = id => document.getElementById(id);

/** Sets a text only if it changed, so that nothing is announced or selected anew. */
export function say(element, text) {
  if (element.textContent !== text) {
    element.textContent = text;
  }
}

/** Replaces an element's children only if what they are made from changed: whoever has the focus there keeps it. */
export function refill(element, data, make) {
  const key = JSON.stringify(data);
  if (element.dataset.made !== key) {
    element.dataset.made = key;
    element.replaceChildren(...make(data));
  }
}
