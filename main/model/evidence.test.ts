import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { evaluationSchema } from './evaluation'
import { assertAboutModel, assertSameSubject, describeIndependence, independenceOf, judgedSplit } from './evidence'
import { gateReport } from './policy'
import { Sha256 } from './reference'

const digest = (letter: string): Sha256 => Sha256.parse(letter.repeat(64))
const subject = { model: digest('a'), manifest: digest('9'), rows: digest('b'), split: 'test', trainingRows: digest('c') }
const refused = expect.objectContaining({ code: 'EVIDENCE_MISMATCH' })

describe('evidence', () => {
  it('says nothing of rows that no step set apart from those of the training, unless some are found there', () => {
    const found = (rowsShared: number | null) =>
      independenceOf({ subject: { ...subject, separated: false }, rowsShared, rows: { judged: 1000 } })
    expect([found(0), found(1), found(11), found(null)].map(({ verdict }) => verdict)).toEqual([
      'not-known',
      'few-shared',
      'not-independent',
      'not-known'
    ])
    expect(describeIndependence(found(0))).toEqual({
      tone: 'warn',
      text: expect.stringMatching(/is not known: both were made from the same table, and no step split it/)
    })
    expect(describeIndependence(found(null))?.text).toMatch(/is not known\.$/)
  })

  it('does not know whether rows are new that are to the model like those of the training', () => {
    const found = (rowsShared: number, rowsAlike: number | null) =>
      independenceOf({ subject, rowsShared, rowsAlike, rows: { judged: 1000 } })
    expect([found(0, 700), found(5, 700), found(11, 700), found(0, null), found(0, 0)].map(({ verdict }) => verdict)).toEqual([
      'not-known',
      'not-known',
      'not-independent',
      'independent',
      'independent'
    ])
    expect(describeIndependence(found(0, 700))).toEqual({
      tone: 'error',
      text: expect.stringMatching(/^700 of the judged rows are to the model like rows of its training, more than chance explains/)
    })
  })

  it('is about the model it is held against, over rows of its own, with a report of a table that belongs to it', () => {
    const evidence = { model: digest('a'), manifest: digest('9'), evaluation: subject }
    expect(() => assertAboutModel(evidence)).not.toThrow()
    expect(() => assertAboutModel({ ...evidence, model: digest('f') })).toThrow(refused)
    expect(() => assertAboutModel({ ...evidence, model: undefined })).toThrow(refused)
    expect(() => assertAboutModel({ ...evidence, evaluation: null })).toThrow(refused)
    expect(() => assertAboutModel({ ...evidence, manifest: digest('8') })).toThrow(/with other files \(signature, record of the training\)/)
    expect(() => assertAboutModel({ ...evidence, evaluation: { ...subject, manifest: undefined } })).toThrow(/by an earlier Drydock/)
    expect(() => assertAboutModel({ ...evidence, evaluation: { ...subject, trainingRows: subject.rows } })).toThrow(refused)
    for (const table of [subject.rows, subject.trainingRows, digest('d')])
      expect(() => assertAboutModel({ ...evidence, quality: { table, splitSources: [digest('d')] } })).not.toThrow()
    expect(() => assertAboutModel({ ...evidence, quality: { table: digest('e'), splitSources: [digest('d')] } })).toThrow(refused)
    // A model that does not say what it learned from has no training table that a report could be about.
    expect(() =>
      assertAboutModel({ ...evidence, evaluation: { ...subject, trainingRows: null }, quality: { table: digest('c'), splitSources: [] } })
    ).toThrow(refused)
  })

  it('names every part that differs', () => {
    const gate = { model: digest('a'), manifest: digest('9'), evaluation: digest('b'), quality: null, policy: digest('c') }
    expect(() => assertSameSubject(gate, gate, 'It')).not.toThrow()
    for (const part of ['model', 'manifest', 'evaluation', 'quality', 'policy'])
      expect(() => assertSameSubject(gate, { [part]: digest('e') }, 'It')).toThrow(
        expect.objectContaining({ code: 'EVIDENCE_MISMATCH', details: expect.objectContaining({ part }) })
      )
    expect(() => assertSameSubject(null, {}, 'It')).toThrow(refused)
  })

  it('blocks above one row in a hundred and warns below', () => {
    const found = (rowsShared: number | null) => independenceOf({ subject, rowsShared, rows: { judged: 1000 } }).verdict
    expect([found(0), found(1), found(10), found(11), found(null)]).toEqual([
      'independent',
      'few-shared',
      'few-shared',
      'not-independent',
      'not-known'
    ])
    const same = independenceOf({ subject: { ...subject, trainingRows: subject.rows }, rowsShared: null, rows: { judged: 1000 } })
    expect([
      judgedSplit({ subject, split: 'test' }),
      judgedSplit({ subject: { ...subject, trainingRows: subject.rows }, split: 'test' })
    ]).toEqual(['test split', 'training split'])
    expect(same).toMatchObject({ sameTable: true, verdict: 'not-independent' })
    expect(describeIndependence(same)?.tone).toBe('error')
    expect(describeIndependence(independenceOf({ subject, rowsShared: 0, rows: { judged: 9 } }))).toBeNull()
  })
})

/** As release 0.1 wrote them. */
const golden = (name: string): Record<string, unknown> =>
  JSON.parse(readFileSync(join(dirname(fileURLToPath(import.meta.url)), 'fixtures', name), 'utf8')) as Record<string, unknown>

describe('documents of version 1', () => {
  it('are read, keep every word, and do not say what they are about', () => {
    const gate = golden('gate-report-1.json')
    expect(gateReport.parse(gate)).toEqual({ ...gate, version: 2, subject: null })
    const evaluation = golden('evaluation-1.json')
    expect(evaluationSchema.parse(evaluation)).toEqual({ ...evaluation, version: 2, subject: null, rowsShared: null })
  })

  it('are no loophole: a newer form has to say it, and a later version is refused', () => {
    const gate = golden('gate-report-1.json')
    const evaluation = golden('evaluation-1.json')
    for (const version of [2, 3]) {
      expect(gateReport.safeParse({ ...gate, version }).success).toBe(false)
      expect(evaluationSchema.safeParse({ ...evaluation, version }).success).toBe(false)
    }
  })
})
