export { decideModel, type AskedRule, type DecideRequest } from './decide-model'
