import { basename } from 'node:path'
import { explainShapes } from '../../model/commands/explain'
import type { ExplainedFile } from '../../model/explanation'
import type { PrintPage } from '../../model/printed-page'
import { printReference } from '../../model/reference'
import { anybody, commandsOn } from '../commands'
import type { Explaining } from './explaining'

const { job } = commandsOn<{ explain: Explaining; print: PrintPage }>()

export const explainCommands = {
  file: job({
    ...explainShapes.file,
    name: 'explain.file',
    allow: anybody,
    // The graph came with the workspace.
    runs: true,
    event: 'model.explained',
    job: { kind: 'other', title: ({ path, name, version }) => `Explain ${basename(path)} with ${name}@${version}` },
    async work({ explain, print }, { name, version, path, ...options }, { commit, signal, onProgress }) {
      const explained = await explain.explain({ name, version }, { file: path, ...options, print, signal, onProgress })
      return commit(() => explained)
    },
    tell: ({ explanation, path, sha256, row }: ExplainedFile, input) => ({
      subject: printReference({ kind: 'model', name: input.name, number: input.version }),
      after: {
        model: explanation.model.sha256,
        file: basename(input.path),
        rows: explanation.rows,
        method: explanation.method,
        ...(path !== undefined && { contributions: basename(path), contributionsSha256: sha256 }),
        ...(row && { row: row.row })
      }
    })
  })
}
