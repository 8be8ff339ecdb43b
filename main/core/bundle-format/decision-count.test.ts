import { describe, expect, it } from 'vitest'
import type { Attestation, SignerIdentity, TrustRole } from '../../model/bundle'
import { Sha256 } from '../../model/reference'
import { countDecisions } from './decision-count'
import type { TrustAnchors } from './trust-anchors'

const digestOf = (letter: string) => Sha256.parse(letter.repeat(64))
const author = digestOf('a')

interface Made extends Partial<Attestation> {
  by?: string
  /** The decisions that lay there when it was signed, by their digests. */
  knows?: string[]
  /** The minute at which it was signed. */
  minute?: number
}

/** Whom the reader trusts: letter of the key to name (null for a bare --reviewer key) and roles. */
type Trusted = Record<string, [name: string | null, ...roles: TrustRole[]]>

function count(trusted: Trusted, ...made: Made[]) {
  const people = new Map(
    Object.entries(trusted).map(([letter, [name, ...roles]]) => [digestOf(letter) as string, { name, roles: new Set(roles) }])
  )
  const anchors: TrustAnchors = {
    given: true,
    key: null,
    keyFingerprint: author,
    roots: [],
    expected: null,
    people,
    namesPeople: true,
    at: new Date()
  }
  const identity = (letter: string): SignerIdentity => ({
    kind: 'key',
    keyFingerprint: digestOf(letter),
    curve: 'P-256',
    publicKeyPem: '',
    certificate: null,
    chain: [],
    anchoredBy: people.has(digestOf(letter)) ? 'person' : 'none',
    knownAs: people.get(digestOf(letter))?.name ?? null
  })
  const attestations = made.map(({ by = 'b', minute = 0, knows: _knows, ...more }, at): Attestation => ({
    file: `${at}`,
    sha256: null,
    earlier: false,
    valid: true,
    problem: null,
    predicateType: null,
    decision: 'approve',
    meaning: 'reviewer',
    name: `Name ${by}`,
    statement: 'S',
    time: `2026-03-04T05:${String(minute).padStart(2, '0')}:00.000Z`,
    clock: 'untrusted',
    clockNote: '',
    signer: identity(by),
    signedByAuthor: by === 'a',
    ...more
  }))
  const knownTo = new Map(made.map(({ knows = [] }, at) => [`${at}`, new Set(knows)]))
  return countDecisions(attestations, identity('a'), anchors, { knownTo, now: new Date('2026-06-01T00:00:00Z') })
}

const vera: Trusted = { b: ['Vera', 'reviewer'] }

