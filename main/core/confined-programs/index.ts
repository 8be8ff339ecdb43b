export { findByToken, killTree, listProcesses, TOKEN_VARIABLE, watchTree, type TreeWatch } from './process-tree'
export { digestOfFile, findProgram } from './program-file'
export { runProgram, type Program } from './run-program'
