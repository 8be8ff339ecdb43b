import { join } from 'node:path'
import { inject } from 'vitest'
import { setWorkerDirectory } from '../core/jobs/worker-process'

/** The bundled file of a program that tests start; scripts/bundle-programs.ts lists them. */
export const programFile = (name: string): string => join(inject('programs'), `${name}.js`)

/** Loaded before each test file: the steps and the scoring that a test starts are the bundled workers. */
setWorkerDirectory(inject('programs'))
