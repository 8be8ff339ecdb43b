export { areUnchanged, argumentFiles, type ArgumentFiles } from './argument-files'
export { captureProgram, summaryOf } from './capture-program'
