import { basename } from 'node:path'
import { qualityShapes } from '../../model/commands/quality'
import type { PrintPage } from '../../model/printed-page'
import type { QualityReportDetail, QualityReportSummary } from '../../model/quality'
import { anybody, commandsOn } from '../commands'
import type { QualityWriter } from './quality'
import { contentReference, type Sha256 } from '../../model/reference'

const { job, task } = commandsOn<{ quality: QualityWriter; print: PrintPage }>()

const resultOf = ({ object, counts }: QualityReportSummary) => ({ report: object, ...counts })

export const qualityCommands = {
  run: job({
    ...qualityShapes.run,
    name: 'quality.run',
    allow: anybody,
    event: 'quality.checked',
    job: { kind: 'profile', title: ({ ref }) => `Check the quality of ${ref}`, subject: (report: QualityReportDetail) => report.ref },
    work: ({ quality, by }, { ref, options }, work) => quality.run(ref, options, { ...work, createdBy: by }),
    // The report is there already when this is asked: the one before it is the former one.
    tell(made: QualityReportDetail, _input, _before, { quality }) {
      const [, former] = quality.list({ dataset: made.dataset }).filter(({ ref }) => ref === made.ref)
      return { subject: made.ref, before: former ? resultOf(former) : null, after: resultOf(made) }
    }
  }),
  save: task({
    ...qualityShapes.save,
    name: 'quality.save',
    allow: anybody,
    event: 'report.saved',
    async work({ quality, print }, { id, ...places }, { commit, signal }) {
      const saved = await quality.save(id, places, print, signal)
      const { object } = await quality.get(id)
      commit(() => object)
      return saved
    },
    tell: (object: Sha256, { json, html, pdf }) => ({
      subject: contentReference('report', null, object),
      after: { file: [json, html, pdf].flatMap((path) => (path === undefined ? [] : [basename(path)])).join(', ') }
    })
  })
}
