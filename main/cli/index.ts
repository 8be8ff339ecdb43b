import { setWorkerDirectory } from '../core/jobs'
import { installLoopbackGuard } from '../offline/loopback-guard'
import { runCli } from './program'

installLoopbackGuard((attempt) => process.stderr.write(`drydock: refused a connection outside this machine (${attempt})\n`))
// The built program lies beside its workers; run from source there is no __dirname that holds them.
if (__filename.endsWith('.js')) setWorkerDirectory(__dirname)

void runCli(process.argv.slice(2)).then((code) => {
  process.exitCode = code
  // Handles of native libraries must not keep a finished command alive.
  setTimeout(() => process.exit(code), 2000).unref()
})
