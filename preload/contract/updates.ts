import { z } from 'zod'
import { placeInput } from '../../main/model/place'
import { UpdateFor, UpdateReport, UpdateResult, UpdateReturn, UpdateState } from '../../main/model/update'
import { command, query, stream } from '../wire/definitions'

const Progress = z.object({ stage: z.string(), fraction: z.number().nullable() })

/** New versions of the program, from a file. Nothing here asks a network. */
export const updates = {
  state: query({ input: z.object({}), output: UpdateState }),
  /** Looks at an update file; reads only. */
  check: stream({ input: z.object({ path: placeInput('read') }), item: Progress, output: UpdateReport, topics: [] }),
  /** Checks the file again, backs up and puts the version in place, or takes the package out for the administrator. */
  apply: stream({
    input: z.object({ path: placeInput('read'), for: UpdateFor }),
    item: Progress,
    output: UpdateResult,
    topics: ['updates']
  }),
  /** Lets the version before start again. */
  back: command({ input: z.object({}), output: UpdateReturn, topics: ['updates'] })
}
