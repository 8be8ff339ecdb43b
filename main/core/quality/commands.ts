import { basename } from 'node:path'
import { qualityShapes } from '../../model/commands/quality'
import type { QualityReportDetail } from '../../model/quality'
import { anybody, commandsOn } from '../commands'
import type { QualityWriter } from './quality'
import { contentReference, type Sha256 } from '../../model/reference'

const { job, task } = commandsOn<{ quality: QualityWriter }>()

export const qualityCommands = {
  run: job({
    ...qualityShapes.run,
    name: 'quality.run',
    allow: anybody,
    event: 'quality.checked',
    job: { kind: 'profile', title: ({ ref }) => `Check the quality of ${ref}`, subject: (report: QualityReportDetail) => report.ref },
    work: ({ quality, by }, { ref, options }, work) => quality.run(ref, options, { ...work, createdBy: by }),
    before: ({ quality }, { ref }) => quality.list().find((report) => report.ref === ref)?.counts ?? null,
    tell: ({ ref, object, counts }: QualityReportDetail, _input, before) => ({
      subject: ref,
      before,
      after: { report: object, ...counts }
    })
  }),
  save: task({
    ...qualityShapes.save,
    name: 'quality.save',
    allow: anybody,
    event: 'report.saved',
    async work({ quality }, { id, path, format }, { commit }) {
      const saved = await quality.save(id, path, format)
      const { object } = await quality.get(id)
      commit(() => object)
      return saved
    },
    tell: (object: Sha256, { path }) => ({ subject: contentReference('report', null, object), after: { file: basename(path) } })
  })
}
