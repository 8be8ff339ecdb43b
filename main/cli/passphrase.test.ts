import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { afterAll, describe, expect, it } from 'vitest'
import { programFile } from '../testing/programs'
import { readHidden, type Terminal } from './passphrase'

const root = mkdtempSync(join(tmpdir(), 'drydock-passphrase-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

/** A terminal that notes what happens to it, in order. */
function notedTerminal() {
  const happened: string[] = []
  const stdin = Object.assign(new PassThrough(), {
    setRawMode: (raw: boolean) => happened.push(raw ? 'echo off' : 'echo on')
  }) as unknown as Terminal['stdin'] & PassThrough
  return { happened, terminal: { stdin, stderr: { write: (text: string) => happened.push(text.replace(/^\r\u001b\[2K/, '')) } } }
}

describe('a question for a passphrase', () => {
  it('appears after the echo is off, which stays off until the last answer, also for what is typed ahead', async () => {
    const { happened, terminal } = notedTerminal()
    terminal.stdin.write('low water springs\rlow wapx\u007f\u007fter springs\rmore')
    expect(await readHidden(['First: ', 'Again: '], undefined, terminal)).toEqual(['low water springs', 'low water springs'])
    expect(happened).toEqual(['echo off', 'First: ', '\nAgain: ', 'echo on', '\n'])
  })

  it('is given up by Ctrl+C and by the end of the program, with the echo on again', async () => {
    for (const end of ['key', 'signal']) {
      const { happened, terminal } = notedTerminal()
      const abort = new AbortController()
      const asked = readHidden(['First: '], abort.signal, terminal)
      if (end === 'key') terminal.stdin.write('abc\u0003')
      else abort.abort()
      await expect(asked).rejects.toMatchObject({ code: 'CANCELLED' })
      expect(happened).toEqual(['echo off', 'First: ', 'echo on', '\n'])
    }
  })

  it.skipIf(!existsSync('/usr/bin/script'))('shows nothing of both answers on a real terminal that has them at once', async () => {
    const [key, pub] = [join(root, 'key.pem'), join(root, 'pub.pem')]
    const command = `"${process.execPath}" "${programFile('cli')}" keygen --out "${key}" --public-out "${pub}"`
    const { DRYDOCK_PASSPHRASE: _none, ...env } = process.env
    const terminal = spawn('/usr/bin/script', ['-qec', command, '/dev/null'], {
      env: { ...env, DRYDOCK_USER_DIR: join(root, 'user'), SHELL: '/bin/sh' }
    })
    let shown = ''
    let isTyped = false
    terminal.stdout.on('data', (chunk: Buffer) => {
      shown += chunk.toString()
      if (isTyped || !shown.includes('Passphrase for the new key')) return
      isTyped = true
      terminal.stdin.write('low water springs\rlow water springs\r')
    })
    const code = await new Promise((resolve) => terminal.once('close', resolve))
    expect([code, shown]).toEqual([0, expect.stringContaining('The same again: ')])
    expect(shown).not.toContain('low')
    expect(readFileSync(key, 'utf8')).toContain('BEGIN ENCRYPTED PRIVATE KEY')
  })
})
