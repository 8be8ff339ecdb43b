export { compareBuilds } from './compare'
export { mayDiffer } from './may-differ'
