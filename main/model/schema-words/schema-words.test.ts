import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { PipelineDocument } from '../pipeline'
import { policyDocument } from '../policy'
import { fit, inOneSentence, type SchemaProblem } from './index'
import { sayIssue } from './say-issue'

const problemsOf = (schema: z.ZodType, value: unknown): SchemaProblem[] => fit(schema, value).problems ?? []
const said = (schema: z.ZodType, value: unknown): string[] => problemsOf(schema, value).map(({ message }) => message)
/** What zod says by itself, in all its forms. */
const ofZod =
  /Invalid (input|option|string|number|key|value|element|discriminator|UUID|ISO|URL|email|IPv)|expected|received|Unrecognized|Too (small|big)/i

/** One schema and value for each code that zod has, and what is said of it. */
const codes: Record<z.core.$ZodIssueCode, [z.ZodType, unknown, string][]> = {
  invalid_type: [
    [z.string(), 5, '"field" takes a text, not the number 5. Write it in quotes.'],
    [z.int().min(0).max(10), 'three', '"field" takes a whole number from 0 to 10, not the text "three".'],
    [z.number(), '7', '"field" takes a number, not the text "7". Write it without quotes.'],
    [z.int(), 1.5, '"field" takes a whole number, not the number 1.5.'],
    [z.number(), NaN, '"field" takes a number, not NaN, which is no number.'],
    [z.boolean(), 'yes', '"field" takes true or false, not the text "yes".'],
    [z.array(z.string()), {}, '"field" takes a list, not a mapping.'],
    [z.record(z.string(), z.string()), [], '"field" takes a mapping, not an empty list.'],
    [z.strictObject({ a: z.string() }), 'x'.repeat(50), '"field" takes a mapping, not a text of 50 characters.'],
    [z.string().max(9), null, '"field" is empty. It takes a text of at most 9 characters.'],
    [z.string().max(9), undefined, '"field" is missing. It takes a text of at most 9 characters.'],
    [z.never(), 1, '"field" takes nothing, not the number 1.']
  ],
  invalid_value: [
    [z.enum(['block', 'warn']), 'blok', '"field" takes "block" or "warn", not "blok". Did you mean "block"?'],
    [z.enum(['block', 'warn']).optional(), 'fatal', '"field" takes "block" or "warn", not "fatal".'],
    [z.enum(['a', 'b', 'c']), 1, '"field" takes "a", "b" or "c", not the number 1.'],
    [z.literal('drydock.policy'), 'drydock.polcy', '"field" takes "drydock.policy", not "drydock.polcy".'],
    [z.literal(1), undefined, '"field" is missing. It takes 1.']
  ],
  too_small: [
    [z.string().min(1), '', '"field" is empty. It takes a text.'],
    [z.string().min(3).max(9), 'ab', '"field" takes a text of 3 to 9 characters; there are 2 characters.'],
    [z.string().length(1), 'ab', '"field" takes a text of 1 character; there are 2 characters.'],
    [z.array(z.string()).min(1), [], '"field" is empty. It takes a list of at least 1 entry.'],
    [z.array(z.string()).min(2), ['a'], '"field" takes a list of at least 2 entries; there is 1 entry.'],
    [z.number().positive().max(60), 0, '"field" takes a number above 0 and at most 60, not the number 0.'],
    [z.int().positive(), -1, '"field" takes a whole number above 0, not the number -1.'],
    [z.bigint().min(2n), 1n, '"field" takes a whole number of at least 2, not 1.'],
    [z.set(z.string()).min(1), new Set(), '"field" takes a list of at least 1 entry, not a mapping.']
  ],
  too_big: [
    [z.string().max(200), 'x'.repeat(412), '"field" takes a text of at most 200 characters; there are 412 characters.'],
    [z.array(z.number()).max(1), [1, 2], '"field" takes a list of at most 1 entry; there are 2 entries.'],
    [z.int().min(0).max(10), 12, '"field" takes a whole number from 0 to 10, not the number 12.'],
    [z.number().lt(1), 1, '"field" takes a number below 1, not the number 1.'],
    [z.int(), 2 ** 60, `"field" takes a whole number that a number can hold exactly, not the number ${2 ** 60}.`]
  ],
  invalid_format: [
    [z.uuid(), 'x', '"field" takes a UUID of 36 characters, not "x".'],
    [z.iso.datetime(), 'noon', '"field" takes a moment such as "2026-11-29T12:00:00.000Z", not "noon".'],
    [z.iso.date(), '29.11.', '"field" takes a day such as "2026-11-29", not "29.11.".'],
    [z.email(), 'ada', '"field" takes an e-mail address, not "ada".'],
    [z.url(), 'ada', '"field" takes an address with its scheme, such as "https://example.org", not "ada".'],
    [z.string().regex(/^[a-z]+$/), 'A', '"field" takes a text of the form /^[a-z]+$/, not "A".'],
    [z.string().startsWith('sha256:'), 'A', '"field" takes a text that begins with "sha256:", not "A".'],
    [z.string().endsWith('.csv'), 'A', '"field" takes a text that ends with ".csv", not "A".'],
    [z.string().includes('@'), 'A', '"field" takes a text with "@" in it, not "A".'],
    [z.base64(), '?', '"field" takes base64 text, not "?".']
  ],
  not_multiple_of: [[z.number().multipleOf(5), 7, '"field" takes a multiple of 5, not the number 7.']],
  unrecognized_keys: [
    [z.strictObject({ retries: z.int().optional() }), { retrys: 1 }, 'There is no key "retrys" here. Did you mean "retries"?'],
    [z.strictObject({ a: z.int().optional(), b: z.int().optional() }), { colour: 1 }, 'There is no key "colour" here. There is a, b.']
  ],
  invalid_union: [
    [z.union([z.string(), z.number(), z.boolean()]), [1], '"field" takes a text, a number or true or false, not a list.'],
    [z.union([z.string(), z.number()]), undefined, '"field" is missing. It takes a text or a number.'],
    [z.union([z.literal('auto'), z.int()]), 'atuo', '"field" takes "auto" or a whole number, not "atuo". Did you mean "auto"?'],
    [z.union([z.string(), z.strictObject({ name: z.string() })]), { nam: 'x' }, '"name" is missing. It takes a text.'],
    [
      z.discriminatedUnion('kind', [z.object({ kind: z.literal('a') }), z.object({ kind: z.literal('b') })]),
      { kind: 'c' },
      '"kind" takes "a" or "b", not "c". Did you mean "a" or "b"?'
    ],
    [z.xor([z.string(), z.string().min(1)]), 'x', '"field" fits more than one of the forms that it may have, and has to fit one.']
  ],
  invalid_key: [
    [
      z.record(z.string().regex(/^[a-z]+$/, 'Use lowercase letters.'), z.int()),
      { A: 1 },
      '"A" cannot be a key here. Use lowercase letters.'
    ],
    [z.record(z.string().max(1), z.int()), { ab: 1 }, '"ab" cannot be a key here. It takes a text of at most 1 character.']
  ],
  invalid_element: [[z.map(z.object({}), z.int()), new Map([[{}, 'b']]), '"field" has an entry that does not fit. It takes a number.']],
  custom: [
    [z.string().refine((text) => text === 'b', 'Write b.'), 'a', '"field": Write b.'],
    [z.string().refine((text) => text === 'b', 'The "field" is not b.'), 'a', 'The "field" is not b.'],
    [z.string().refine((text) => text === 'b'), 'a', '"field" does not fit: there is the text "a".']
  ]
}

