import { createApplication, type Application } from '../core/application'
import { defaultUserDirectory } from '../core/user-directory'
import { openDoor, type Door } from '../host/door'

/** The program without a workspace, as a command works with it; `onDoor` is told the way in for others once it has one open. */
export function startApplication(log: (level: string, message: string) => void, onDoor: (door: Door) => void): Application {
  const app = createApplication({
    userDirectory: defaultUserDirectory(),
    unfinishedRuns: 'mark',
    log,
    // Read when a document is printed, which few commands do.
    print: async (page, signal) => (await import('./printing')).printByHelper(page, signal),
    async whileOpen(directory) {
      const door = await openDoor(app, directory, log)
      onDoor(door)
      return () => door.close()
    }
  })
  return app
}
