import { WorkbenchError } from '../model/errors'

/**
 * Reads a passphrase from DRYDOCK_PASSPHRASE or, on a terminal, from a prompt that shows nothing. It is never an
 * argument, because arguments are visible to every user of the machine. Throws INVALID_INPUT when neither is there.
 */
export async function askPassphrase(question: string, options: { confirm?: boolean } = {}): Promise<string> {
  const given = process.env.DRYDOCK_PASSPHRASE
  if (given !== undefined) return given
  if (!process.stdin.isTTY)
    throw new WorkbenchError(
      'INVALID_INPUT',
      'A passphrase is needed and there is no terminal to ask. Set the environment variable DRYDOCK_PASSPHRASE.'
    )
  const first = await readHidden(`${question}: `)
  if (options.confirm && (await readHidden('The same again: ')) !== first)
    throw new WorkbenchError('INVALID_INPUT', 'The two passphrases differ. Nothing was written; try again.')
  return first
}

function readHidden(question: string): Promise<string> {
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
      stderr.write('\n')
      done()
    }
    const onData = (chunk: string): void => {
      for (const char of chunk) {
        if (char === '\r' || char === '\n') return finish(() => resolve(text))
        if (char === '\u0003' || char === '\u0004') return finish(() => reject(new WorkbenchError('CANCELLED', 'Cancelled.')))
        text = char === '\u007f' || char === '\b' ? [...text].slice(0, -1).join('') : text + char
      }
    }
    stdin.on('data', onData)
  })
}
