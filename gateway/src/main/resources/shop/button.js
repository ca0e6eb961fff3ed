// Buttons, and the places that they change in.

/** A button of a kind: see parts.css. */
export function button(text, kind, onPress) {
  const made = document.createElement('button');
  made.type = 'button';
  made.className = kind;
  made.textContent = text;
  made.addEventListener('click', onPress);
  return made;
}

/** A button that does nothing, yet or at the moment; it can have the focus all the same. */
export function idle(text, kind) {
  const made = button(text, kind, () => {});
  made.setAttribute('aria-disabled', 'true');
  return made;
}

export const busy = (text, kind) => idle(text, `${kind} busy`);

/** Changes what can be pressed in a place. The focus stays there, or goes to the words beside it when nothing is left. */
export function place(actions, words, elements) {
  const focused = actions.contains(document.activeElement);
  actions.replaceChildren(...elements);
  if (focused) {
    words.tabIndex = -1;
    (actions.querySelector('button') ?? words).focus();
  }
}
