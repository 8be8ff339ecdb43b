import { writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** A pipeline whose one step ends when a file of its name is in the workspace, which programs of steps may read. */
export interface WaitingPipeline {
  file: string
  text: string
  letEnd(): void
}

/** Writes such a pipeline as a file of the folder. */
export function waitingPipeline(folder: string, workspace: string, name: string): WaitingPipeline {
  const [file, go] = [join(folder, `${name}.yaml`), join(workspace, `${name}.go`)]
  const code = `console.log('at' + ' work'); setInterval(() => { if (!fs.existsSync(${JSON.stringify(go)})) return; fs.writeFileSync(process.env.DRYDOCK_OUTPUT_RESULT, '1'); console.log('done'); process.exit() }, 20)`
  const text = `schema: drydock.pipeline\nversion: 1\nname: ${name}\nsteps:\n  - id: work\n    type: script\n    parameters:\n      command: [${JSON.stringify(process.execPath)}, -e, ${JSON.stringify(code)}]\n      outputs: { result: File }\n`
  writeFileSync(file, text)
  return { file, text, letEnd: () => writeFileSync(go, '') }
}
