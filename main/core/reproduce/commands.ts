import { reproduceShapes } from '../../model/commands/reproduce'
import { printReference, type RunId } from '../../model/reference'
import type { Reproduction } from '../../model/reproduction'
import { anybody, commandsOn } from '../commands'
import type { Reproduce } from './reproduce'

const { job } = commandsOn<{ reproduce: Reproduce }>()

export const reproduceCommands = {
  run: job({
    ...reproduceShapes.run,
    name: 'reproduce.run',
    allow: anybody,
    runs: true,
    event: 'run.reproduced',
    job: { kind: 'training', title: ({ run }) => `Run ${run.slice(0, 8)} again` },
    async work({ reproduce }, { run, data }, { commit, signal, onProgress }) {
      const found = await reproduce.again(run, { data, signal, onProgress })
      return commit(() => found)
    },
    tell: ({ same, differences, compared, ran }: Reproduction, { run }: { run: RunId }) => ({
      subject: printReference({ kind: 'run', id: run }),
      after: { same, ran, compared: compared.length, differences: differences.slice(0, 20) }
    })
  })
}
