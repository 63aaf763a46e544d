/** Cases that the Rust SDK has computed: `plugin-sdk/vectors`. Numbers are the 16 hexadecimal digits of their bits. */

import { readFileSync } from 'node:fs';

const view = new DataView(new ArrayBuffer(8));

/** The sections of a file. */
export function vectors(name) {
  return JSON.parse(readFileSync(new URL(`../../vectors/${name}.json`, import.meta.url), 'utf8'));
}

/** A number from its bits. */
export function number(bits) {
  view.setBigUint64(0, BigInt(`0x${bits}`));
  return view.getFloat64(0);
}

/** Numbers from their bits. */
export function numbers(text) {
  return (text.match(/.{16}/g) ?? []).map(number);
}

/** The bits of a number. */
export function bits(value) {
  view.setFloat64(0, value);
  return view.getBigUint64(0).toString(16).padStart(16, '0');
}

/** The bits of numbers, one after the other. */
export function allBits(values) {
  return Array.from(values, bits).join('');
}

const MASK = 0xffff_ffff_ffff_ffffn;

/** The generator of the digests' numbers (splitmix64), as `plugin-sdk/tests/vectors/random.rs` has it. */
export class Random {
  #state;

  constructor(seed) {
    this.#state = BigInt(seed);
  }

  next() {
    this.#state = (this.#state + 0x9e37_79b9_7f4a_7c15n) & MASK;
    let z = this.#state;
    z = ((z ^ (z >> 30n)) * 0xbf58_476d_1ce4_e5b9n) & MASK;
    z = ((z ^ (z >> 27n)) * 0x94d0_49bb_1331_11ebn) & MASK;
    return z ^ (z >> 31n);
  }

  below(end) {
    return Number(this.next() % BigInt(end));
  }

  unit() {
    return Number(this.next() >> 11n) / 2 ** 53;
  }

  number() {
    const sign = this.below(4) === 0 ? -1 : 1;
    return sign * this.#size(this.below(9));
  }

  #size(kind) {
    switch (kind) {
      case 0:
      case 1:
        return this.unit() * 4000;
      case 2:
        return this.below(400_000) / 100;
      case 3:
        return (this.below(4_000_000_000) * 2 + 1) / 2e6;
      case 4:
        return (this.below(4_000_000_000) * 2 + 1) / 2e7;
      case 5:
        return this.unit();
      case 6: {
        const unit = this.unit();
        return unit * Number(`1e${this.below(24) - 4}`);
      }
      case 7:
        return this.below(20_000);
      default: {
        view.setBigUint64(0, this.next());
        const any = view.getFloat64(0);
        return Number.isFinite(any) ? Math.abs(any) : 0.5;
      }
    }
  }
}

const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb8_8320 : crc >>> 1;
  return crc;
});

/** CRC-32 of ASCII text. */
export function crc32(crc, text) {
  let state = ~crc;
  for (let at = 0; at < text.length; at++) state = (state >>> 8) ^ TABLE[(state ^ text.charCodeAt(at)) & 255];
  return ~state >>> 0;
}
