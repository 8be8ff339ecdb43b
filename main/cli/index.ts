import { setWorkerDirectory } from '../core/jobs'
import { installLoopbackGuard } from '../offline/loopback-guard'
import { EXIT } from './output'
import { runCli } from './program'

installLoopbackGuard((attempt) => process.stderr.write(`drydock: refused a connection outside this machine (${attempt})\n`))
// The built program lies beside its workers; run from source there is no __dirname that holds them.
if (__filename.endsWith('.js')) setWorkerDirectory(__dirname)

let unwritten: Error | undefined
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // Who reads no further (`| head`) has what he wanted; the work itself goes on.
  if (error.code !== 'EPIPE') unwritten = error
})
process.stderr.on('error', () => {})

// Should nothing be left to wait for before the command has ended, it has not succeeded.
process.exitCode = EXIT.failed
void runCli(process.argv.slice(2)).then((code) => {
  // An error of a write comes a turn after the write.
  setImmediate(() => {
    if (unwritten)
      process.stderr.write(`drydock: The result could not be written: ${unwritten.message}. Free some space or write elsewhere.\n`)
    const final = unwritten ? EXIT.failed : code
    process.exitCode = final
    // Handles of native libraries must not keep a finished command alive.
    setTimeout(() => process.exit(final), 2000).unref()
  })
})
