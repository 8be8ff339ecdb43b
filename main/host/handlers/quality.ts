import type { quality } from '../../../preload/contract/quality'
import type { Handlers } from '../../../preload/wire/definitions'
import type { WorkProgress } from '../../model/dataset'
import type { QualityReportDetail } from '../../model/quality'
import type { Quality } from '../../core/quality'
import { progressItems } from '../progress-items'

export const qualityHandlers: Handlers<{ quality: typeof quality }, { quality: Quality }>['quality'] = {
  async *run({ ref, options }, { workbench, signal }) {
    return yield* progressItems<WorkProgress, QualityReportDetail>((onProgress) =>
      workbench.quality.run(ref, options, { signal, onProgress })
    )
  },
  list: ({ dataset }, { workbench }) => workbench.quality.list({ dataset }),
  get: ({ id }, { workbench }) => workbench.quality.get(id),
  html: ({ id }, { workbench }) => workbench.quality.html(id),
  save: ({ id, path, format }, { workbench }) => workbench.quality.save(id, path, format)
}
