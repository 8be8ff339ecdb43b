import type { z } from 'zod'
import type { Topic } from '../topics'

/** What a command takes and gives, and which cached reads it makes stale: the one definition that contract and core share. */
export interface CommandShape<I extends z.ZodType = z.ZodType, O extends z.ZodType = z.ZodType> {
  input: I
  output: O
  topics: readonly Topic[]
}

export const shape = <I extends z.ZodType, O extends z.ZodType>(input: I, output: O, topics: readonly Topic[]): CommandShape<I, O> => ({
  input,
  output,
  topics
})
