/**
 * SHA-256 of a text's UTF-8 bytes, in hexadecimal (FIPS 180-4). Written out here because loading node:crypto takes
 * longer than all the rest of a denial.
 */
export function sha256(text: string): string {
  const message = Buffer.from(text);
  const blocks = Buffer.alloc((((message.length + 8) >> 6) + 1) << 6);
  message.copy(blocks);
  blocks[message.length] = 0x80;
  blocks.writeBigUInt64BE(BigInt(message.length) * 8n, blocks.length - 8);
  const hash = Int32Array.from(fractions(2, 8));
  const constants = fractions(3, 64);
  const words = new Int32Array(64);
  for (let at = 0; at < blocks.length; at += 64) {
    for (let i = 0; i < 64; i++) words[i] = i < 16 ? blocks.readInt32BE(at + i * 4) : expand(words, i);
    addRounds(hash, words, constants);
  }
  return Array.from(hash, (word) => (word >>> 0).toString(16).padStart(8, '0')).join('');
}

const rotate = (word: number, by: number): number => (word >>> by) | (word << (32 - by));
const at = (words: ArrayLike<number>, i: number): number => words[i] ?? 0;

function expand(words: Int32Array, i: number): number {
  const near = at(words, i - 15);
  const far = at(words, i - 2);
  const small = rotate(near, 7) ^ rotate(near, 18) ^ (near >>> 3);
  const large = rotate(far, 17) ^ rotate(far, 19) ^ (far >>> 10);
  return at(words, i - 16) + small + at(words, i - 7) + large;
}

function addRounds(hash: Int32Array, words: Int32Array, constants: readonly number[]): void {
  let [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = hash;
  for (let i = 0; i < 64; i++) {
    const s1 = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25);
    const t1 = (h + s1 + ((e & f) ^ (~e & g)) + at(constants, i) + at(words, i)) | 0;
    const s0 = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22);
    const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    [h, g, f, e, d, c, b, a] = [g, f, e, (d + t1) | 0, c, b, a, (t1 + t2) | 0];
  }
  for (const [i, word] of [a, b, c, d, e, f, g, h].entries()) hash[i] = at(hash, i) + word;
}

/** The first 32 bits of the fractions of the roots of the first primes: square roots (2) or cube roots (3). */
function fractions(root: 2 | 3, count: number): number[] {
  const found: number[] = [];
  for (let n = 2; found.length < count; n++) {
    if (!isPrime(n)) continue;
    const value = root === 2 ? Math.sqrt(n) : Math.cbrt(n);
    found.push(((value - Math.floor(value)) * 2 ** 32) | 0);
  }
  return found;
}

function isPrime(n: number): boolean {
  for (let i = 2; i * i <= n; i++) if (n % i === 0) return false;
  return true;
}
