/** Set by `npm run test:deep`: sweeps go round many more times, with seeds of their own each time. `npm test` runs the short form. */
export const isDeep = process.env.DRYDOCK_DEEP === '1'

/** How often a sweep goes round: the short form checks the same on fewer cases. */
export const rounds = (short: number, deep: number): number => (isDeep ? deep : short)

/** The same for fast-check; the short form draws the same cases each time, so that it never fails by chance on a change of something else. */
export const sweep = (short: number, deep: number): { numRuns: number; seed?: number } =>
  isDeep ? { numRuns: deep } : { numRuns: short, seed: 20_261 }
