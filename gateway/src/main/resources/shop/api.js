// Calls of the shop's API.
import { signOut, token } from './session.js';

// The server answers a purchase within two seconds.
const PATIENCE_MS = 10000;

/** What the server, or the network, refused. */
export class Problem extends Error {
  /** @param status 0 if there was no answer */
  constructor(status, body, retryAfter) {
    super(body.title);
    this.status = status;
    this.code = body.code ?? 'failed';
    this.body = body;
    this.retryAfter = retryAfter;
  }

  /** It passes by itself: the same call may be made again. */
  get passes() {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
}

export const authorization = () => (token() ? { authorization: `Bearer ${token()}` } : {});

/** The answer's JSON, or throws a Problem. */
export async function call(method, path, { key, body, signal } = {}) {
  const headers = authorization();
  if (key) {
    headers['idempotency-key'] = key;
  }
  if (body) {
    headers['content-type'] = 'application/json';
  }
  const limit = new AbortController();
  const end = () => limit.abort();
  const timer = setTimeout(end, PATIENCE_MS);
  signal?.addEventListener('abort', end);
  try {
    const response = await fetch(`/api/v1/${path}`, {
      method, headers, body: body && JSON.stringify(body), cache: 'no-store', signal: limit.signal,
    });
    if (response.ok) {
      return await response.json();
    }
    throw await problemOf(response);
  } catch (failure) {
    throw failure instanceof Problem ? failure : new Problem(0, { code: 'offline', title: '' });
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', end);
  }
}

export async function problemOf(response) {
  if (response.status === 401) {
    signOut();
  }
  const body = await response.json().catch(() => ({ title: `${response.status}` }));
  return new Problem(response.status, body, Number(response.headers.get('retry-after')) || 0);
}
