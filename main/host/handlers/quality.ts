import type { quality } from '../../../preload/contract/quality'
import type { Handlers } from '../../../preload/wire/definitions'
import type { Application } from '../../core/application'
import { jobItems } from '../job-items'

export const qualityHandlers: Handlers<{ quality: typeof quality }, Pick<Application, 'quality' | 'jobs' | 'people' | 'audit'>>['quality'] =
  {
    run: ({ ref, options }, { workbench: app, signal }) =>
      jobItems(
        app.jobs,
        { kind: 'profile', title: `Check the quality of ${ref}`, signal, subjectOf: (report) => report.ref },
        async (work) => {
          const report = await app.quality.run(ref, options, { ...work, createdBy: app.people.current()?.name ?? null })
          app.audit.record('quality.checked', report.ref, { report: report.object, ...report.counts })
          return report
        }
      ),
    list: ({ dataset }, { workbench }) => workbench.quality.list({ dataset }),
    get: ({ id }, { workbench }) => workbench.quality.get(id),
    html: ({ id }, { workbench }) => workbench.quality.html(id),
    save: ({ id, path, format }, { workbench }) => workbench.quality.save(id, path, format)
  }
