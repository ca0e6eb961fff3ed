// The page's words. The page comes in the language that the browser asked for; the switch is remembered.
const KEPT = 'seckill.language';
const LANGUAGES = { en: () => import('./en.js'), zh: () => import('./zh.js') };

let texts = {};

export const language = () => document.documentElement.lang;

/** Words by their key, with {name} replaced. */
export const say = (key, values = {}) =>
  (texts[key] ?? key).replace(/\{(\w+)\}/g, (place, name) => values[name] ?? place);

export const knows = (key) => key in texts;

/** Loads the words; `onSwitch` is called whenever they have become others. */
export async function speak(onSwitch) {
  const link = document.getElementById('language');
  link.addEventListener('click', async (click) => {
    click.preventDefault();
    localStorage.setItem(KEPT, link.hreflang);
    await change(link.hreflang);
    onSwitch();
  });
  const wanted = new URLSearchParams(location.search).get('lang') ?? localStorage.getItem(KEPT);
  await change(LANGUAGES[wanted] ? wanted : language());
}

async function change(to) {
  texts = (await LANGUAGES[to]()).default;
  document.documentElement.lang = to;
  const link = document.getElementById('language');
  link.hreflang = link.lang = texts.otherLanguage;
  link.search = `?lang=${texts.otherLanguage}`;
  link.textContent = texts.otherLanguageName;
  document.querySelectorAll('[data-text]').forEach((element) => { element.textContent = say(element.dataset.text); });
  document.querySelectorAll('[data-label]').forEach((element) => {
    element.setAttribute('aria-label', say(element.dataset.label));
  });
}
