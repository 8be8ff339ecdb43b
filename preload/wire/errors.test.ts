import { describe, expect, it } from 'vitest'
import { toErrorBody, wireErrorCodes, WireError, type ErrorReport } from './errors'

/** What crosses the wire for something that was thrown, and what was written to the log of it. */
function crossed(error: unknown) {
  const reports: ErrorReport[] = []
  return { body: toErrorBody(error, 'runs.list', (report) => reports.push(report)), reports }
}
const coded = (code: unknown, details?: unknown) => Object.assign(new Error('words'), { code, details })

describe('an error that crosses the wire', () => {
  it.each(wireErrorCodes.filter((code) => code !== 'INTERNAL'))('keeps what it says as %s and is no report', (code) => {
    expect(crossed(coded(code, { at: 3 }))).toEqual({ body: { code, message: 'words', details: { at: 3 } }, reports: [] })
    expect(crossed(coded(code)).body).toEqual({ code, message: 'words' })
  })

  it('of the program itself keeps its words and details, and is a report that can be found again', () => {
    const error = coded('INTERNAL', { step: 'train' })
    const { body, reports } = crossed(error)
    expect(body).toMatchObject({ code: 'INTERNAL', message: 'words', details: { step: 'train' } })
    expect(body.details?.reportId).toMatch(/^[0-9a-f]{8}$/)
    expect(reports).toEqual([{ reportId: body.details?.reportId, path: 'runs.list', error }])
  })

  it.each([
    ['a code that nobody knows', coded('ENOENT', { path: '/secret' })],
    ['a code that is no text', coded(7)],
    ['no code', new TypeError('secret')],
    ['a body that is no error', { code: 'NOT_FOUND', message: 'secret' }],
    ['a text', 'secret'],
    ['nothing', undefined]
  ])('with %s says nothing but the number of its report', (_what, error) => {
    const { body, reports } = crossed(error)
    expect(body).toEqual({
      code: 'INTERNAL',
      message: expect.stringContaining(`report ${String(body.details?.reportId)}`),
      details: { reportId: expect.stringMatching(/^[0-9a-f]{8}$/) }
    })
    expect(JSON.stringify(body)).not.toContain('secret')
    expect(reports).toEqual([{ reportId: body.details?.reportId, path: 'runs.list', error }])
    expect(crossed(error).body.details?.reportId).not.toBe(body.details?.reportId)
  })

  it('of an aborted action is a cancelled one', () => {
    expect(crossed(new DOMException('words', 'AbortError'))).toMatchObject({ body: { code: 'CANCELLED' }, reports: [] })
  })

  it('carries details as plain JSON of some size, or none', () => {
    const detailsOf = (details: unknown) => crossed(coded('CONFLICT', details)).body.details
    expect(detailsOf({ at: new Date(0), gone: undefined })).toEqual({ at: '1970-01-01T00:00:00.000Z' })
    const around = '{"text":""}'.length
    expect(detailsOf({ text: 'x'.repeat(262_144 - around) })).toHaveProperty('text')
    expect(detailsOf({ text: 'x'.repeat(262_145 - around) })).toEqual({ omitted: expect.stringContaining('too large') })
    const cyclic: Record<string, unknown> = {}
    cyclic.self = cyclic
    for (const none of [cyclic, { n: 1n }, null, 'text', 7]) expect(detailsOf(none)).toBeUndefined()
  })

  it('is an error again for who called, with code and details', () => {
    const error = new WireError({ code: 'CONFLICT', message: 'words', details: { at: 3 } })
    expect(error).toBeInstanceOf(Error)
    expect(error).toMatchObject({ name: 'WireError', code: 'CONFLICT', message: 'words', details: { at: 3 } })
  })
})
