import { WorkbenchError } from '../model/errors'

/**
 * Reads a passphrase from DRYDOCK_PASSPHRASE or, on a terminal, from a prompt that shows nothing; with `acting`, that of the person of --as,
 * from DRYDOCK_AS_PASSPHRASE first. It is never an argument, because arguments are visible to every user of the machine. Throws INVALID_INPUT when neither is there.
 */
export async function askPassphrase(
  question: string,
  options: { confirm?: boolean; signal?: AbortSignal; acting?: boolean } = {}
): Promise<string> {
  const given = givenPassphrase(options.acting)
  if (given !== undefined) return given.passphrase
  if (!process.stdin.isTTY)
    throw new WorkbenchError(
      'INVALID_INPUT',
      `There is no terminal to ask for: ${question}. Set the environment variable ${options.acting ? 'DRYDOCK_AS_PASSPHRASE' : 'DRYDOCK_PASSPHRASE'}.`
    )
  const [first, again] = await readHidden([`${question}: `, ...(options.confirm ? ['The same again: '] : [])], options.signal)
  if (options.confirm && again !== first)
    throw new WorkbenchError('INVALID_INPUT', 'The two passphrases differ. Nothing was written; try again.')
  return first
}

/** What the environment gives, and which variable does. `acting`: for the person of --as. */
export function givenPassphrase(acting = false): { variable: string; passphrase: string } | undefined {
  for (const variable of acting ? ['DRYDOCK_AS_PASSPHRASE', 'DRYDOCK_PASSPHRASE'] : ['DRYDOCK_PASSPHRASE']) {
    const passphrase = process.env[variable]
    if (passphrase !== undefined) return { variable, passphrase }
  }
  return undefined
}

/** The terminal of a process: what is typed, and where questions appear. */
export interface Terminal {
  stdin: Pick<NodeJS.ReadStream, 'setRawMode' | 'setEncoding' | 'resume' | 'pause' | 'on' | 'once' | 'off'>
  stderr: { write(text: string): unknown }
}

/**
 * Asks on the terminal without showing what is typed, one answer to each question. Nothing that is typed appears from before the first
 * question to after the last answer, also not what is typed ahead between them. Throws CANCELLED.
 */
export function readHidden(questions: readonly string[], signal?: AbortSignal, { stdin, stderr }: Terminal = process): Promise<string[]> {
  return new Promise((resolve, reject) => {
    const answers: string[] = []
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
        if (char === '\u0003' || char === '\u0004') return giveUp()
        if (char === '\r' || char === '\n') {
          answers.push(text)
          text = ''
          if (answers.length === questions.length) return finish(() => resolve(answers))
          stderr.write(`\n${questions[answers.length]}`)
        } else text = char === '\u007f' || char === '\b' ? [...text].slice(0, -1).join('') : text + char
      }
    }
    // The echo goes before the question comes: who types at its sight is not seen. What the terminal showed of keys pressed earlier is wiped.
    stdin.setRawMode(true)
    stderr.write(`\r\u001b[2K${questions[0]}`)
    stdin.setEncoding('utf8')
    stdin.on('data', onData)
    // The terminal may be closed, or the program told to end, while the question stands.
    stdin.once('end', giveUp)
    signal?.addEventListener('abort', giveUp, { once: true })
    stdin.resume()
  })
}
