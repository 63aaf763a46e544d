/**
 * Several rings as one, for formats that know only one: rings are joined by bridges without width, walked once in each direction, so that
 * they add nothing to the area under any fill rule.
 */

import { signedArea } from './ring.js';
import { simplify } from './simplify.js';

/**
 * Joins rings, each with at least three points, into one with at most `maxPoints` points. Outer rings are made to run clockwise on screen and
 * holes the other way round; rings are simplified as far as the room asks for.
 *
 * @param {readonly { ring: ArrayLike<number>, hole: boolean }[]} rings
 * @param {number} maxPoints
 * @returns {{ ring: number[], dropped: number }} the ring, and how many rings were left out because there is no room for them: the smallest ones
 */
export function bridge(rings, maxPoints) {
  const room = Math.max(maxPoints, 3);
  // Three points, and two more for the bridge to every ring but the first.
  const most = Math.max(Math.floor((room + 2) / 5), 1);
  let kept = rings.map((_, at) => at);
  if (kept.length > most) {
    const areas = rings.map(({ ring }) => Math.abs(signedArea(ring)));
    kept.sort((a, b) => (areas[a] === areas[b] ? 0 : areas[b] - areas[a]));
    kept = kept.slice(0, most).sort((a, b) => a - b);
  }
  let points = 0;
  for (let at = 0; at < kept.length; at++) points += Math.floor(rings[kept[at]].ring.length / 2);
  const bridges = 2 * Math.max(kept.length - 1, 0);
  const share = (length) => {
    if (points + bridges <= room) return length;
    const spare = Math.max(room - (bridges + 3 * kept.length), 0);
    const wanted = points - 3 * kept.length;
    return 3 + Math.floor(((length - 3) * spare) / Math.max(wanted, 1));
  };
  let joined = [];
  for (let at = 0; at < kept.length; at++) {
    const { ring, hole } = rings[kept[at]];
    const part = simplify(ring, share(Math.max(Math.floor(ring.length / 2), 3)));
    if (signedArea(part) < 0 !== hole) reverse(part);
    joined = joined.length === 0 ? part : splice(joined, part);
  }
  return { ring: joined, dropped: rings.length - kept.length };
}

function reverse(ring) {
  ring.reverse();
  for (let at = 0; at + 1 < ring.length; at += 2) [ring[at], ring[at + 1]] = [ring[at + 1], ring[at]];
}

/** Walks `ring` to the point nearest to `other`, over to `other`, once around it, and back. */
function splice(ring, other) {
  let nearest = Infinity;
  let at = 0;
  let otherAt = 0;
  for (let i = 0; i + 1 < ring.length; i += 2) {
    for (let k = 0; k + 1 < other.length; k += 2) {
      const dx = ring[i] - other[k];
      const dy = ring[i + 1] - other[k + 1];
      const distance = dx * dx + dy * dy;
      if (distance < nearest) {
        nearest = distance;
        at = i;
        otherAt = k;
      }
    }
  }
  return ring.slice(0, at + 2).concat(other.slice(otherAt), other.slice(0, otherAt + 2), ring.slice(at));
}
