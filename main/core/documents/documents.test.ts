import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import type { PrintedPage } from '../../model/printed-page'
import { sha256 } from '../../storage/objects/durable-files'
import { html, htmlPage } from '../reports'
import { documentOf, noPrinter, saveDocument } from '.'

const root = mkdtempSync(join(tmpdir(), 'drydock-documents-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

const section = { id: 'a', title: 'A', body: html`<div role="note">not above the head</div>` }
const page = htmlPage({ kind: 'Model card', title: 'a <b> & "c"', band: 'DEMO & <x>', sections: [section] })
const about = { reference: 'model:a@1', at: '2026-01-02T03:04:05.000Z' }
const document = documentOf(page, about)

describe('a document', () => {
  it('takes kind, title and band from its page, as text', () => {
    expect(document).toEqual({ html: page, title: 'Model card: a <b> & "c"', band: 'DEMO & <x>', ...about })
    expect(documentOf(htmlPage({ title: 't', sections: [section] }), about)).not.toHaveProperty('band')
  })
})

describe('a saved document', () => {
  it('is the page and the PDF of that very page', async () => {
    const asked: PrintedPage[] = []
    const places = { html: join(root, 'a.html'), pdf: join(root, 'a.PDF'), paper: 'letter' as const }
    const saved = await saveDocument(document, places, async (given) => {
      asked.push(given)
      return { pdf: Buffer.from('%PDF'), foreignScripts: ['Han'] }
    })
    expect(saved).toEqual({
      files: [
        { path: places.html, bytes: Buffer.byteLength(page) },
        { path: places.pdf, bytes: 4 }
      ],
      sha256: sha256(readFileSync(places.html)),
      foreignScripts: ['Han']
    })
    expect(asked).toEqual([{ ...document, sha256: saved.sha256, paper: 'letter' }])
  })
  it('is there whole or not at all: where nothing prints, neither file is touched', async () => {
    const places = { html: join(root, 'b.html'), pdf: join(root, 'b.pdf') }
    writeFileSync(places.html, 'old')
    await expect(saveDocument(document, places, noPrinter)).rejects.toMatchObject({ code: 'CONFLICT' })
    expect([readFileSync(places.html, 'utf8'), existsSync(places.pdf)]).toEqual(['old', false])
  })
  it('is not written after a cancel, without a place, or under another ending', async () => {
    const stop = new AbortController()
    const cancelled = saveDocument(
      document,
      { pdf: join(root, 'c.pdf') },
      async () => {
        stop.abort()
        return { pdf: Buffer.from('%PDF'), foreignScripts: [] }
      },
      stop.signal
    )
    await expect(cancelled).rejects.toMatchObject({ code: 'CANCELLED' })
    await expect(saveDocument(document, {}, noPrinter)).rejects.toMatchObject({ code: 'INVALID_INPUT' })
    for (const places of [{ html: join(root, 'c.pdf') }, { pdf: join(root, 'c.html') }, { html: 'c.html' }])
      await expect(saveDocument(document, places, noPrinter)).rejects.toMatchObject({ code: 'INVALID_INPUT' })
    expect(existsSync(join(root, 'c.pdf'))).toBe(false)
  })
})
