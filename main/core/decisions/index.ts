export type { AskedRule, DecideRequest } from './asked'
export { decideModel } from './decide-model'
