import { MOST_COMPARED, type Standing, type TradeOff } from '../../../main/model/run'
import { formatCount } from '../../ui'

/** How a run stands, in the words of its tooltip and of the table. */
export const standingWords: Readonly<Record<Standing, string>> = {
  leads: 'leads',
  open: 'cannot be told from others with better values',
  behind: 'behind: another run is better beyond chance',
  'left-out': 'not compared'
}

/** What the chart shows, in sentences: how many runs stand how, by which mark they are known, and what that rests on. */
export function tradeOffSentences({ points, basis, without }: TradeOff): string[] {
  const of = (standing: Standing): number => points.filter((point) => point.standing === standing).length
  const [leads, open, behind, leftOut] = [of('leads'), of('open'), of('behind'), of('left-out')]
  const is = (count: number, one: string, many: string): string => (count === 1 ? one : many)
  const sentences: string[] = []
  if (leads > 0)
    sentences.push(
      `${formatCount(leads, 'run')} ${is(leads, 'leads', 'lead')} (filled squares, dashed line): no other has better values in both.`
    )
  if (basis === 'not-judged-yet' && open > 0) sentences.push('Comparing the runs row by row\u2026')
  else if (basis === 'too-many' && open > 0)
    sentences.push(
      `${formatCount(open, 'run')} ${is(open, 'has', 'have')} lesser values (hollow squares). Whether that is more than chance is told of up to ${MOST_COMPARED} runs: filter the list.`
    )
  else if (open > 0)
    sentences.push(
      `${formatCount(open, 'run')} ${is(open, 'has', 'have')} lesser values but cannot be told from better ones (hollow squares), so ${is(open, 'it is', 'they are')} not behind.`
    )
  if (behind > 0)
    sentences.push(
      `${formatCount(behind, 'run')} ${is(behind, 'is', 'are')} behind (circles): another run is better in one metric beyond chance, and in the other better too, the same, or no slower and no larger.`
    )
  if (leftOut > 0)
    sentences.push(
      `${formatCount(leftOut, 'run')} ${is(leftOut, 'is', 'are')} not compared (crosses): judged on other rows than the others, or on rows of the training.`
    )
  if (without > 0) sentences.push(`${formatCount(without, 'run')} without one of the metrics ${is(without, 'is', 'are')} not drawn.`)
  return [...sentences, 'Lines are 95% intervals.']
}
