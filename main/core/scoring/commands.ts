import { basename } from 'node:path'
import { scoringShapes } from '../../model/commands/scoring'
import { printReference } from '../../model/reference'
import type { ScoredFile } from '../../model/scoring'
import { anybody, commandsOn } from '../commands'
import type { Scoring } from './scoring'

const { job } = commandsOn<{ scoring: Scoring }>()
const referenceOf = (name: string, version: number): string => printReference({ kind: 'model', name, number: version })

export const scoringCommands = {
  file: job({
    ...scoringShapes.file,
    name: 'scoring.file',
    allow: anybody,
    // The graph came with the workspace.
    runs: true,
    event: 'model.scored',
    job: { kind: 'other', title: ({ path, name, version }) => `Score ${basename(path)} with ${name}@${version}` },
    async work({ scoring }, { name, version, path, ...options }, { commit, signal, onProgress }) {
      const scored = await scoring.score({ name, version }, { file: path, ...options, signal, onProgress })
      return commit(() => scored)
    },
    tell: ({ report, sha256, path }: ScoredFile, { name, version }) => ({
      subject: referenceOf(name, version),
      after: {
        model: report.model.sha256,
        file: report.file.name,
        fileSha256: report.file.sha256,
        rows: report.rows,
        scores: basename(path),
        scoresSha256: sha256,
        rowsWithFindings: report.rowsWithFindings
      }
    })
  })
}
