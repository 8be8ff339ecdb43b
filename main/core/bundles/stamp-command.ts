import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { WorkbenchError } from '../../model/errors'
import { assertProgramsMayStart } from '../machine-settings'

const patience = 120_000
const largestAnswer = 1024 * 1024

/**
 * Asks a time-stamping authority by a command that the person gave: this program itself opens no connection. The command gets the request
 * (RFC 3161, DER) on stdin and writes the answer to stdout; where it names `{request}` or `{reply}`, those are files.
 * @throws WorkbenchError FORBIDDEN where the machine settings let no program start; INVALID_INPUT when it fails, says nothing, or takes longer than two minutes; CANCELLED
 */
export function stampBy(command: string, signal?: AbortSignal, directory?: string): (request: Buffer) => Promise<Buffer> {
  return async (request) => {
    assertProgramsMayStart('The command of the time-stamping authority')
    const folder = await mkdtemp(join(tmpdir(), 'drydock-stamp-'))
    const [asked, answered] = [join(folder, 'request.tsq'), join(folder, 'reply.tsr')]
    try {
      await writeFile(asked, request)
      const printed = await run(command.replaceAll('{request}', asked).replaceAll('{reply}', answered), request, { signal, directory })
      const answer = command.includes('{reply}') ? await readFile(answered).catch(() => Buffer.alloc(0)) : printed
      if (answer.length === 0) throw refuse('gave no answer')
      return answer
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  }
}

function run(command: string, input: Buffer, { signal, directory }: { signal?: AbortSignal; directory?: string }): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const cancelled = () => new WorkbenchError('CANCELLED', 'The export was stopped. Nothing was written.')
    if (signal?.aborted) return reject(cancelled())
    // a group of its own, so that what the shell started ends with it
    const grouped = process.platform !== 'win32'
    const child = spawn(command, { cwd: directory, shell: true, windowsHide: true, detached: grouped, stdio: ['pipe', 'pipe', 'pipe'] })
    const chunks: Buffer[] = []
    let [bytes, words] = [0, '']
    const stop = (error: WorkbenchError) => {
      endAll(child, grouped)
      reject(error)
    }
    const timer = setTimeout(() => stop(refuse('took longer than two minutes')), patience)
    const cancel = () => stop(cancelled())
    signal?.addEventListener('abort', cancel, { once: true })
    child.stdout.on('data', (chunk: Buffer) => {
      chunks.push(chunk)
      if ((bytes += chunk.length) > largestAnswer) stop(refuse('answered with more than a time stamp'))
    })
    child.stderr.on('data', (chunk: Buffer) => (words = `${words}${chunk.toString('utf8')}`.slice(-500)))
    child.on('error', (cause) => stop(refuse(`could not be run (${cause.message})`)))
    child.on('close', (code) => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', cancel)
      if (code === 0) resolve(Buffer.concat(chunks))
      else reject(refuse(`ended with ${code ?? 'a signal'}${words.trim() && `: ${words.trim()}`}`))
    })
    // a command that does not read its input is none the worse for it
    child.stdin.on('error', () => {})
    child.stdin.end(input)
  })
}

function endAll(child: ChildProcess, grouped: boolean): void {
  try {
    if (grouped && child.pid !== undefined) process.kill(-child.pid, 'SIGKILL')
    else child.kill()
  } catch {
    // it had ended already
  }
}

function refuse(what: string): WorkbenchError {
  return new WorkbenchError(
    'INVALID_INPUT',
    `The command of the time-stamping authority ${what}. Nothing was signed. Try it by hand, or export without a time stamp.`
  )
}
