import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface PythonEnvironment {
  /** Runs `python ARGS` and returns its exit code and everything it printed. */
  run(...args: string[]): { code: number; output: string }
  remove(): void
}

/**
 * A Python environment of its own in a temporary folder with these packages (pip requirements). `DRYDOCK_INTEROP_PYTHON` names
 * an interpreter that has them already. Throws with pip's words when they cannot be installed.
 */
export function makePythonEnvironment(packages: readonly string[]): PythonEnvironment {
  const ready = process.env.DRYDOCK_INTEROP_PYTHON
  const folder = ready ? undefined : mkdtempSync(join(tmpdir(), 'drydock-python-'))
  const python = ready ?? join(folder!, 'bin', 'python')
  const execute = (command: string, args: readonly string[]): { code: number; output: string } => {
    const { status, stdout, stderr, error } = spawnSync(command, args, { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 })
    return { code: status ?? 1, output: `${stdout ?? ''}${stderr ?? ''}${error?.message ?? ''}` }
  }
  if (folder)
    for (const [command, args] of [
      ['python3', ['-m', 'venv', folder]],
      [python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...packages]]
    ] as const) {
      const { code, output } = execute(command, args)
      if (code !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${code}: ${output}`)
    }
  return {
    run: (...args) => execute(python, args),
    remove: () => folder && rmSync(folder, { recursive: true, force: true })
  }
}
