// Statements and two COSE libraries of the npm registry:
//
//   npm install @auth0/cose@1.0.2 cose-js@0.9.0
//   node interop.mjs make > npm.json           what tests read: statements that @auth0/cose made
//   node interop.mjs verify PUBLIC.pem FILE... whether both accept what `salus sign` made
import { createHash, createPrivateKey, createPublicKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Sign1 } from '@auth0/cose';
import cosejs from 'cose-js';

const fromHex = (hex) => Buffer.from(hex, 'hex').toString('base64url');

// Keys of published examples: RFC 8037, appendix A.1; RFC 8392, appendix A.2.3.
const KEYS = {
  ed25519: { kty: 'OKP', crv: 'Ed25519', d: 'nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A',
             x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo' },
  p256: { kty: 'EC', crv: 'P-256', d: fromHex('6c1382765aec5358f117733d281c1c7bdc39884d04a45a1e6c67c858bc206c19'),
          x: fromHex('143329cce7868e416927599cf65a34f3ce2ffda55a7eca69ed8919a394d42f0f'),
          y: fromHex('60f7f1a780d8a783bfb7a2dd6b2796e8128dbbcef9d3d168db9529971a36e7b9') },
};

// The example of RFC 8428, section 6.
const PAYLOAD = Buffer.from(
  '87a721781b75726e3a6465763a6f773a3130653230373361303130383030363a22fb41d303a15b0010622361412005' +
  '0067766f6c7461676501615602fb405e066666666666a3006763757272656e74062402fb3ff3333333333333a30067' +
  '63757272656e74062302fb3ff4cccccccccccda3006763757272656e74062202fb3ff6666666666666a30067637572' +
  '72656e74062102f93e00a3006763757272656e74062002fb3ff999999999999aa3006763757272656e74060002fb3f' +
  'fb333333333333', 'hex');

const coordinate = (text) => Buffer.from(text, 'base64url');

/// The COSE_Key that RFC 9679 hashes, put together by hand.
function coseKey(jwk) {
  const x = coordinate(jwk.x);
  return jwk.kty === 'OKP'
    ? Buffer.concat([Buffer.from('a301012006215820', 'hex'), x])
    : Buffer.concat([Buffer.from('a401022001215820', 'hex'), x,
                     Buffer.from('225820', 'hex'), coordinate(jwk.y)]);
}

const keyId = (jwk) => createHash('sha256').update(coseKey(jwk)).digest().subarray(0, 16);

const CLAIMS = [[1, 'ward-3'], [2, 'patient-7'], [6, 1700000000], ['seq', 42]];

async function made(name, alg, type) {
  const jwk = KEYS[name];
  const key = createPrivateKey({ key: jwk, format: 'jwk' });
  const headers = [[1, alg], [3, type], [4, new Uint8Array(keyId(jwk))], [15, new Map(CLAIMS)]];
  const message = await Sign1.sign(headers, new Map(), new Uint8Array(PAYLOAD), key);
  return vector('@auth0/cose 1.0.2', name, Buffer.from(message.encode()));
}

function vector(library, name, message) {
  const jwk = KEYS[name];
  return { library, algorithm: name, key: coseKey(jwk).toString('hex'),
           key_id: keyId(jwk).toString('hex'), statement: message.toString('hex') };
}

async function make() {
  const vectors = [
    await made('ed25519', -8, 112),
    await made('ed25519', -8, 'application/senml+cbor'),
    await made('p256', -7, 112),
    await made('p256', -7, 'application/fhir+json'),
  ];
  console.log(JSON.stringify(vectors, null, 1));
}

async function verify(pem, files) {
  const key = createPublicKey(readFileSync(pem));
  const jwk = key.export({ format: 'jwk' });
  for (const file of files) {
    const message = readFileSync(file);
    await Sign1.decode(new Uint8Array(message)).verify(key);
    console.log(`${file}: @auth0/cose accepts it`);
    if (jwk.kty === 'EC') {
      const verifier = { key: { x: coordinate(jwk.x), y: coordinate(jwk.y) } };
      await cosejs.sign.verify(message, verifier);
      console.log(`${file}: cose-js accepts it`);
    }
  }
}

const [job, ...rest] = process.argv.slice(2);
if (job === 'make') await make();
else await verify(rest[0], rest.slice(1));
