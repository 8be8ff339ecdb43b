import { readFileSync, statSync } from 'node:fs'
import type { PipelineParameter } from '../model/pipeline'
import { WorkbenchError, fromSystemError } from '../model/errors'
import { readHidden } from './passphrase'

/** `name=value` pairs; the pipeline reads each text as the type that it declares. Throws INVALID_INPUT. */
function readPairs(texts: readonly string[], what: string, form: string): Map<string, string> {
  const values = new Map<string, string>()
  for (const text of texts) {
    const at = text.indexOf('=')
    // What is malformed may be the secret itself: it is not repeated.
    if (at < 1)
      throw new WorkbenchError('INVALID_INPUT', `${what === 'secret' ? 'What was given' : `"${text}"`} is not a ${what}. Write ${form}.`)
    const name = text.slice(0, at)
    if (values.has(name)) throw new WorkbenchError('INVALID_INPUT', `The ${what} "${name}" was given more than once. Give it once.`)
    values.set(name, text.slice(at + 1))
  }
  return values
}

/** Where secrets come from; tests give their own. */
export interface SecretSources {
  env: Readonly<Record<string, string | undefined>>
  stdin: NodeJS.ReadableStream & { isTTY?: boolean }
  signal?: AbortSignal
}

/** How a secret is given, for help and errors. */
export const secretForm = (name: string): string => `--secret ${name}=env:VARIABLE, --secret ${name}=file:PATH or --secret ${name}=-`

/** Far beyond any token or key, and less than an environment can hand on. */
const MAX_SECRET = 100_000

/**
 * The values of a run from the options --param and --secret. A secret is never an argument, because arguments are visible to every user
 * of the machine and stay in the shell's history: its option names the variable, the file or, by a dash, standard input that holds it. One
 * line end at the end of a file or of standard input is not part of it.
 * @throws WorkbenchError INVALID_INPUT for what is malformed, given twice or of the other kind; no message holds the value of a secret
 */
export async function readRunParameters(
  { params, secrets }: { params: readonly string[]; secrets: readonly string[] },
  declared: readonly PipelineParameter[],
  sources: SecretSources
): Promise<Record<string, string>> {
  const isSecret = new Map(declared.map(({ name, type }) => [name, type === 'secret']))
  const plain = readPairs(params, 'parameter', 'name=value')
  const named = readPairs(secrets, 'secret', secretForm('name'))
  for (const name of plain.keys())
    if (isSecret.get(name))
      throw new WorkbenchError(
        'INVALID_INPUT',
        `"${name}" is a secret, and --param is seen by every user of this computer and kept in the history of the shell. Change the secret if it is a real one, and give it by ${secretForm(name)}. Nothing was run.`
      )
  for (const name of named.keys())
    if (isSecret.get(name) === false)
      throw new WorkbenchError(
        'INVALID_INPUT',
        `"${name}" is no secret: its value is recorded with the run. Give it by --param ${name}=value.`
      )
  if ([...named.values()].filter((source) => source === '-').length > 1)
    throw new WorkbenchError('INVALID_INPUT', 'Standard input can hold one secret. Give the others from a variable or a file.')
  const values = new Map(plain)
  for (const [name, source] of named) values.set(name, await readSecret(name, source, sources))
  return Object.fromEntries(values)
}

async function readSecret(name: string, source: string, { env, stdin, signal }: SecretSources): Promise<string> {
  if (source === '-')
    return bounded(name, stdin.isTTY ? (await readHidden([`The secret "${name}": `], signal))[0] : withoutLineEnd(await readAll(stdin)))
  if (source.startsWith('env:')) {
    const value = env[source.slice(4)]
    if (value !== undefined && value !== '') return bounded(name, value)
    throw new WorkbenchError(
      'INVALID_INPUT',
      `The variable "${source.slice(4)}" for the secret "${name}" is not set. Set it, or name another.`
    )
  }
  // What stands here may be the secret itself: it is not repeated.
  if (!source.startsWith('file:'))
    throw new WorkbenchError('INVALID_INPUT', `It is not clear where the secret "${name}" comes from. Write ${secretForm(name)}.`)
  const path = source.slice(5)
  try {
    if (statSync(path).size > MAX_SECRET) return bounded(name, null)
    return bounded(name, withoutLineEnd(readFileSync(path, 'utf8')))
  } catch (error) {
    throw fromSystemError(error, `reading the secret "${name}" from "${path}"`)
  }
}

const withoutLineEnd = (text: string): string => text.replace(/\r?\n$/, '')

function bounded(name: string, value: string | null): string {
  if (value !== null && value.length <= MAX_SECRET) return value
  throw new WorkbenchError(
    'INVALID_INPUT',
    `The secret "${name}" is longer than ${MAX_SECRET} characters, which no program can be handed. Check where it is read from.`
  )
}

async function readAll(stream: NodeJS.ReadableStream): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of stream) {
    chunks.push(Buffer.from(chunk))
    size += chunk.length
    if (size > 4 * MAX_SECRET) break
  }
  return Buffer.concat(chunks).toString('utf8')
}
