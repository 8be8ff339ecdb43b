export { crossValidate, type CrossValidateOptions } from './cross-validate'
export type { FoldOrder, FoldReply } from './fold-process'
export { doJob, planWork, type Plan } from './jobs'
export type { CrossValidationRequest } from './prepare-rows'
