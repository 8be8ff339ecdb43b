import { writeSync } from 'node:fs'
import { createApplication } from '../core/application'

/** Opens a workspace and keeps it open until it is killed: the other process of the lock tests. */
async function main(userDirectory: string, directory: string): Promise<void> {
  const app = createApplication({ userDirectory })
  await app.openWorkspace(directory)
  writeSync(1, 'held\n')
  setInterval(() => undefined, 1000)
}

main(process.argv[2], process.argv[3]).catch((error: unknown) => {
  writeSync(1, `${error instanceof Error ? error.stack : String(error)}\n`)
  process.exit(1)
})
