import { app } from 'electron'
import { join } from 'node:path'

/**
 * Ends the program and starts it anew. A packaged one is started by the launcher of the machine's program, which decides which version that
 * is: an update or a way back may have changed it meanwhile.
 */
export function restartProgram(): void {
  const { DRYDOCK_PROGRAM_DIR: own, DRYDOCK_MACHINE_PROGRAM: machine } = process.env
  const folder = machine || own
  // A launcher is a script, which only Linux has.
  if (folder && process.platform === 'linux') app.relaunch({ execPath: join(folder, 'bin', 'drydock-window'), args: [] })
  else app.relaunch()
  app.quit()
}
