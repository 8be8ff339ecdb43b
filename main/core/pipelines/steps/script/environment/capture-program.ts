import { basename, join } from 'node:path'
import type { ProgramEnvironment, ProgramSummary } from '../../../../../model/program-environment'
import type { Sha256 } from '../../../../../model/reference'
import { readNode, readR } from './node-and-r-packages'
import { digestOfFile, findProgram } from '../../../../confined-programs'
import { readPython } from './python-packages'

const kinds: [ProgramEnvironment['interpreter']['kind'], RegExp][] = [
  ['python', /^(python|pypy)[\d.]*$/],
  ['r', /^R(script)?$/],
  ['node', /^(node|nodejs)$/]
]
/** Variables by which a program is told of further folders of packages. */
const pathVariables: Record<string, readonly string[]> = {
  python: ['PYTHONPATH', 'PYTHONHOME', 'PYTHONUSERBASE'],
  r: ['R_LIBS', 'R_LIBS_USER', 'R_LIBS_SITE', 'R_HOME', 'R_PROFILE', 'R_ENVIRON'],
  node: ['NODE_PATH', 'NODE_OPTIONS'],
  other: []
}

/**
 * What the program of a command finds on this computer, read from files. `variables` are those that it is handed by name, `directory` is the
 * workspace, in which it works.
 */
export async function captureProgram(command: string, variables: readonly string[], directory: string): Promise<ProgramEnvironment> {
  const path = await findProgram(command)
  const name = basename(path ?? command).replace(/\.exe$/i, '')
  const kind =
    path === null ? 'other' : (kinds.find(([, pattern]) => pattern.test(name))?.[0] ?? (path === process.execPath ? 'node' : 'other'))
  const found = await readPackages(kind, path, name, directory)
  const told = pathVariables[kind].filter((variable) => variables.includes(variable) && process.env[variable] !== undefined)
  return {
    schema: 'drydock.environment',
    version: 1,
    interpreter: { kind, path, version: found.version, sha256: path === null ? null : await digestOfFile(path) },
    virtual: found.virtual ?? null,
    packages: found.packages,
    files: Object.fromEntries(Object.entries(found.files).sort(([a], [b]) => (a < b ? -1 : 1))),
    unchecked: [...found.unchecked, ...told.map((variable) => `the folders that ${variable} names`)]
  }
}

type Found = Pick<ProgramEnvironment, 'packages' | 'files' | 'unchecked'> & {
  version: string | null
  virtual?: ProgramEnvironment['virtual']
}

function readPackages(kind: string, path: string | null, name: string, directory: string): Found | Promise<Found> {
  if (path !== null && kind === 'python') return readPython(path)
  if (path !== null && kind === 'node') return readNode(path, join(directory, 'tmp'))
  if (path !== null && kind === 'r') return readR(path)
  return { version: null, packages: [], files: {}, unchecked: [`what "${name}" starts or loads is not known`] }
}

/** A captured environment in short. */
export const summaryOf = ({ interpreter, virtual, packages, unchecked }: ProgramEnvironment, sha256: Sha256): ProgramSummary => ({
  sha256,
  interpreter,
  virtual,
  packages: packages.length,
  unchecked
})