describe('decisions are counted by person', () => {
  it('and only of those whom the reader trusts', () => {
    const { approvedBy, rejectedBy, unknown } = count(vera, {}, { by: 'c', name: 'Chief Risk Officer' }, { by: 'd', decision: 'reject' })
    expect([approvedBy, rejectedBy]).toEqual([['Vera'], []])
    expect(unknown).toMatchObject([
      { decision: 'approve', name: 'Chief Risk Officer', keyFingerprint: digestOf('c') },
      { decision: 'reject', name: 'Name d' }
    ])
  })

  it('once, with two keys of a person, and with two keys under one name', () => {
    const twoKeys = count({ b: ['Vera', 'reviewer'], c: ['Vera', 'reviewer'] }, { name: 'Vera' }, { by: 'c', name: 'CRO' })
    expect(twoKeys.approvedBy).toEqual(['Vera'])
    expect(twoKeys.remarks).toEqual(['Vera signed with 2 keys and is one person.', 'Vera signed under the name "CRO".'])
    const oneName = count({ b: [null, 'reviewer'], c: [null, 'reviewer'] }, { name: 'Vera  Stone' }, { by: 'c', name: 'vera stone' })
    expect(oneName.approvedBy).toEqual(['"Vera  Stone" (key bbbbbbbb)'])
    expect(oneName.remarks).toEqual([
      expect.stringContaining('two keys of one name are one person'),
      expect.stringContaining('2 keys signed under the name "Vera  Stone"')
    ])
    const named = count({ b: [null, 'reviewer'], c: ['Vera', 'reviewer'] }, { name: 'Vera' }, { by: 'c', name: 'Vera' })
    expect(named.approvedBy).toEqual(['Vera'])
  })

  it('never of the author, not under another name, another key or the name of a reviewer', () => {
    const people: Trusted = { a: ['Ada', 'author', 'reviewer', 'approver'], b: [null, 'reviewer'] }
    const second = count(people, { by: 'a', name: 'Somebody Else' }, { by: 'b', name: 'ADA' })
    expect(second.approvedBy).toEqual([])
    expect(second.remarks.join(' ')).toMatch(/as the author of the bundle.*under the name of the author/)
    expect(count({ ...people, b: ['Ada', 'reviewer'] }, { by: 'b', signedByAuthor: true }).approvedBy).toEqual([])
    expect(count(people, { by: 'a', decision: 'reject' }).rejectedBy).toEqual(['Ada, the author'])
  })

  it('as their roles allow', () => {
    const people: Trusted = { b: ['Vera', 'reviewer'], c: ['Omar', 'approver'], d: ['Kim', 'operator'], e: ['Lee', 'author'] }
    const { approvedBy, releasedBy, rejectedBy, remarks } = count(
      people,
      { meaning: 'release' },
      { by: 'c', meaning: 'release' },
      { by: 'd' },
      { by: 'e', decision: 'reject' }
    )
    expect({ approvedBy, releasedBy, rejectedBy }).toEqual({ approvedBy: ['Omar'], releasedBy: ['Omar'], rejectedBy: ['Lee'] })
    expect(remarks).toContain('Vera signed as release, which the roles that you gave do not allow; it is not counted.')
    expect(count(people, { by: 'c', meaning: 'author' }).approvedBy).toEqual([])
  })

  it('as what a person said last; nobody else lifts a rejection, also not at the same moment', () => {
    const say = (...made: Made[]) => {
      const { approvedBy, rejectedBy } = count({ ...vera, c: ['Omar', 'approver'] }, ...made)
      return { approvedBy, rejectedBy }
    }
    expect(say({ decision: 'reject' }, { minute: 1 })).toEqual({ approvedBy: ['Vera'], rejectedBy: [] })
    expect(say({ minute: 1, decision: 'reject' }, {})).toEqual({ approvedBy: [], rejectedBy: ['Vera'] })
    expect(say({ decision: 'reject' }, {})).toEqual({ approvedBy: [], rejectedBy: ['Vera'] })
    expect(say({ decision: 'reject' }, { by: 'c', minute: 1, name: 'Vera' })).toEqual({ approvedBy: ['Omar'], rejectedBy: ['Vera'] })
  })

  it('under a time that is still to come: no rejection is lifted, and beyond a day nothing is approved', () => {
    const said = (...made: Made[]) => count(vera, ...made.map((each) => ({ name: 'Vera', ...each })))
    const say = (time: string, ...more: Made[]) => said({ time }, ...more)
    const [hours, year] = ['2026-06-01T20:00:00.000Z', '2099-01-01T00:00:00.000Z']
    for (const time of [hours, year]) {
      const { approvedBy, rejectedBy, remarks } = say(time, { decision: 'reject' }, { minute: 1, decision: 'reject' })
      expect({ approvedBy, rejectedBy }).toEqual({ approvedBy: [], rejectedBy: ['Vera'] })
      expect(remarks).toEqual([expect.stringMatching(`Vera signed "approve" under the time ${time}.*still to come.*lifts no rejection`)])
    }
    expect(say(hours)).toMatchObject({ approvedBy: ['Vera'], remarks: [] })
    expect(say(year)).toMatchObject({ approvedBy: [], remarks: [expect.stringContaining('is not counted as an approval')] })
    expect(say(year, {})).toMatchObject({ approvedBy: ['Vera'] })
    expect(count(vera, { decision: 'reject', time: year }, {}).rejectedBy).toEqual(['Vera'])
  })

  it('and an approval that the rejection knew is older than it, whatever its clock said', () => {
    const approval = { minute: 30, sha256: digestOf('1') }
    const rejection: Made = { minute: 10, decision: 'reject' }
    expect(count(vera, approval, rejection).approvedBy).toEqual(['Vera'])
    expect(count(vera, approval, { ...rejection, knows: [digestOf('1')] })).toMatchObject({ approvedBy: [], rejectedBy: ['Vera'] })
    const later = { minute: 40, sha256: digestOf('2') }
    expect(count(vera, approval, { ...rejection, knows: [digestOf('1')] }, later).approvedBy).toEqual(['Vera'])
  })

  it('and not by one key that signs under two names, which is said also of a stranger', () => {
    const { approvedBy, remarks } = count(
      { b: [null, 'reviewer'] },
      { name: 'X' },
      { name: 'Y' },
      { by: 'f', name: 'P' },
      { by: 'f', name: 'Q' }
    )
    expect(approvedBy).toHaveLength(1)
    expect(remarks).toEqual([
      'The key bbbbbbbbbbbbbbbb signed under 2 names: "X"; "Y".',
      'The key ffffffffffffffff signed under 2 names: "P"; "Q".'
    ])
  })

  it('without what does not hold, decides nothing or names nobody', () => {
    const made: Made[] = [{ valid: false }, { decision: null }, { signer: null }, { time: null }]
    expect(count(vera, ...made)).toEqual({ approvedBy: [], rejectedBy: [], releasedBy: [], unknown: [], remarks: [] })
  })

  it('of ten thousand in no noticeable time, with few remarks', () => {
    const made = Array.from({ length: 10_000 }, (_, at): Made => ({ by: 'f', name: `N${at}` }))
    const { unknown, remarks } = count(vera, ...made)
    expect([unknown.length, remarks.length]).toEqual([10_000, 1])
  })
})