describe('what is said of a value that does not fit', () => {
  it.each(Object.keys(codes) as (keyof typeof codes)[])('%s: field, what is there, what may be', (code) => {
    for (const [schema, value, expected] of codes[code]) {
      const whole = z.strictObject({ field: schema })
      const raw = whole.safeParse({ field: value }, { error: () => '' }).error!.issues
      expect(said(whole, { field: value })[0]).toBe(expected)
      expect(expected).not.toMatch(ofZod)
      // A sentence of an issue alone, without anything that the schema knows, is none of zod either.
      const place = { path: ['field'], value, schemas: [], hints: false }
      for (const issue of raw) expect(sayIssue({ ...issue, message: '' }, '"field"', place)).not.toMatch(ofZod)
    }
    const seen = codes[code].flatMap(([schema, value]) => z.strictObject({ field: schema }).safeParse({ field: value }).error!.issues)
    expect(seen.map((issue) => issue.code)).toContain(code)
  })

  it('tells every problem, each with its path, and names the entry of a list', () => {
    const roles = z.array(z.enum(['author', 'approver'])).max(3)
    const schema = z.strictObject({ people: z.array(z.strictObject({ name: z.string().max(5), roles })), note: z.string().optional() })
    const problems = problemsOf(schema, { people: [{ name: 'too long', roles: ['author', 'aprover'] }, 7], notes: 'x' })
    expect(problems.map(({ path, message, isKey }) => [path.join('.'), message, isKey])).toEqual([
      ['people.0.name', '"name" takes a text of at most 5 characters; there are 8 characters.', false],
      ['people.0.roles.1', 'Entry 2 of "roles" takes "author" or "approver", not "aprover". Did you mean "approver"?', false],
      ['people.1', 'Entry 2 of "people" takes a mapping, not the number 7.', false],
      ['notes', 'There is no key "notes" here. Did you mean "note"?', true]
    ])
    expect(problems[0]!.words).toBe('It takes a text of at most 5 characters; there are 8 characters.')
    expect(said(schema, null)).toEqual(['The document is empty. It takes a mapping.'])
    expect(said(roles, [[]])).toEqual(['Entry 1 of the list takes "author" or "approver", not an empty list.'])
    expect(inOneSentence(fit(schema, { people: [{ name: 1, roles: [] }, 2] }).problems!)).toBe(
      'people.0.name: "name" takes a text of at most 5 characters, not the number 1. Write it in quotes; and 1 other problem'
    )
  })

  it('shows no secret again, no long text and nothing that deceives a terminal', () => {
    const schema = z.strictObject({ passphrase: z.int(), title: z.int(), note: z.int() })
    const value = { passphrase: 'correct horse', title: 'x'.repeat(41), note: '\u202egnp' }
    expect(said(schema, value)).toEqual([
      '"passphrase" takes a whole number, not this text.',
      '"title" takes a whole number, not a text of 41 characters.',
      '"note" takes a whole number, not the text "\\u202egnp".'
    ])
  })

  it('names a hundred keys that are not known and counts the others', () => {
    const many = Object.fromEntries(Array.from({ length: 20_000 }, (_, index) => [`k${index}`, 1]))
    const messages = said(z.strictObject({ name: z.string().optional() }), many)
    expect(messages).toHaveLength(101)
    expect([messages[0], messages[100]]).toEqual([
      'There is no key "k0" here. There is name.',
      'There are 19,900 more keys here that nothing is known of.'
    ])
  })

  it('is never in the words of zod, whatever stands where in a document', () => {
    const documents: [z.ZodType, object][] = [
      [
        PipelineDocument,
        {
          schema: 'drydock.pipeline',
          version: 1,
          name: 'a',
          parameters: [{ name: 'p', type: 'integer', default: 1 }],
          steps: [
            {
              id: 'a',
              type: 'sql',
              inputs: { t: 'b.table' },
              parameters: { query: 'x' },
              position: { x: 1, y: 2 },
              cache: 'auto',
              retries: 1,
              timeout: 5
            }
          ]
        }
      ],
      [
        policyDocument,
        {
          schema: 'drydock.policy',
          version: 1,
          name: 'a',
          title: 'A',
          rules: [{ id: 'r', title: 'R', severity: 'block', expression: 'true', message: 'm' }],
          tests: [{ name: 't', given: { metrics: { auc: 1 } }, expect: { r: 'pass' } }]
        }
      ]
    ]
    const anything = fc.oneof(
      fc.jsonValue({ maxDepth: 2 }),
      fc.constant(undefined),
      fc.constant(NaN),
      fc.string({ minLength: 70, maxLength: 90 })
    )
    for (const [schema, document] of documents) {
      expect(problemsOf(schema, document)).toEqual([])
      fc.assert(
        fc.property(fc.nat(), fc.string({ maxLength: 4 }), anything, (at, more, value) => {
          const changed = structuredClone(document)
          const places = placesIn(changed)
          const [parent, key] = places[at % places.length]!
          if (at % 3 === 0) parent[`${key}${more}`] = value
          else parent[key] = value
          for (const { path, message, words } of problemsOf(schema, changed)) {
            expect(message).not.toMatch(ofZod)
            expect([message, words, path.length > 0]).toEqual([expect.stringMatching(/./), expect.stringMatching(/./), true])
          }
        }),
        { numRuns: 400 }
      )
    }
  })
})

/** Every place of a document, as what it stands in and its key. */
function placesIn(value: unknown): [Record<string, unknown>, string][] {
  if (value === null || typeof value !== 'object') return []
  const parent = value as Record<string, unknown>
  return Object.keys(parent).flatMap((key) => [[parent, key] as [Record<string, unknown>, string], ...placesIn(parent[key])])
}
