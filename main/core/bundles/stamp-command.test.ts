import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it, vi } from 'vitest'
import { stampBy } from './stamp-command'

const folder = mkdtempSync(join(tmpdir(), 'drydock-stamp-test-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
/** A program that does what a time-stamping client does with its input and its files. */
const program = (name: string, code: string): string => {
  const path = join(folder, `${name}.cjs`)
  writeFileSync(path, `const fs = require('node:fs')\n${code}`)
  return `"${process.execPath}" "${path}"`
}
function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}
const request = Buffer.from([0x30, 0x03, 0x02, 0x01, 0xff])

describe('a command that asks a time-stamping authority', () => {
  it('gets the request on its input and answers on its output', async () => {
    const command = program('echo', 'process.stdout.write(Buffer.concat([fs.readFileSync(0), Buffer.from([0, 255])]))')
    expect(await stampBy(command)(request)).toEqual(Buffer.concat([request, Buffer.from([0, 255])]))
  })

  it('may take files, which are gone afterwards', async () => {
    const seen = join(folder, 'seen')
    const code = `const [asked, answered] = process.argv.slice(2)\nfs.writeFileSync(${JSON.stringify(seen)}, asked)\nfs.writeFileSync(answered, fs.readFileSync(asked))\nconsole.log('done')`
    expect(await stampBy(`${program('files', code)} "{request}" "{reply}"`)(request)).toEqual(request)
    expect(() => readFileSync(readFileSync(seen, 'utf8'))).toThrow(/ENOENT/)
  })

  it('that fails, is silent, says too much or is stopped signs nothing', async () => {
    const told = (code: string, signal?: AbortSignal) => stampBy(program('other', code), signal)(request)
    await expect(told("console.error('no clock today'); process.exit(3)")).rejects.toThrow(
      /ended with 3: no clock today\. Nothing was signed/
    )
    await expect(told('')).rejects.toThrow(/gave no answer/)
    await expect(told('process.stdout.write(Buffer.alloc(2e6))')).rejects.toThrow(/more than a time stamp/)
    await expect(stampBy(`${program('none', '')} {reply}`)(request)).rejects.toThrow(/gave no answer/)
    const stop = new AbortController()
    const ready = join(folder, 'ready')
    const waiting = told(`fs.writeFileSync(${JSON.stringify(ready)}, String(process.pid)); setTimeout(() => {}, 60000)`, stop.signal)
    await vi.waitUntil(() => existsSync(ready) && readFileSync(ready, 'utf8') !== '', { timeout: 20_000 })
    stop.abort()
    await expect(waiting).rejects.toMatchObject({ code: 'CANCELLED' })
    await vi.waitUntil(() => !isAlive(Number(readFileSync(ready, 'utf8'))), { timeout: 20_000 })
    await expect(told('', stop.signal)).rejects.toMatchObject({ code: 'CANCELLED' })
  })
})
