const WINDOW_MS = 10_000;

/**
 * Rates of the whole system out of the heartbeats of its processes. Each process counts for itself from its start, by its own
 * clock; a process that is heard for the first time counts from then on, and one that is silent not at all.
 */
export class Rates {
  #heard = new Map();

  /** @param processes as GET /system tells them */
  take(processes) {
    const ids = new Set(processes.map(process => process.id));
    for (const id of this.#heard.keys()) {
      if (!ids.has(id)) {
        this.#heard.delete(id);
      }
    }
    for (const process of processes) {
      const beats = this.#heard.get(process.id) ?? [];
      if (beats.at(-1)?.uptimeMs !== process.uptimeMs) {
        beats.push(process);
      } else {
        beats[beats.length - 1] = process;
      }
      while (beats.length > 2 && process.uptimeMs - beats[1].uptimeMs >= WINDOW_MS) {
        beats.shift();
      }
      this.#heard.set(process.id, beats);
    }
  }

  /** Per second, of a role's processes together; null while none of them was heard twice. */
  perSecond(role, name) {
    const rates = this.#living(role).map(beats => {
      const [before, last] = beats.slice(-2);
      return ((last.counts[name] - before.counts[name]) * 1000) / (last.uptimeMs - before.uptimeMs);
    });
    return rates.length === 0 ? null : rates.reduce((sum, rate) => sum + rate, 0);
  }

  /**
   * What so large a share of the last ten seconds' 202s took at most, in seconds, as a histogram tells it; null if there was
   * none. Of all gateways together: their buckets add up, their percentiles would not.
   */
  quantile(share) {
    const counts = new Map();
    for (const beats of this.#living('gateway')) {
      const [first, last] = [beats[0], beats.at(-1)];
      last.latency.forEach(([bound, count], i) => {
        const key = bound ?? Infinity;
        counts.set(key, (counts.get(key) ?? 0) + count - (first.latency[i]?.[1] ?? 0));
      });
    }
    return quantile([...counts].sort(([a], [b]) => a - b), share);
  }

  #living(role) {
    return [...this.#heard.values()].filter(
      beats => beats.length > 1 && beats.at(-1).role === role && !beats.at(-1).silent,
    );
  }
}

/** @param buckets [bound, how many up to it], ascending */
function quantile(buckets, share) {
  const all = buckets.at(-1)?.[1] ?? 0;
  if (all <= 0) {
    return null;
  }
  const wanted = all * share;
  let [lower, below] = [0, 0];
  for (const [bound, count] of buckets) {
    if (count >= wanted) {
      return bound === Infinity ? lower : lower + ((bound - lower) * (wanted - below)) / (count - below);
    }
    [lower, below] = [bound, count];
  }
  return lower;
}
