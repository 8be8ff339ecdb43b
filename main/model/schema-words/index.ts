export { fit, fitted, inOneSentence, withoutStop, withPath, type Fit, type Problems, type SchemaProblem } from './fit'
export { keysAt } from './schemas-at'
