import { createHash, randomUUID } from 'node:crypto'
import { chmodSync, lstatSync, mkdirSync, readFileSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { z } from 'zod'

/** Where the holder of a workspace is reached; only this person can read it. */
const Sign = z.object({ address: z.string(), token: z.string().min(32), pid: z.number().int(), version: z.string() })
export type Sign = z.infer<typeof Sign>

/** Most bytes of the path of a Unix socket: 108 on Linux, 104 on macOS, with the final zero. */
const LONGEST_PATH = 100

/** The folder of a person's signs, and the name that a workspace has there. */
const signFolder = (userDirectory: string): string => join(userDirectory, 'doors')
function nameOf(userDirectory: string, workspace: string): string {
  const places = [realpathSync(userDirectory), realpathSync(workspace)]
  return createHash('sha256').update(places.join('\0')).digest('hex').slice(0, 16)
}

/** Makes a folder that is closed to everybody else. Throws where it cannot be, or where it is somebody else's. */
function makePrivateFolder(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  if (process.platform === 'win32') return
  if (lstatSync(folder).uid === process.getuid?.()) chmodSync(folder, 0o700)
  if (!isPrivate(folder)) throw new Error(`${folder} is open to others`)
}

/** Whether a file or folder belongs to this person and is closed to everybody else. A link is neither. */
function isPrivate(path: string): boolean {
  const about = lstatSync(path, { throwIfNoEntry: false })
  if (!about || about.isSymbolicLink()) return false
  return process.platform === 'win32' || (about.uid === process.getuid?.() && (about.mode & 0o077) === 0)
}

/** Addresses to listen at, best first. A socket of a holder before us is taken away: we hold the workspace now. */
export function* addressesFor(userDirectory: string, workspace: string): Generator<string> {
  if (process.platform === 'win32') return yield `\\\\.\\pipe\\drydock-${randomUUID()}`
  const name = `${nameOf(userDirectory, workspace)}.sock`
  const runtime = process.env.XDG_RUNTIME_DIR
  const folders = [
    ...(runtime ? [join(runtime, 'drydock')] : []),
    join(tmpdir(), `drydock-${process.getuid?.() ?? 0}`),
    // Last: a home on a network has no sockets, or has them for another computer.
    signFolder(userDirectory)
  ]
  for (const folder of folders) {
    const address = join(folder, name)
    if (Buffer.byteLength(address) > LONGEST_PATH) continue
    try {
      makePrivateFolder(folder)
      rmSync(address, { force: true })
    } catch {
      // A folder that is not there, cannot be written or belongs to somebody else: the next one.
      continue
    }
    yield address
  }
}

/** Puts up where the holder is reached; returns what takes it down. */
export function putUpSign(userDirectory: string, workspace: string, sign: Sign): () => void {
  makePrivateFolder(signFolder(userDirectory))
  const file = join(signFolder(userDirectory), `${nameOf(userDirectory, workspace)}.json`)
  const beside = `${file}.${randomUUID()}`
  writeFileSync(beside, JSON.stringify(sign), { mode: 0o600 })
  renameSync(beside, file)
  return () => {
    if (readSignFile(file)?.token === sign.token) rmSync(file, { force: true })
  }
}

function readSignFile(file: string): Sign | undefined {
  try {
    return Sign.parse(JSON.parse(readFileSync(file, 'utf8')))
  } catch {
    return undefined
  }
}

/** Where the holder of a workspace is reached, if one has put that up and nobody else could have. */
export function readSign(userDirectory: string, workspace: string): Sign | undefined {
  try {
    const file = join(signFolder(userDirectory), `${nameOf(userDirectory, workspace)}.json`)
    const sign = isPrivate(file) ? readSignFile(file) : undefined
    if (!sign) return undefined
    return process.platform === 'win32' || isPrivate(dirname(sign.address)) ? sign : undefined
  } catch {
    // Neither folder is there.
    return undefined
  }
}
