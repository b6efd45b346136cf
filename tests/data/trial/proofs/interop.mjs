// What a COSE library of the npm registry makes of receipts that Salus wrote:
//
//   npm install @transmute/cose@0.2.11
//   node interop.mjs < candidates.json > receipts.json
//
// A candidate has a receipt and the entry that it is for, in hex, and the signer's key on P-256 as a JWK;
// what comes out says of each whether the library accepts it. Tests hold Salus to the same verdicts.
import { readFileSync } from 'node:fs';
import * as cose from '@transmute/cose';

const bytes = (hex) => Uint8Array.from(Buffer.from(hex, 'hex'));

async function accepts(key, { receipt, entry }) {
  try {
    const verifier = cose.detached.verifier({ resolver: { resolve: async () => ({ ...key, alg: 'ES256' }) } });
    await cose.receipt.inclusion.verify({
      entry: await cose.receipt.leaf(bytes(entry)), receipt: bytes(receipt).buffer, verifier });
    return true;
  } catch {
    return false;
  }
}

const input = JSON.parse(readFileSync(0, 'utf8'));
for (const one of input.receipts) one.accepted = await accepts(input.key, one);
console.log(JSON.stringify({ library: '@transmute/cose 0.2.11', ...input }, null, 1));
