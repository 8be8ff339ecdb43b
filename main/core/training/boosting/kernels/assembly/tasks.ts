import { jobAdd, jobBin, jobCount, jobLogistic, jobMark, jobPartition, jobPlace, jobScan, jobSort, jobTally, jobWalk } from '../records'
import { binTask, sortTask } from './bins'
import { countTask, scanTask, tallyTask } from './count'
import { addTask, logisticTask } from './derive'
import { word } from './job'
import { markTask, partitionTask, placeTask, walkTask } from './rows'

export function runTask(task: i32, thread: i32): void {
  switch (word(0)) {
    case jobSort:
      return sortTask(task)
    case jobBin:
      return binTask(task)
    case jobCount:
      return countTask(task, thread)
    case jobTally:
      return tallyTask(task, thread)
    case jobScan:
      return scanTask(task)
    case jobPartition:
      return partitionTask(task)
    case jobPlace:
      return placeTask(task)
    case jobMark:
      return markTask(task)
    case jobWalk:
      return walkTask(task)
    case jobAdd:
      return addTask(task)
    case jobLogistic:
      return logisticTask(task)
  }
}
