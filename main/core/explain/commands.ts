import { basename } from 'node:path'
import { explainShapes } from '../../model/commands/explain'
import type { ExplainedFile, Explanation } from '../../model/explanation'
import type { PrintPage } from '../../model/printed-page'
import { modelReference, printReference } from '../../model/reference'
import type { SavedDocument } from '../../model/commands/documents'
import type { OpenPanel } from '../../model/what-if'
import { anybody, commandsOn } from '../commands'
import { documentOf, saveDocument } from '../documents'
import type { ExperimentsWriter } from '../experiments'
import type { ExplainingWriter } from './explaining'

const { job, task } = commandsOn<{ explain: ExplainingWriter; experiments: ExperimentsWriter; print: PrintPage }>()

interface SavedSheet {
  saved: SavedDocument
  model: OpenPanel['model']
  /** Values were other ones than those of the row. */
  changed: boolean
}

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
  }),
  run: job({
    ...explainShapes.run,
    name: 'explain.run',
    allow: anybody,
    runs: true,
    event: 'run.explained',
    job: { kind: 'other', title: ({ run }) => `Explain run ${run.slice(0, 8)}` },
    before: ({ experiments }, { run }) => experiments.run(run).artifacts.find(({ kind }) => kind === 'explanation')?.sha256 ?? null,
    async work({ explain, experiments }, { run, ...options }, { commit, signal, onProgress }) {
      const { explanation, artifacts } = await explain.explainRun(run, { ...options, signal, onProgress })
      return commit(() => {
        for (const artifact of artifacts) experiments.records.attach(run, artifact)
        return explanation
      })
    },
    tell: ({ model, rows, method, blackBox }: Explanation, { run }, before) => ({
      subject: printReference({ kind: 'run', id: run }),
      before: { explanation: before },
      after: { model: model.sha256, rows, method, ...(blackBox !== null && { blackBox }) }
    })
  }),
  saveSheet: task({
    ...explainShapes.saveSheet,
    name: 'explain.saveSheet',
    allow: anybody,
    runs: true,
    event: 'decision.explained',
    async work({ explain, print }, { panel, html, pdf, paper, ...asked }, { commit, signal }) {
      const at = new Date().toISOString()
      const whatIf = explain.opened(panel)
      const { model } = whatIf.describe(panel)
      const { html: page, called, changed } = await whatIf.sheet(asked, at, signal)
      const saved = await saveDocument(
        documentOf(page, { reference: `${model.name} · ${called}`, at }),
        { html, pdf, paper },
        print,
        signal
      )
      // The panel may be closed by now, and the files lie there all the same.
      return commit(() => ({ saved, model, changed })).saved
    },
    // Whose values they were stays out of the record.
    tell: ({ saved, model, changed }: SavedSheet, { row }) => ({
      subject: model.name.includes('@') ? modelReference(model.name) : model.name,
      after: {
        model: model.sha256,
        sheets: saved.files.map(({ path }) => basename(path)),
        sheetSha256: saved.sha256,
        ...(row !== undefined && { row, ...(changed && { changed }) })
      }
    })
  })
}
