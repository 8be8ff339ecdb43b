import { WorkbenchError } from '../model/errors'

/**
 * Reads a passphrase from DRYDOCK_PASSPHRASE or, on a terminal, from a prompt that shows nothing. It is never an
 * argument, because arguments are visible to every user of the machine. Throws INVALID_INPUT when neither is there.
 */
export async function askPassphrase(question: string, options: { confirm?: boolean; signal?: AbortSignal } = {}): Promise<string> {
  const given = process.env.DRYDOCK_PASSPHRASE
  if (given !== undefined) return given
  if (!process.stdin.isTTY)
    throw new WorkbenchError(
      'INVALID_INPUT',
      'A passphrase is needed and there is no terminal to ask. Set the environment variable DRYDOCK_PASSPHRASE.'
    )
  const first = await readHidden(`${question}: `, options.signal)
  if (options.confirm && (await readHidden('The same again: ', options.signal)) !== first)
    throw new WorkbenchError('INVALID_INPUT', 'The two passphrases differ. Nothing was written; try again.')
  return first
}

/** Asks on the terminal without showing what is typed. Throws CANCELLED. */
export function readHidden(question: string, signal?: AbortSignal): Promise<string> {
  return new Promise((resolve, reject) => {
    const { stdin, stderr } = process
    stderr.write(question)
    stdin.setRawMode(true)
    stdin.setEncoding('utf8')
    stdin.resume()
    let text = ''
    const finish = (done: () => void): void => {
      stdin.setRawMode(false)
      stdin.pause()
      stdin.off('data', onData)
      stdin.off('end', giveUp)
      signal?.removeEventListener('abort', giveUp)
      stderr.write('\n')
      done()
    }
    const giveUp = (): void => finish(() => reject(new WorkbenchError('CANCELLED', 'Cancelled. Nothing was written.')))
    const onData = (chunk: string): void => {
      for (const char of chunk) {
        if (char === '\r' || char === '\n') return finish(() => resolve(text))
        if (char === '\u0003' || char === '\u0004') return giveUp()
        text = char === '\u007f' || char === '\b' ? [...text].slice(0, -1).join('') : text + char
      }
    }
    stdin.on('data', onData)
    // The terminal may be closed, or the program told to end, while the question stands.
    stdin.once('end', giveUp)
    signal?.addEventListener('abort', giveUp, { once: true })
  })
}
