const CHOSEN = 'seckill.language';
const LANGUAGES = ['en', 'zh'];
const files = { en: () => import('./en.js'), zh: () => import('./zh.js') };

let words = {};

export const language = chosen();

/** Its numbers and times as they are written where the browser is. */
export const locale = navigator.languages.find(tag => tag.toLowerCase().startsWith(language)) ?? language;

/** The language that is not shown now. */
export const otherLanguage = LANGUAGES.find(each => each !== language);

/** To be awaited before anything is said. */
export async function load() {
  words = (await files[language]()).default;
  document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en';
  document.querySelectorAll('[data-text]').forEach(element => {
    element.textContent = t(element.dataset.text);
  });
  document.querySelectorAll('[data-label]').forEach(element => {
    element.setAttribute('aria-label', t(element.dataset.label));
  });
}

export function choose(tag) {
  localStorage.setItem(CHOSEN, tag);
  location.reload();
}

/** A text with {name} replaced. */
export function t(key, values = {}) {
  return (words[key] ?? key).replace(/\{(\w+)\}/g, (all, name) => values[name] ?? all);
}

/** A text that may not exist, such as one for a code. */
export const known = key => words[key];

function chosen() {
  const stored = localStorage.getItem(CHOSEN);
  if (LANGUAGES.includes(stored)) {
    return stored;
  }
  return navigator.languages.map(tag => tag.slice(0, 2).toLowerCase()).find(tag => LANGUAGES.includes(tag)) ?? 'en';
}
