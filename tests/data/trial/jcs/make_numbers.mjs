// Numbers as V8, which nobody here wrote, prints them: node make_numbers.mjs > numbers.txt
// Each line: the bits of a double in hex, and what JSON.stringify gives.
let state = 0x2545f4914f6cdd1dn;
const next = () => {
  state ^= (state << 13n) & 0xffffffffffffffffn;
  state ^= state >> 7n;
  state ^= (state << 17n) & 0xffffffffffffffffn;
  return state;
};
const view = new DataView(new ArrayBuffer(8));
const print = (bits) => {
  view.setBigUint64(0, bits);
  const value = view.getFloat64(0);
  if (Number.isFinite(value)) console.log(bits.toString(16).padStart(16, '0'), JSON.stringify(value));
};
const printValue = (value) => {
  view.setFloat64(0, value);
  print(view.getBigUint64(0));
};
for (let i = 0; i < 400; ++i) print(next());
for (let i = 0; i < 400; ++i) printValue(Number(next() % 1000000n) / 10 ** Number(next() % 12n));
for (let e = -330; e <= 308; e += 3) printValue(Number(`1e${e}`));
for (let e = 0; e <= 70; ++e) for (const d of [-1, 0, 1]) printValue(2 ** e + d);
for (const bits of [0n, 1n << 63n, 1n, 0x7fefffffffffffffn, 0x4430000000000000n, 0x44b52d02c7e14af6n])
  print(bits);
