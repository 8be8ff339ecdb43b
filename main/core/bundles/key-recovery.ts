import { createHash, createPublicKey } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { derTags, readDerChildren } from './der'
import { fingerprintOf } from './signing-key'

interface Curve {
  name: string
  hash: string
  bytes: number
  p: bigint
  n: bigint
  b: bigint
  gx: bigint
  gy: bigint
}
type Point = { x: bigint; y: bigint; z: bigint }

/** NIST SP 800-186, section 3.2.1; a = -3 on all three. */
const curves: Curve[] = [
  {
    name: 'P-256',
    hash: 'sha256',
    bytes: 32,
    p: 2n ** 256n - 2n ** 224n + 2n ** 192n + 2n ** 96n - 1n,
    n: 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n,
    b: 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn,
    gx: 0x6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296n,
    gy: 0x4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5n
  },
  {
    name: 'P-384',
    hash: 'sha384',
    bytes: 48,
    p: 2n ** 384n - 2n ** 128n - 2n ** 96n + 2n ** 32n - 1n,
    n: 0xffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973n,
    b: 0xb3312fa7e23ee7e4988e056be3f82d19181d9c6efe8141120314088f5013875ac656398d8a2ed19d2a85c8edd3ec2aefn,
    gx: 0xaa87ca22be8b05378eb1c71ef320ad746e1d3b628ba79b9859f741e082542a385502f25dbf55296c3a545e3872760ab7n,
    gy: 0x3617de4a96262c6f5d9e98bf9292dc29f8f41dbd289a147ce9da3113b5f0b8c00a60b1ce1d7e819d7a431d7c90ea0e5fn
  },
  {
    name: 'P-521',
    hash: 'sha512',
    bytes: 66,
    p: 2n ** 521n - 1n,
    n: 0x1fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffa51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409n,
    b: 0x51953eb9618e1c9a1f929a21a0b68540eea2da725b99b315f3b8b489918ef109e156193951ec7e937b1652c0bd3bb1bf073573df883d2c34f1ef451fd46b503f00n,
    gx: 0xc6858e06b70404e9cd9e3ecb662395b4429c648139053fb521f828af606b4d3dbaa14b5e77efe75928fe1dc127a2ffa8de3348b3c1856a429bf97e7e31c2e5bd66n,
    gy: 0x11839296a789a3bc0045c8a5fb42c7d1bd998f54449579b446817afbd17273e662c97ee72995ef42640c550b9013fad0761353c7086a272c24088be94769fd16650n
  }
]

/**
 * Finds the public key that made an ECDSA signature, given the key's fingerprint (SEC 1, section 4.1.6). A bundle signed with a bare key
 * carries only that fingerprint; with this, a reader who was told the fingerprint needs no key file, and one who was told nothing can
 * still see whether the bundle is consistent. Only public values are involved.
 * @returns null when no key with that fingerprint made this signature
 */
export function recoverPublicKey(message: Buffer, signature: Buffer, fingerprint: string): KeyObject | null {
  let r: bigint
  let s: bigint
  try {
    const [first, second, ...rest] = readDerChildren(signature, derTags.sequence)
    if (!first || !second || rest.length || first.tag !== derTags.integer || second.tag !== derTags.integer) return null
    r = BigInt(`0x${first.content.toString('hex')}`)
    s = BigInt(`0x${second.content.toString('hex')}`)
  } catch {
    return null
  }
  for (const curve of curves) {
    if (r <= 0n || s <= 0n || r >= curve.n || s >= curve.n) continue
    const digest = BigInt(`0x${createHash(curve.hash).update(message).digest('hex')}`)
    for (const point of candidates(curve, digest, r, s)) {
      const key = toKey(curve, point)
      if (key && fingerprintOf(key) === fingerprint) return key
    }
  }
  return null
}

function candidates(curve: Curve, digest: bigint, r: bigint, s: bigint): Point[] {
  const { p, n } = curve
  const points: Point[] = []
  // x may have been reduced by n; that is astronomically rare but costs nothing to cover
  for (const x of [r, r + n]) {
    if (x >= p) continue
    const square = modulo(x * x * x - 3n * x + curve.b, p)
    const y = power(square, (p + 1n) / 4n, p)
    if ((y * y) % p !== square) continue
    const inverse = power(r, n - 2n, n)
    for (const sign of [y, p - y]) {
      const left = multiply(curve, { x, y: sign, z: 1n }, (s * inverse) % n)
      const right = multiply(curve, { x: curve.gx, y: curve.gy, z: 1n }, modulo(-digest * inverse, n))
      points.push(add(curve, left, right))
    }
  }
  return points
}

function toKey(curve: Curve, point: Point): KeyObject | null {
  if (point.z === 0n) return null
  const inverse = power(point.z, curve.p - 2n, curve.p)
  const square = (inverse * inverse) % curve.p
  const coordinate = (value: bigint) => Buffer.from(value.toString(16).padStart(curve.bytes * 2, '0'), 'hex').toString('base64url')
  const x = coordinate((point.x * square) % curve.p)
  const y = coordinate((point.y * square * inverse) % curve.p)
  try {
    return createPublicKey({ key: { kty: 'EC', crv: curve.name, x, y }, format: 'jwk' })
  } catch {
    return null
  }
}

function multiply(curve: Curve, point: Point, factor: bigint): Point {
  let result: Point = { x: 1n, y: 1n, z: 0n }
  for (const bit of factor.toString(2)) {
    result = double(curve, result)
    if (bit === '1') result = add(curve, result, point)
  }
  return result
}

/** Jacobian doubling for a = -3. */
function double({ p }: Curve, { x, y, z }: Point): Point {
  if (z === 0n || y === 0n) return { x: 1n, y: 1n, z: 0n }
  const delta = (z * z) % p
  const gamma = (y * y) % p
  const beta = (x * gamma) % p
  const alpha = (3n * (x - delta) * (x + delta)) % p
  const x3 = modulo(alpha * alpha - 8n * beta, p)
  return { x: x3, y: modulo(alpha * (4n * beta - x3) - 8n * gamma * gamma, p), z: modulo(2n * y * z, p) }
}

function add(curve: Curve, a: Point, b: Point): Point {
  if (a.z === 0n) return b
  if (b.z === 0n) return a
  const { p } = curve
  const za = (a.z * a.z) % p
  const zb = (b.z * b.z) % p
  const ua = (a.x * zb) % p
  const ub = (b.x * za) % p
  const sa = (a.y * b.z * zb) % p
  const sb = (b.y * a.z * za) % p
  if (ua === ub) return sa === sb ? double(curve, a) : { x: 1n, y: 1n, z: 0n }
  const h = modulo(ub - ua, p)
  const rest = modulo(sb - sa, p)
  const h2 = (h * h) % p
  const h3 = (h2 * h) % p
  const v = (ua * h2) % p
  const x = modulo(rest * rest - h3 - 2n * v, p)
  return { x, y: modulo(rest * (v - x) - sa * h3, p), z: (h * a.z * b.z) % p }
}

function modulo(value: bigint, by: bigint): bigint {
  const rest = value % by
  return rest < 0n ? rest + by : rest
}

function power(base: bigint, exponent: bigint, by: bigint): bigint {
  let result = 1n
  let square = modulo(base, by)
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = (result * square) % by
    square = (square * square) % by
  }
  return result
}
