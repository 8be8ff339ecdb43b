import { designWords } from '../../model/cross-validation'
import type { PreparedRows } from './prepare-rows'
import { criterionOf } from './tune'

/** How the figures came about, in words, for whoever reads the document alone. */
export function methodsOf(prepared: PreparedRows): Record<string, string> {
  const { design, request } = prepared
  const { gap = 0, history = null } = design
  return {
    folds: `${designWords({ design })}. ${howDivided[design.by]}${design.by === 'time' ? ` Gap: ${gap}; history: ${history ?? 'all earlier rows'} (seconds, or the unit of the column).` : ''}`,
    figures: 'Each figure is that of the rows a fold held out, by the definition of the task; the mean weighs every fold the same.',
    ...(request.classWeights !== undefined && {
      classWeights: `In the fit of each fold rows count by their class (${request.classWeights === 'balanced' ? 'balanced: by the rows that the fold learns from' : 'as asked'}), as in a train step; the rows held out are judged without it.`
    }),
    intervals:
      '95% interval of the mean by the corrected resampled t: variance over the folds times (1/J + test/training rows), J - 1 degrees of freedom (Nadeau and Bengio 2003; Bouckaert and Frank 2004 for repeats). It is about models that are fitted on as many rows as one fold learns from, not about one model.',
    ...(design.by === 'time' && {
      windows:
        'The correction was derived for folds by chance; later windows learn from more rows, so that read the interval as a rough one.'
    }),
    ...(request.candidates.length > 0 && {
      tuning: `Within each fold ${request.innerFolds} inner folds of its training rows chose among ${request.candidates.length} settings by mean ${criterionOf(prepared).metric}; its own rows judged the choice. The same choice on all rows names the settings for a final fit.`
    }),
    finalFit:
      'No model of a fold is kept. The final fit is a run of its own: a train step that this document is connected to learns from all of these rows, with the chosen settings, and carries the document with it.'
  }
}

const howDivided = {
  random: 'Rows were shuffled by the seed.',
  stratified:
    'Each fold has the same share of every class, or of every range of the amounts by rank; rows of one were shuffled by the seed.',
  group: 'Rows of one group are never on both sides.',
  time: 'Rows of equal time are never divided, and none to learn from is later than one to judge, or nearer before it than the gap.'
} as const
