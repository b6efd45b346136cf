// What a COSE library of the npm registry makes of transparent statements (RFC 9942, 4.1) that Salus wrote:
//
//   npm install @transmute/cose@0.2.11
//   node transparent.mjs < candidates.json > transparent.json
//
// A candidate is a statement, in hex, with a receipt in its unprotected header; both are signed on P-256, and
// the keys of signer and validator are given as JWKs. What comes out says of each whether the library accepts
// statement and receipt. Tests hold Salus to the same verdicts.
import { readFileSync } from 'node:fs';
import * as cose from '@transmute/cose';

const bytes = (hex) => Uint8Array.from(Buffer.from(hex, 'hex'));
const input = JSON.parse(readFileSync(0, 'utf8'));

/// The key whose id a message names.
async function resolve(message) {
  const { value } = cose.cbor.decodeFirstSync(message);
  const kid = cose.cbor.decodeFirstSync(value[0]).get(4);
  const key = [input.signer, input.validator].find((one) => one.kid === Buffer.from(kid).toString('hex'));
  if (!key) throw new Error('nobody that is trusted');
  return { ...key, alg: 'ES256' };
}

async function accepts(transparent) {
  try {
    const coseSign1 = bytes(transparent).buffer;
    const { value } = cose.cbor.decodeFirstSync(coseSign1);
    const verifier = await cose.receipt.verifier({ resolve });
    const { receipts } = await verifier.verify({ coseSign1, payload: value[2] });
    return receipts.length === 1;
  } catch {
    return false;
  }
}

for (const one of input.statements) one.accepted = await accepts(one.transparent);
console.log(JSON.stringify({ library: '@transmute/cose 0.2.11', ...input }, null, 1));
