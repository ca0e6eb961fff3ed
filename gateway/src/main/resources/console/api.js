import { forget, token } from './session.js';

const BASE = '/admin/v1';
const TIMEOUT_MS = 10_000;
/** An audit counts whole tables. */
export const AUDIT_TIMEOUT_MS = 75_000;

/** An answer that is an error, as the API tells it: RFC 9457 with a code. */
export class Problem extends Error {
  constructor(status, { title = '', code = '', detail = '' }) {
    super(title);
    this.status = status;
    this.code = code;
    this.detail = detail;
  }
}

/** One call of the operator's API: what it answers, or a Problem. A token that is not good, or no longer, ends the session. */
export async function call(method, path, { body, headers = {}, timeoutMs = TIMEOUT_MS } = {}) {
  const sent = { authorization: `Bearer ${token()}`, ...headers };
  if (body !== undefined) {
    sent['content-type'] = 'application/json';
  }
  let response;
  let text;
  try {
    response = await fetch(BASE + path, {
      method,
      headers: sent,
      body: body === undefined ? undefined : JSON.stringify(body),
      cache: 'no-store',
      signal: AbortSignal.timeout(timeoutMs),
    });
    text = await response.text();
  } catch {
    throw new Problem(0, { code: 'unreachable' });
  }
  const answer = parsed(text);
  if (response.ok) {
    return answer;
  }
  const problem = new Problem(response.status, answer ?? {});
  if (problem.status === 401 || problem.status === 403) {
    forget();
    document.dispatchEvent(new CustomEvent('signed-out', { detail: problem }));
  }
  throw problem;
}

export const read = (path, options) => call('GET', path, options);

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
