import { accessSync, constants, cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { commands } from '../core/all-commands'
import { createApplication, type Application } from '../core/application'
import { pipelineText, policyText } from './fault-workspace'

/** A workspace that is made in a second: datasets, people, policies and a pipeline with many versions, and nothing that needs a process. */
export interface SmallWorkspace {
  root: string
  /** The workspace, closed. */
  base: string
  /** A copy of it. */
  copy(): string
  /** An application of the same user. */
  application(): Application
  remove(): void
}

/** Where files are kept in memory, if the system has such a place: what is written there waits for no disk, and is read as it was written. */
function memoryFolder(): string {
  try {
    accessSync('/dev/shm', constants.W_OK)
    return '/dev/shm'
  } catch {
    return tmpdir()
  }
}

/** @param inMemory for a test that writes and removes hundreds of copies, and keeps few at a time */
export async function makeSmallWorkspace({ inMemory = false } = {}): Promise<SmallWorkspace> {
  const root = mkdtempSync(join(inMemory ? memoryFolder() : tmpdir(), 'drydock-small-'))
  const base = join(root, 'base')
  const application = (): Application => createApplication({ userDirectory: join(root, 'user'), unfinishedRuns: 'mark' })
  const app = application()
  await app.createWorkspace(base, 'Small')
  for (const name of ['Ada', 'Grace', 'Edsger']) app.do(commands.people.create, { name, title: 'Analyst', email: '', roles: ['author'] })
  for (const [name, rows] of [
    ['people', 300],
    ['places', 40]
  ] as const) {
    const path = join(root, `${name}.csv`)
    writeFileSync(
      path,
      ['id,city,size', ...Array.from({ length: rows }, (_, id) => `${id},${['Oslo', 'Köln'][id % 2]},${(id * 37) % 91}`)].join('\n')
    )
    await app.do(commands.datasets.import, { path, options: { name } })
  }
  for (let version = 0; version < 12; version++) {
    await app.do(commands.policies.save, { text: policyText(`rule-${version % 4}`, 0.5 + version / 100) })
    await app.do(commands.pipelines.save, { yaml: pipelineText.replace('seed: 7', `seed: ${version}`) })
  }
  await app.close()
  return {
    root,
    base,
    copy: () => {
      const to = mkdtempSync(join(root, 'copy-'))
      cpSync(base, to, { recursive: true })
      return to
    },
    application,
    remove: () => rmSync(root, { recursive: true, force: true })
  }
}
