/** Fewer points for a ring, by the method of Visvalingam and Whyatt: the point goes first whose triangle with its neighbours is smallest. */

/**
 * The ring with at most `maxPoints` points (at least 3), unchanged if it has no more than that. Takes time in proportion to n log n.
 *
 * @param {ArrayLike<number>} ring
 * @param {number} maxPoints
 * @returns {number[]}
 */
export function simplify(ring, maxPoints) {
  const points = Math.floor(ring.length / 2);
  const most = Math.max(maxPoints, 3);
  if (points <= most) return keep(ring, points);
  const previous = new Uint32Array(points);
  const next = new Uint32Array(points);
  const isGone = new Uint8Array(points);
  // A change of a neighbour makes the entry of a point stale; its current weight says which entry counts.
  const weights = new Float64Array(points);
  for (let at = 0; at < points; at++) {
    previous[at] = (at + points - 1) % points;
    next[at] = (at + 1) % points;
  }
  const heap = new Heap();
  for (let at = 0; at < points; at++) {
    weights[at] = weight(ring, previous[at], at, next[at]);
    heap.push(weights[at], at);
  }
  let left = points;
  while (left > most && heap.pop()) {
    const { at } = heap;
    if (isGone[at] || !Object.is(weights[at], heap.weight)) continue;
    isGone[at] = 1;
    left -= 1;
    const before = previous[at];
    const after = next[at];
    next[before] = after;
    previous[after] = before;
    for (let side = 0; side < 2; side++) {
      const neighbour = side === 0 ? before : after;
      weights[neighbour] = weight(ring, previous[neighbour], neighbour, next[neighbour]);
      heap.push(weights[neighbour], neighbour);
    }
  }
  return keep(ring, points, isGone);
}

/** The points that are not gone. */
function keep(ring, points, isGone) {
  const kept = [];
  for (let at = 0; at < points; at++) if (!isGone?.[at]) kept.push(ring[at * 2], ring[at * 2 + 1]);
  return kept;
}

/** Twice the area of the triangle. Not-a-number counts as larger than everything. */
function weight(ring, a, b, c) {
  const ax = ring[a * 2];
  const ay = ring[a * 2 + 1];
  const cross = (ring[b * 2] - ax) * (ring[c * 2 + 1] - ay) - (ring[c * 2] - ax) * (ring[b * 2 + 1] - ay);
  return Math.abs(cross);
}

/** Pairs of a weight and a place, the smallest first; of two with the same weight, the one of the lower place. */
class Heap {
  weight = 0;
  at = 0;
  #weights = [];
  #places = [];

  push(weight, place) {
    let at = this.#weights.length;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!isBefore(weight, place, this.#weights[parent], this.#places[parent])) break;
      this.#weights[at] = this.#weights[parent];
      this.#places[at] = this.#places[parent];
      at = parent;
    }
    this.#weights[at] = weight;
    this.#places[at] = place;
  }

  /** Takes the first pair into `weight` and `at`. Whether there was one. */
  pop() {
    if (this.#weights.length === 0) return false;
    this.weight = this.#weights[0];
    this.at = this.#places[0];
    const weight = this.#weights.pop();
    const place = this.#places.pop();
    const length = this.#weights.length;
    if (length === 0) return true;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= length) break;
      const right = child + 1;
      if (right < length && isBefore(this.#weights[right], this.#places[right], this.#weights[child], this.#places[child])) child = right;
      if (!isBefore(this.#weights[child], this.#places[child], weight, place)) break;
      this.#weights[at] = this.#weights[child];
      this.#places[at] = this.#places[child];
      at = child;
    }
    this.#weights[at] = weight;
    this.#places[at] = place;
    return true;
  }
}

function isBefore(weight, place, otherWeight, otherPlace) {
  if (weight === otherWeight) return place < otherPlace;
  if (weight !== weight) return otherWeight !== otherWeight && place < otherPlace;
  return weight < otherWeight || otherWeight !== otherWeight;
}
